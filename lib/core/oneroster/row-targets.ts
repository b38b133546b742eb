import type { FileRow } from '../delivery/table-file.ts';
import type { Resolution } from '../plan/kind-index.ts';
import { nameOf } from './kind-names.ts';
import type { RowReaderInput, RowReading } from './row-reader.ts';
import type { Column } from './tables.ts';

/** What the references of one cell amount to. */
export type TargetVerdict = 'ok' | 'unresolved' | 'removed-user';

/** A column of a row with the last value all of whose targets resolved: rows of one class follow each other. */
interface TargetSlot {
  readonly column: Column;
  lastTarget: string;
}

const OWNER: Column = { name: 'sourcedId', type: 'reference', required: true, stored: true, target: 'user' };

/** Resolves the references of rows (R5b): required and unresolved is an error, optional and unresolved is dropped. */
export class RowTargets {
  readonly #in: Pick<RowReaderInput, 'kind' | 'file' | 'log' | 'resolve'>;

  constructor(input: Pick<RowReaderInput, 'kind' | 'file' | 'log' | 'resolve'>) {
    this.#in = input;
  }

  /** Demographics carry the sourcedId of their user (OneRoster CSV, demographics.csv). */
  checkOwner(row: FileRow, out: RowReading): TargetVerdict {
    return this.#judge(this.#in.resolve('user', out.sourcedId), row, OWNER, out, 0);
  }

  /** Checks `out.values[i]`, which is not blank; takes out of it what does not resolve and may be missing. */
  check(row: FileRow, slot: TargetSlot, out: RowReading, i: number): TargetVerdict {
    const { column } = slot;
    const target = column.target!;
    if (target === this.#in.kind) {
      out.refersToSelf = true;
      return 'ok';
    }
    const value = out.values[i]!;
    if (value === slot.lastTarget) return 'ok';
    if (column.type === 'reference') {
      const found = this.#in.resolve(target, value);
      if (found === 'resolved') slot.lastTarget = value;
      return this.#judge(found, row, column, out, i);
    }
    const found = value.split(',').map((id) => [id, this.#in.resolve(target, id)] as const);
    if (found.every(([, resolution]) => resolution === 'resolved')) {
      slot.lastTarget = value;
      return 'ok';
    }
    const stays = found.filter(([, resolution]) => resolution === 'resolved' || resolution === 'unknown');
    if (stays.length === found.length) return this.#judge('unknown', row, column, out, i);
    if (column.required) return this.#judge('unresolved', row, column, out, i);
    this.#say(row, column, out, 'warning');
    out.values[i] = stays.map(([id]) => id).join(',');
    return 'ok';
  }

  #judge(found: Resolution, row: FileRow, column: Column, out: RowReading, i: number): TargetVerdict {
    const place = { file: this.#in.file, row: row.row, column: column.name };
    if (found === 'resolved') return 'ok';
    if (found === 'unknown') {
      this.#in.log.addOnce('references-not-checked', place, { column: column.name });
      return 'ok';
    }
    if (!column.required) {
      this.#say(row, column, out, 'warning');
      out.values[i] = '';
      return 'ok';
    }
    if (found === 'removed-user') this.#in.log.add('user-removed', { ...place, sourcedId: out.sourcedId });
    else this.#say(row, column, out, 'error');
    return found;
  }

  #say(row: FileRow, column: Column, out: RowReading, severity: 'error' | 'warning'): void {
    const place = { file: this.#in.file, row: row.row, column: column.name, sourcedId: out.sourcedId };
    this.#in.log.add('unresolved-reference', place, { column: column.name, kind: nameOf(column.target!) }, severity);
  }
}
