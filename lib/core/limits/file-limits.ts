import type { RosterFile } from '../oneroster/kinds.ts';
import type { PlanResult } from '../plan/plan-input.ts';
import type { Hold } from './hold.ts';
import { counted, grouped, roundedShare, shareBeyond } from './hold-words.ts';
import { byShare } from './kind-limits.ts';
import type { Limits } from './limit-settings.ts';

type Counts = Readonly<Record<string, number | undefined>>;

/** R11: a file with many damaged rows, and many more than last time. Worst first. `last`: rows with an error, by file. */
export function holdInvalidRows(limits: Limits, files: PlanResult['files'], last: Counts): Hold[] {
  const { share: limit, floor } = limits.invalidRows;
  const holds = Object.entries(files).flatMap(([name, { rows, errors }]): Hold[] => {
    const usual = last[name] ?? 0;
    if (rows === 0 || errors / rows <= limit || errors - usual <= floor) return [];
    const message =
      `${name}.csv has ${grouped(errors)} rows with an error out of ${grouped(rows)} ` +
      `(${shareBeyond(errors / rows, limit)}); it had ${usual === 0 ? 'none' : grouped(usual)} last time.`;
    return [
      { code: 'invalid-rows', message, file: fileOf(name), count: errors, of: rows, share: share(errors, rows), limit },
    ];
  });
  return holds.sort(byShare);
}

/** R11: a full file, or a header-only one, with far fewer rows than it last had. Worst first. `last`: those rows. */
export function holdRowDrop(limits: Limits, files: PlanResult['files'], last: Counts): Hold[] {
  const { share: limit, floor } = limits.rowDrop;
  const holds = Object.entries(files).flatMap(([name, { mode, rows }]): Hold[] => {
    const had = last[name] ?? 0;
    if (mode !== 'bulk' || had <= floor || rows / had >= limit) return [];
    const has = rows === 0 ? 'no rows' : counted(rows, ['row', 'rows']);
    const message = `${name}.csv has ${has}; it last had ${grouped(had)} (${shareBeyond(rows / had, limit)}).`;
    return [{ code: 'row-drop', message, file: fileOf(name), count: rows, of: had, share: share(rows, had), limit }];
  });
  return holds.sort((a, b) => -byShare(a, b));
}

const share = (count: number, of: number): number => roundedShare(count / of);

/** Only files that are stored have errors or remembered rows (`PlanResult.files`). */
const fileOf = (name: string) => name as RosterFile | 'roles';

type LineEnds = Readonly<Partial<Record<string, boolean>>>;

/**
 * R16: a file that ended its last line last time and does not now may be cut inside its last cell, which nobody can see
 * in the file itself.
 */
export const holdPerhapsCut = (now: LineEnds, last: LineEnds): Hold[] =>
  Object.keys(now)
    .filter((file) => now[file] === false && last[file] === true)
    .map((file) => ({
      code: 'perhaps-cut',
      message: `The last line of ${file}.csv has no end, as it had last time: the file may be cut inside its last cell.`,
      file: file as RosterFile,
    }));
