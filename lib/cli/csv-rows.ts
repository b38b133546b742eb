import type { RecordKind } from '../core/oneroster/kinds.ts';
import { idOfLine, valuesOfLine } from '../core/oneroster/record-line.ts';
import { headerOf, storedColumnsOf } from '../core/oneroster/tables.ts';
import type { RecordStatus } from '../core/plan/change.ts';
import type { FieldValue, ManualRecord } from '../ports/portal.ts';

/** One CSV line, cells quoted where RFC 4180 needs it. No line end. */
export const csvLine = (cells: readonly string[]): string =>
  cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');

/** The cells of a synced record in the standard's column order; what is not stored is blank (R10). */
export function rowOfLine(kind: RecordKind, line: string, status: RecordStatus): string[] {
  const values = valuesOfLine(line);
  const byColumn = new Map(storedColumnsOf(kind).map((column, i) => [column.name, values[i] ?? '']));
  byColumn.set('sourcedId', idOfLine(line));
  byColumn.set('status', status === 'active' ? '' : 'tobedeleted');
  return headerOf(kind).map((column) => byColumn.get(column) ?? '');
}

/** The cells of a manual record: its productId stands where a synced one has its sourcedId. */
export function rowOfManual(kind: RecordKind, record: ManualRecord): string[] {
  return headerOf(kind).map((column) => (column === 'sourcedId' ? record.productId : textOf(record.fields[column])));
}

const textOf = (value: FieldValue | null | undefined): string =>
  value === null || value === undefined ? '' : typeof value === 'object' ? value.join(',') : String(value);
