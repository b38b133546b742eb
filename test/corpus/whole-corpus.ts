import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableIn } from './table.ts';
import type { FamilyTally } from './tally.ts';

const root = join(import.meta.dirname, '../..');

/** What `run.ts --json` prints. */
type Result = FamilyTally & { readonly table: string; readonly families: readonly FamilyTally[] };

function runCorpus(): Result {
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
  try {
    return JSON.parse(execFileSync(process.execPath, ['--import', 'tsx', 'test/corpus/run.ts', '--json'], options));
  } catch (thrown) {
    // It ends with 1 where something is wrong, and still says what.
    return JSON.parse(String((thrown as { readonly stdout?: unknown }).stdout));
  }
}

const result = runCorpus();

test('no fault of the corpus removes or changes what it must not', () => {
  expect(result.wrong).toEqual([]);
});

test('nothing is held that crosses no limit', () => {
  expect(result.needless).toEqual([]);
});

test('what a cut at a row end removes, the next full export brings back', () => {
  const cuts = result.families.filter(({ family }) => family.startsWith('cut '));
  expect(cuts.length).toBeGreaterThan(2);
  for (const { family, removed, restored, nextHeld } of cuts) {
    expect({ family, restored, nextHeld }).toEqual({ family, restored: removed, nextHeld: 0 });
  }
});

test('docs/reliability.md holds this table: `npx tsx test/corpus/run.ts --write` writes it anew', () => {
  expect(tableIn(readFileSync(join(root, 'docs/reliability.md'), 'utf8'))).toBe(result.table);
});
