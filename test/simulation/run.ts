import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SABOTAGES } from './sabotage.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulate.ts';
import { addRun, addTally, emptyTally, type Tally } from './tally.ts';

/**
 * `npx tsx test/simulation/run.ts --seeds N [--from S] [--processes P] [--json]`: N seeds, one line of JSON at the end.
 * `--seed S`: one seed again, with what happened in it. A failing seed is shrunk and its trace printed.
 * `--sabotage NAME`: with a part of the safety taken away (`sabotage.ts`; any part of a name).
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '500' },
    from: { type: 'string', default: '1' },
    processes: { type: 'string', default: '2' },
    seed: { type: 'string' },
    sabotage: { type: 'string' },
    trace: { type: 'boolean' },
    json: { type: 'boolean' },
  },
});

const sabotage = SABOTAGES.find(({ name }) => values.sabotage !== undefined && name.includes(values.sabotage)) ?? null;
if (values.sabotage !== undefined && sabotage === null) throw new Error(`no sabotage is called ${values.sabotage}`);

async function runSeeds(seeds: number, from: number, processes: number): Promise<Tally> {
  const tally = emptyTally();
  if (processes <= 1 || sabotage !== null) {
    for (let seed = from; seed < from + seeds; seed++) addRun(tally, await simulate(seed, { sabotage }));
    return tally;
  }
  const parts = Array.from({ length: processes }, async (_, index) => {
    const count = Math.ceil((seeds - index) / processes);
    const file = fileURLToPath(new URL('./seeds-process.ts', import.meta.url));
    const child = fork(file, [from + index, processes, count].map(String));
    addTally(
      tally,
      await new Promise<Tally>((resolve, reject) => {
        child.once('message', (message) => resolve(message as Tally));
        child.once('exit', () => reject(new Error('a process ended without a tally')));
      }),
    );
  });
  await Promise.all(parts);
  return tally;
}

async function tell(seed: number): Promise<void> {
  const result = await simulate(seed, { sabotage, tracing: values.trace === true });
  const say = (lines: readonly string[]) => process.stderr.write(`${lines.join('\n')}\n`);
  if (values.trace === true) say(result.trace);
  if (result.broken.length === 0) return;
  const shrunk = await shrink(result, sabotage);
  say([
    `seed ${seed} breaks, whole:`,
    ...result.broken.map(({ invariant, what }) => `  ${invariant}: ${what}`),
    `with ${result.happened.length - shrunk.result.happened.length} faults fewer and without`,
    `  ${[...shrunk.omitted.acts].join(' ')}`,
    ...shrunk.result.trace,
    ...shrunk.result.broken.map(({ invariant, what }) => `  ${invariant}: ${what}`),
  ]);
}

const began = process.hrtime.bigint();
const one = values.seed === undefined ? null : Number(values.seed);
const tally = await runSeeds(
  one === null ? Number(values.seeds) : 1,
  one ?? Number(values.from),
  one === null ? Number(values.processes) : 1,
);
const seconds = Number((process.hrtime.bigint() - began) / 100_000_000n) / 10;
const first = tally.failures.toSorted((a, b) => a.seed - b.seed)[0]?.seed ?? (values.trace === true ? one : null);
if (first !== null) await tell(first);
const { failures, outcomes, ...totals } = tally;
process.stdout.write(`${JSON.stringify({ ...totals, seconds, failures: failures.slice(0, 20), outcomes })}\n`);
process.exitCode = tally.failed > 0 ? 1 : 0;
