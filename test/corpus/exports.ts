import { districtExport } from './district.ts';
import { anotherNight } from './night.ts';
import { ROSTER_NAMES, type RosterName } from './standard.ts';
import { type Export, filesOf, mapTable, textOf, withCells, withModes } from './tables.ts';

/** The export that every fault starts from: applied before. */
export const BASE: Export = districtExport({ ids: 1, names: 1 });

/** The night after it, with what happens in a usual night. */
export const TONIGHT: Export = anotherNight(BASE, {
  leave: (at) => [5, 30, 38].includes(at),
  rename: (at) => at % 13 === 1,
  come: 2,
  mark: 'b',
});

/** The night before it. */
export const YESTERDAY: Export = anotherNight(BASE, {
  leave: (at) => at === 9 || at === 40,
  rename: (at) => at % 19 === 3,
  come: 1,
  mark: 'a',
});

/** Weeks before it: more than a night can do. */
export const LAST_TERM: Export = anotherNight(BASE, {
  leave: (at) => at % 6 === 2,
  rename: (at) => at % 5 === 1,
  come: 3,
  mark: 'x',
});

export const BASE_FILES = filesOf(BASE);
export const TONIGHT_FILES = filesOf(TONIGHT);

const STAMP = '2026-11-24T04:00:00.000Z';
const DELTA_FILES: readonly RosterName[] = ['users', 'enrollments', 'demographics'];

/** What changed between two exports, as a delta export has it: three files, the others absent. */
export function deltaBetween(from: Export, to: Export): Export {
  let delta = withModes(
    to,
    Object.fromEntries(ROSTER_NAMES.map((name) => [name, DELTA_FILES.includes(name) ? 'delta' : 'absent'])),
  );
  for (const name of ROSTER_NAMES) {
    const [old, now] = [from[name], to[name]];
    const before = new Map(old.rows.map((row) => [row[0], row.join('\n')]));
    const ids = new Set(now.rows.map(([id]) => id));
    const changed = now.rows.filter((row) => before.get(row[0]) !== row.join('\n'));
    const gone = old.rows.filter(([id]) => !ids.has(id));
    const rows = [
      ...changed.map((row) => withCells(now, row, { status: 'active', dateLastModified: STAMP })),
      ...gone.map((row) => withCells(old, row, { status: 'tobedeleted', dateLastModified: STAMP })),
    ];
    delta = mapTable(delta, name, (table) => ({ ...table, rows }));
  }
  return delta;
}

/** A delta export as files: only those that its manifest names. */
export const deltaFilesOf = (delta: Export) =>
  Object.fromEntries(
    (['manifest', ...DELTA_FILES] as const).map((name) => [
      `${name}.csv`,
      new TextEncoder().encode(textOf(delta[name])),
    ]),
  );
