import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { FAMILIES } from './corpus.ts';
import { tableOf, withTable } from './table.ts';
import { type FamilyTally, sumOf, totalOf, tryFamilies } from './tally.ts';

/**
 * `npx tsx test/corpus/run.ts [--family TEXT] [--case TEXT] [--every N] [--processes P] [--json] [--write]`: tries the
 * faults and prints the table (or one line of JSON); ends with 1 if anything was wrong. TEXT is any part of the name.
 * `--every N`: each Nth fault only. `--write`: puts the table into docs/reliability.md.
 */
const { values } = parseArgs({
  options: {
    family: { type: 'string', default: '' },
    case: { type: 'string', default: '' },
    every: { type: 'string', default: '1' },
    processes: { type: 'string', default: '2' },
    part: { type: 'string' },
    json: { type: 'boolean' },
    write: { type: 'boolean' },
  },
});

/** How many wrong cases are told one by one. */
const TOLD = 20;
/** How many sentences of each. */
const SENTENCES = 5;

const every = Number(values.every);
const processes = Number(values.processes);
const wanted = FAMILIES.filter(({ name }) => name.includes(values.family)).map(({ name, faults }) => ({
  name,
  faults: () => [...faults()].filter((fault) => fault.name.includes(values.case)),
}));

/** One process for each part of the faults. */
function runPart(part: number): Promise<FamilyTally[]> {
  const options = [`--family=${values.family}`, `--case=${values.case}`, `--every=${every}`];
  const child = fork(fileURLToPath(import.meta.url), [...options, `--processes=${processes}`, `--part=${part}`]);
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as FamilyTally[]));
    child.once('exit', (code) => reject(new Error(`a process of the corpus ended with ${code}`)));
  });
}

const told = ({ name, ending, what }: FamilyTally['wrong'][number]): string =>
  [
    `WRONG ${name}: ${ending}`,
    ...what.slice(0, SENTENCES),
    ...(what.length > SENTENCES ? [`and ${what.length - SENTENCES} more`] : []),
  ].join('\n  ');

if (values.part !== undefined) {
  const tallies = await tryFamilies(wanted, { first: Number(values.part) * every, every: every * processes });
  process.send?.(tallies);
} else {
  const began = process.hrtime.bigint();
  const tallies = sumOf(await Promise.all(Array.from({ length: processes }, (_, part) => runPart(part))));
  const seconds = Number((process.hrtime.bigint() - began) / 100_000_000n) / 10;
  const total = totalOf(tallies);
  const table = tableOf(tallies);
  if (values.json === true)
    process.stdout.write(`${JSON.stringify({ ...total, seconds, table, families: tallies })}\n`);
  else {
    process.stdout.write(`${table}\n\n${total.cases} cases, ${total.wrong.length} wrong, ${seconds} s\n`);
    const lines = [
      ...total.wrong.slice(0, TOLD).map(told),
      ...total.needless.slice(0, TOLD).map((name) => `held for nothing: ${name}`),
    ];
    if (lines.length > 0) process.stdout.write(`\n${lines.join('\n')}\n`);
  }
  if (values.write === true) {
    const page = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));
    writeFileSync(page, withTable(readFileSync(page, 'utf8'), table));
  }
  process.exitCode = total.wrong.length > 0 ? 1 : 0;
}
