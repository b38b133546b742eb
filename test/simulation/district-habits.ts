import type { LimitOverrides } from '../../lib/core/limits/limit-settings.ts';
import type { Chance } from './chance.ts';

const floors = (count: number) => ({
  org: count,
  academicSession: count,
  course: count,
  class: count,
  user: count,
  enrollment: count,
  demographics: count,
});

/** Nothing that so small a district does crosses these. */
export const LOOSE = {
  removals: { share: 1, floors: floors(1000) },
  schoolRemovals: { share: 1, floor: 1000 },
  updates: { share: 1, floor: 1000 },
  invalidRows: { share: 1, floor: 1000 },
  rowDrop: { share: 0, floor: 1000 },
  losesAll: null,
  rekeyPairs: 1000,
} as const satisfies LimitOverrides;

/** Each limit is within reach of a handful of records. */
const TIGHT = {
  removals: { share: 0.3, floors: floors(1) },
  schoolRemovals: { share: 0.5, floor: 1 },
  updates: { share: 0.6, floor: 2 },
  invalidRows: { share: 0.3, floor: 1 },
  rowDrop: { share: 0.5, floor: 2 },
  losesAll: 3,
  rekeyPairs: 1,
} as const satisfies LimitOverrides;

/** What holds a plan in a district, and its weeks of roll-over: the simulation begins on 2026-11-23, 13:00 local time. */
export function drawLimits(chance: Chance) {
  const usual = chance.pick([LOOSE, LOOSE, LOOSE, undefined, TIGHT]);
  const other = chance.pick([LOOSE, TIGHT]);
  const from = chance.pick(['2026-11-01', '2026-11-24', '2026-11-24']);
  const rollOver = chance.happens(0.2) ? [{ from, to: chance.pick([from, '2026-12-31']), limits: other }] : [];
  return { ...(usual === undefined ? {} : { limits: usual }), rollOver };
}
