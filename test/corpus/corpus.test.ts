import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryRecord } from '../../lib/adapters/memory/memory-store.ts';
import { limitsSchema } from '../../lib/core/district/limit-settings.ts';
import { DISTRICT } from '../flows/flow-world.ts';
import { Bench } from './bench.ts';
import { corpusJudge, FAMILIES } from './corpus.ts';
import { BASE, BASE_FILES, TONIGHT, TONIGHT_FILES } from './exports.ts';
import type { Fault } from './fault.ts';
import { FILE_OF, HEADERS, KINDS } from './standard.ts';
import { tableIn } from './table.ts';
import { bytesOf, cellOf, filesOf, mapColumn, mapRows, mapTable, textOf, withFiles } from './tables.ts';
import { totalOf, tryFamilies } from './tally.ts';

/** A sample; `npx tsx test/corpus/run.ts` tries them all. */
const SAMPLE = { first: 30, every: 251 };

test('nothing is wrong in a sample of the faults', async () => {
  const total = totalOf(await tryFamilies(FAMILIES, SAMPLE));
  expect(total.wrong).toEqual([]);
  expect(total.needless).toEqual([]);
  expect(total.cases).toBeGreaterThan(20);
});

test('docs/reliability.md names every family with as many cases as it has', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/reliability.md'), 'utf8');
  const told = [...tableIn(page).matchAll(/^\| (.+?) +\| +(\d+) \|/gm)].map(([, name, cases]) => [name, Number(cases)]);
  const counts = FAMILIES.map(({ name, faults }) => [name, [...faults()].length] as const);
  expect(told).toEqual([...counts, ['all', counts.reduce((sum, [, cases]) => sum + cases, 0)]]);
});

test('no two faults of a family have one name, so that each can be run alone', () => {
  for (const { faults } of FAMILIES) {
    const names = [...faults()].map(({ name, packaging }) => `${name} ${packaging}`);
    expect(names.filter((name, at) => names.indexOf(name) < at)).toEqual([]);
  }
});

describe('the district', () => {
  test('is small, and every cell that can be stored is filled somewhere', () => {
    const students = BASE.users.rows.filter((row) => cellOf(BASE.users, row, 'role') === 'student');
    expect(students.length).toBeLessThanOrEqual(60);
    expect(students.length).toBeGreaterThan(40);
    for (const kind of KINDS) {
      const table = BASE[FILE_OF[kind]];
      const blank = HEADERS[kind].slice(3).filter((name) => table.rows.every((row) => cellOf(table, row, name) === ''));
      expect([kind, blank]).toEqual([kind, kind === 'user' ? ['password'] : []]);
    }
  });
});

/** An engine that breaks a rule, acted by an upload that is not what the judge is told, or by a hand in the table. */
const CRIMES: readonly (readonly [
  string,
  Partial<Omit<Fault, 'upload'>> & { readonly upload: NonNullable<Fault['upload']> },
  RegExp,
])[] = [
  [
    'an incomplete file is taken for a small one (R16)',
    { mayChange: 'nothing', upload: (bench) => bench.put(withoutLast(3)) },
    /was active, is inactive/,
  ],
  [
    'a row without an id is passed over (R5)',
    { files: withoutLast(3, ',,,Total'), upload: (bench) => bench.put(withoutLast(3)) },
    /should be active, is inactive/,
  ],
  [
    'a change is missing',
    { files: TONIGHT_FILES, upload: (bench) => bench.put(withoutLast(1)) },
    /should be inactive, is active/,
  ],
  [
    'a record changes while nothing is applied',
    { upload: inTable(({ fields }) => ({ fields: { ...fields, name: 'X' } })) },
    /name "Maple Unified"\/"X"/,
  ],
  ['a record gets another productId', { upload: inTable(() => ({ productId: 'p-other' })) }, /another productId/],
  [
    'a record is deleted',
    { upload: async ({ world }) => void world.store.synced(DISTRICT, 'org').delete('d1-office') },
    /is not there/,
  ],
  ['something is refused that is sound', { endings: ['applied'], upload: async () => undefined }, /should be applied/],
];

/** A hand in the table: the district's first org is another. */
function inTable(change: (record: MemoryRecord) => Partial<MemoryRecord>): NonNullable<Fault['upload']> {
  return async ({ world }) => {
    const orgs = world.store.synced(DISTRICT, 'org');
    for (const [id, record] of [...orgs].slice(0, 1)) orgs.set(id, { ...record, ...change(record) });
  };
}

function withoutLast(count: number, line = ''): Readonly<Record<string, Uint8Array>> {
  const text = textOf({ ...BASE.demographics, rows: BASE.demographics.rows.slice(0, -count) });
  const commas = line === '' ? '' : `${line}${','.repeat(HEADERS.demographics.length - 4)}\n`;
  return withFiles(BASE_FILES, { 'demographics.csv': bytesOf(text + commas) });
}

describe('the judge notices', () => {
  test.each(CRIMES)('%s', async (name, crime, sentence) => {
    const fault: Fault = { name, packaging: 'zip', files: BASE_FILES, mayChange: 'files', ...crime };
    const { wrong } = await corpusJudge().try(fault);
    expect(wrong.join('\n')).toMatch(sentence);
  });

  test.each([
    ['removals: ', mapTable(BASE, 'enrollments', (table) => mapRows(table, (row, at) => (at % 2 === 0 ? row : null)))],
    ['row drop: ', mapTable(BASE, 'enrollments', (table) => mapRows(table, (row, at) => (at < 9 ? row : null)))],
    ['school d1-lin: ', mapTable(BASE, 'enrollments', (table) => mapRows(table, (row, at) => (at < 9 ? row : null)))],
    ['updates: ', mapTable(BASE, 'users', (table) => mapColumn(table, 'givenName', () => 'Ann'))],
    ['re-key: ', mapTable(BASE, 'users', (table) => mapColumn(table, 'sourcedId', (id) => `x${id}`))],
    ['invalid rows: ', mapTable(TONIGHT, 'users', (table) => mapColumn(table, 'username', () => ''))],
  ])('that a plan should have been held: %s', async (limit, tables) => {
    const judge = corpusJudge((packaging, base) => Bench.open(packaging, base, { limits: NO_LIMITS }));
    const { wrong } = await judge.try({ name: limit, packaging: 'zip', files: filesOf(tables), mayChange: 'files' });
    expect(wrong.filter((sentence) => sentence.startsWith('applied, not held: ')).join()).toContain(limit);
  });
});

const NO_LIMITS = limitsSchema.parse({
  removals: { share: 1 },
  schoolRemovals: { share: 1 },
  updates: { share: 1 },
  invalidRows: { share: 1 },
  rowDrop: { share: 0 },
  losesAll: null,
  rekeyPairs: 1_000_000,
});
