import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableIn } from '../../bench/cost/page-tables.ts';
import { nightWith, WORLD } from '../../bench/scale/nights.ts';
import { scaleTables } from '../../bench/scale/scale-tables.ts';
import { districtSizes, type Night, randomOf, simulate } from '../../bench/scale/simulate.ts';
import { stageSettings } from '../../lib/infra/stage-settings.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/scale.md'), 'utf8');

test('docs/scale.md: its tables are what the settings say', () => {
  // Where this fails: npm run bench -- cost --pages
  for (const [name, table] of Object.entries(scaleTables())) expect([name, tableIn(page, name)]).toEqual([name, table]);
});

const line = (fixed: number) => ({ fixed, each: 0 });
/** Ten districts at once; plan takes 10 s, apply 20 s, receive nothing. */
const small: Night = {
  ...nightWith('dev'),
  districts: 10,
  students: 1_000,
  spreadMinutes: 0,
  quietSeconds: 180,
  twice: 0,
  times: { receive: line(0), plan: line(10), applyRead: line(20), applyWrite: line(0) },
};
const workers = (receive: number, plan: number, apply: number): Pick<Night, 'concurrency'> => ({
  concurrency: { receive, plan, apply },
});

describe('the simulator', () => {
  test('with a worker for each, all wait for the quiet time and their own work', () => {
    expect(simulate({ ...small, ...workers(10, 10, 10) })).toMatchObject({ p50: 210, max: 210, makespan: 210 });
  });

  test('one worker a hop is a line: the slowest hop decides', () => {
    const outcome = simulate({ ...small, ...workers(1, 1, 1) });
    expect(outcome.max).toBe(180 + 10 + 10 * 20);
    expect(outcome.utilisation.apply).toBeCloseTo(200 / 390);
    expect(outcome.utilisation.plan).toBeCloseTo(100 / 390);
  });

  test('a long apply goes to the end of the queue and is finished all the same', () => {
    expect(simulate({ ...small, ...workers(1, 10, 1), sliceSeconds: 5 }).makespan).toBe(180 + 10 + 200);
  });

  test('one worker for each district: its second delivery waits for the first', () => {
    const outcome = simulate({ ...small, ...workers(20, 20, 20), twice: 1 });
    expect(outcome).toMatchObject({ p50: 210, max: 240 });
  });

  test('the same seed gives the same night, another one another', () => {
    const night = { ...small, spreadMinutes: 5 };
    expect(simulate(night)).toEqual(simulate(night));
    expect(simulate({ ...night, seed: 2 })).not.toEqual(simulate(night));
  });

  test('more workers never make the night longer', () => {
    const ends = [5, 20, 60].map((count) => simulate(nightWith('prod', count, { spreadMinutes: 1 })).p95);
    expect(ends).toEqual([...ends].sort((a, b) => b - a));
  });
});

test('2,000 districts have 15 million students', () => {
  const sizes = districtSizes(WORLD.districts, WORLD.students, randomOf(1));
  const sum = sizes.reduce((total, each) => total + each, 0);
  expect(Math.abs(sum / WORLD.students - 1)).toBeLessThan(0.001);
});

test('a night has the workers of its stage', () => {
  const { receive, plan, apply } = stageSettings('prod').workers;
  expect(nightWith('prod').concurrency).toEqual({
    receive: receive.concurrency,
    plan: plan.concurrency,
    apply: apply.concurrency,
  });
});
