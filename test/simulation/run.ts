import { fork } from 'node:child_process';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { translated } from '../../bin/run-typescript.mjs';
import { SABOTAGES } from './sabotage.ts';
import type { FromSeeds } from './seeds-process.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulate.ts';
import { addRun, addTally, emptyTally, type Tally } from './tally.ts';

const whole = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It has to be a whole number from 1 on.');
  return Number(text);
};

const sabotageCalled = (part: string) => {
  const found = SABOTAGES.find(({ name }) => name.includes(part));
  if (found === undefined)
    throw new InvalidArgumentError(`There are: ${SABOTAGES.map(({ name }) => name).join('; ')}.`);
  return found;
};

/** What the command line says. Wrong words end with exit code 2. */
function readOptions() {
  const program = new Command('simulate')
    .description(
      'Runs the deployed functions in memory under faults, seed by seed, and judges what they did (docs/decisions/0031-simulation.md).',
    )
    .option('--seeds <n>', 'how many seeds', whole, 500)
    .option('--from <seed>', 'the first of them', whole, 1)
    .option('--seed <seed>', 'this one alone; where it fails, the shortest trace that could be found is printed', whole)
    .option('--processes <n>', 'side by side', whole, 2)
    .option('--sabotage <name>', 'take a part of the safety away (any part of its name)', sabotageCalled)
    .option('--trace', 'print the whole trace of the first failing seed, or of --seed')
    .option('--json', 'one JSON object on stdout: seeds, failed, steps, faults, failures, …')
    .addHelpText('after', '\nExit codes: 0 nothing failed, 1 a seed failed, 2 wrong usage.')
    .exitOverride();
  try {
    return program.parse().opts<{
      seeds: number;
      from: number;
      seed?: number;
      processes: number;
      sabotage?: (typeof SABOTAGES)[number];
      trace?: true;
      json?: true;
    }>();
  } catch (thrown) {
    process.exit(thrown instanceof CommanderError && thrown.exitCode === 0 ? 0 : 2);
  }
}

const PROJECT = join(import.meta.dirname, '../..');

const values = readOptions();
const sabotage = values.sabotage ?? null;

/** Seeds that are done, on a terminal. */
function showProgress(done: number, of: number, failed: number): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\r${done} of ${of} seeds, ${failed} failed ${done === of ? '\n' : ''}`);
}

async function runSeeds(seeds: number, from: number, processes: number): Promise<Tally> {
  const tally = emptyTally();
  if (processes <= 1 || sabotage !== null) {
    for (let seed = from; seed < from + seeds; seed++) {
      addRun(tally, await simulate(seed, { sabotage }));
      showProgress(tally.seeds, seeds, tally.failed);
    }
    return tally;
  }
  let [done, failed] = [0, 0];
  const program = join(
    await translated(PROJECT, ['test/simulation/seeds-process.ts']),
    'test/simulation/seeds-process.mjs',
  );
  const parts = Array.from({ length: processes }, async (_, index) => {
    const count = Math.ceil((seeds - index) / processes);
    // The young of a run die within it: with room for them the collector has less to do.
    const execArgv = ['--enable-source-maps', '--max-semi-space-size=64'];
    const child = fork(program, [from + index, processes, count].map(String), { execArgv });
    addTally(
      tally,
      await new Promise<Tally>((resolve, reject) => {
        child.on('message', (message) => {
          const told = message as FromSeeds;
          if ('tally' in told) return resolve(told.tally);
          done++;
          if (told.failed) failed++;
          showProgress(done, seeds, failed);
        });
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
const one = values.seed ?? null;
const tally = await runSeeds(one === null ? values.seeds : 1, one ?? values.from, one === null ? values.processes : 1);
const seconds = Number((process.hrtime.bigint() - began) / 100_000_000n) / 10;
const first = tally.failures.toSorted((a, b) => a.seed - b.seed)[0]?.seed ?? (values.trace === true ? one : null);
if (first !== null) await tell(first);
const { failures, outcomes, ...totals } = tally;
if (values.json) {
  process.stdout.write(`${JSON.stringify({ ...totals, seconds, failures: failures.slice(0, 20), outcomes })}\n`);
} else {
  const faults = Object.entries(totals.faults).map(([fault, count]) => `${fault} ${count}`);
  const lines = [
    `${totals.seeds} seeds, ${totals.failed} failed, in ${seconds} s`,
    `${totals.steps} steps, ${totals.syncs} syncs, ${totals.commands} commands, ${totals.resumed} resumed by watch`,
    `faults: ${faults.join(', ')}`,
    ...failures.slice(0, 20).map(({ seed, broken }) => `seed ${seed}: ${broken.join('; ')}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
process.exitCode = tally.failed > 0 ? 1 : 0;
