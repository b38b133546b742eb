/**
 * How long everyone waits when everyone exports at 02:00: `npm run bench -- scale [--stage dev|prod] [--workers N]
 * [--districts N] [--students N] [--spread MINUTES] [--first] [--seed N] [--json]`. Simulates the queues between receive,
 * plan and apply with the concurrency of the stage's settings (or N of each), and times that were measured on the local
 * stack (bench/cost/measured.json). The same seed gives the same numbers. Throttling of AWS is not in it: it prints the
 * table's busiest minute, to be held against the quota (docs/scale.md).
 */
import { parseArgs } from 'node:util';
import { shown } from './cost/page-tables.ts';
import { nightWith, WORLD } from './scale/nights.ts';
import { HOPS, simulate } from './scale/simulate.ts';

const { values: options } = parseArgs({
  options: {
    stage: { type: 'string', default: 'prod' },
    workers: { type: 'string' },
    districts: { type: 'string', default: String(WORLD.districts) },
    students: { type: 'string', default: String(WORLD.students) },
    spread: { type: 'string', default: String(WORLD.spreadMinutes) },
    first: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(WORLD.seed) },
    json: { type: 'boolean', default: false },
  },
});

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  console.error(`--${name}: a whole number from 1, not ${text}`);
  process.exit(2);
}

if (options.stage !== 'dev' && options.stage !== 'prod') {
  console.error('--stage: dev or prod');
  process.exit(2);
}
const night = nightWith(options.stage, options.workers ? wholeNumber('workers', options.workers) : undefined, {
  districts: wholeNumber('districts', options.districts),
  students: wholeNumber('students', options.students),
  spreadMinutes: wholeNumber('spread', options.spread),
  seed: wholeNumber('seed', options.seed),
  first: options.first,
});
const outcome = simulate(night);
if (options.json) {
  console.log(JSON.stringify({ night, outcome }, null, 2));
} else {
  const minutes = (seconds: number) => `${shown(seconds / 60, 1)} min`;
  const { p50, p95, max, makespan, utilisation, peakReadUnits, peakWriteUnits, largestDistrict } = outcome;
  console.log(
    `last byte to visible: p50 ${minutes(p50)}, p95 ${minutes(p95)}, max ${minutes(max)}; all in ${minutes(makespan)}`,
  );
  for (const hop of HOPS)
    console.log(`${hop}: ${night.concurrency[hop]} workers, ${shown(100 * utilisation[hop])} % busy`);
  console.log(`table, busiest minute: ${shown(peakReadUnits)} RRU/s, ${shown(peakWriteUnits)} WRU/s`);
  console.log(`largest district: ${shown(largestDistrict)} students`);
}
