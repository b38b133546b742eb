import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CountedNight } from './counted-district.ts';

/** What `npm run bench -- cost --write` counted last. */
export const MEASURED_FILE = join(import.meta.dirname, 'measured.json');

/** The nights that were counted: for each size a first sync (night 1) and the one after it. */
export const measuredNights = (): readonly CountedNight[] => JSON.parse(readFileSync(MEASURED_FILE, 'utf8'));

/** A time that grows with a number of records: seconds at none, and for each. */
export interface Line {
  readonly fixed: number;
  readonly each: number;
}

/** Seconds of each hop. `plan`, `applyRead` by records of the district, `applyWrite` by records that a sync writes. */
export interface HopTimes {
  readonly receive: Line;
  readonly plan: Line;
  readonly applyRead: Line;
  readonly applyWrite: Line;
}

/** Lines through the two sizes that were counted. What a busy machine made negative is 0. */
export function hopTimes(nights: readonly CountedNight[] = measuredNights()): HopTimes {
  const later = nights.filter(({ night }) => night > 1);
  const first = nights.filter(({ night }) => night === 1);
  const applyRead = lineOf(later.map((night) => [recordsOf(night), night.seconds.apply]));
  const writing = first.map((night): [number, number] => {
    const reading = applyRead.fixed + applyRead.each * recordsOf(night);
    return [night.written, Math.max(0, night.seconds.apply - reading)];
  });
  return {
    receive: lineOf(later.map((night) => [recordsOf(night), night.seconds.receive])),
    plan: lineOf(later.map((night) => [recordsOf(night), night.seconds.plan])),
    applyRead,
    applyWrite: { fixed: 0, each: lineOf(writing).each },
  };
}

/** Rows of a night's export that are stored. */
export const recordsOf = ({ rows }: CountedNight): number => Object.values(rows).reduce((sum, count) => sum + count, 0);

function lineOf(points: readonly (readonly [number, number])[]): Line {
  const [[x1, y1] = [0, 0], [x2, y2] = [1, 0]] = [points[0], points.at(-1)];
  const each = x1 === x2 ? y1 / Math.max(1, x1) : Math.max(0, (y2 - y1) / (x2 - x1));
  return { fixed: Math.max(0, y1 - each * x1), each };
}
