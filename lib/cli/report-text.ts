import type { Finding, FindingCounts } from '../core/oneroster/finding.ts';
import type { ChangeCounts } from '../core/plan/change.ts';
import type { FileTotals } from '../core/plan/plan-input.ts';
import { counted, formatTable, grouped } from './output.ts';

/** Examples that are shown of each kind of finding. */
const EXAMPLES = 3;

/** The files of an export with their rows, for people. */
export function describeFiles(files: Readonly<Record<string, FileTotals>>): string {
  const rows = Object.entries(files).map(([file, { mode, rows, valid, errors }]) => [file, mode, rows, valid, errors]);
  return formatTable(['file', 'mode', 'rows', 'valid', 'errors'], rows);
}

/** The changes of a plan by file, for people. */
export function describeChanges(changes: Readonly<Record<string, ChangeCounts>>): string {
  const rows = Object.entries(changes).map(([file, { add, update, deactivate, reactivate, unchanged }]) => [
    file,
    add,
    update,
    deactivate,
    reactivate,
    unchanged,
  ]);
  return formatTable(['file', 'add', 'update', 'deactivate', 'reactivate', 'unchanged'], rows);
}

/** Findings grouped by code, errors first, with a few places each. */
export function describeFindings(findings: readonly Finding[], counts: FindingCounts): string {
  const totals = [
    counted(counts.error, 'error'),
    counted(counts.warning, 'warning'),
    counted(counts.info, 'note'),
  ].join(', ');
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.severity}: ${finding.message}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  const lines = [...groups].flatMap(([title, members]) => {
    const [first] = members;
    const places = members
      .slice(0, EXAMPLES)
      .map(placeOf)
      .filter((place) => place !== '');
    const more = members.length > EXAMPLES ? ` and ${grouped(members.length - EXAMPLES)} more` : '';
    return [
      `${title} [${first!.code}]`,
      ...(places.length > 0 ? [`    at ${places.join('; ')}${more}`] : []),
      ...(first!.severity === 'info' ? [] : [`    ${first!.hint}`]),
    ];
  });
  return [totals, ...lines].join('\n');
}

function placeOf({ file, row, column, sourcedId }: Finding): string {
  const where = [file, row === null ? null : `row ${row}`, column].filter((part) => part !== null).join(' ');
  return sourcedId === null ? where : `${where} (${sourcedId})`;
}
