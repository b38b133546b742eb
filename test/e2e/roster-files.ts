import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { FILE_OF_KIND, RECORD_KINDS, type RecordKind } from '../../lib/core/oneroster/kinds.ts';
import { headerOf, storedColumnsOf } from '../../lib/core/oneroster/tables.ts';
import { rollcall } from './rollcall-process.ts';

type Row = Readonly<Record<string, string>>;

/** The rows of each kind as lines to compare: the standard's columns in order, what is not stored blank (R10). */
export type RosterRows = Readonly<Record<RecordKind, readonly string[]>>;

/**
 * What `rollcall roster --out` must write for a folder of CSV files: its rows with `status` blank, sorted by sourcedId.
 * Read by csv-parse, which shares nothing with us; only the names of the columns are the product's.
 */
export function expectedRoster(folder: string): RosterRows {
  return byKind((kind) => {
    // Stored only where the district's settings ask for them.
    if (kind === 'demographics') return [];
    const stored = new Set(['sourcedId', ...storedColumnsOf(kind).map(({ name }) => name)]);
    const rows = readCsv(join(folder, `${FILE_OF_KIND[kind]}.csv`));
    return rows.map((row) => lineOf(kind, (column) => (stored.has(column) ? (row[column] ?? '') : ''))).sort();
  });
}

/** What it wrote. Throws where a file is not sorted by sourcedId. */
export function writtenRoster(folder: string): RosterRows {
  return byKind((kind) => {
    const rows = readCsv(join(folder, `${FILE_OF_KIND[kind]}.csv`));
    const unsorted = rows.findIndex(
      (row, i) => i > 0 && !((rows[i - 1]?.['sourcedId'] ?? '') < (row['sourcedId'] ?? '')),
    );
    if (unsorted >= 0) throw new Error(`row ${unsorted} of ${kind} is not in the order of sourcedIds`);
    return rows.map((row) => lineOf(kind, (column) => row[column] ?? '')).sort();
  });
}

/** Runs `rollcall roster --local --out` and reads what it wrote. */
export async function rosterOf(districtId: string, dataDir: string, out: string): Promise<RosterRows> {
  const ended = await rollcall(['roster', districtId, '--local', '--data', dataDir, '--out', out, '--json']);
  if (ended.code !== 0) throw new Error(`rollcall roster: ${ended.stdout}${ended.stderr}`);
  return writtenRoster(out);
}

/** Lines of one side that the other lacks, a few of each kind: empty where both say the same. */
export function differences(expected: RosterRows, found: RosterRows): readonly string[] {
  return RECORD_KINDS.flatMap((kind) => {
    const [wanted, there] = [new Set(expected[kind]), new Set(found[kind])];
    const missing = expected[kind].filter((line) => !there.has(line)).map((line) => `missing ${kind} ${line}`);
    const surplus = found[kind].filter((line) => !wanted.has(line)).map((line) => `surplus ${kind} ${line}`);
    const doubled = there.size === found[kind].length ? [] : [`${kind} has a line twice`];
    return [...missing.slice(0, 3), ...surplus.slice(0, 3), ...doubled];
  });
}

/** How many records there are of each kind. */
export const countsOf = (rows: RosterRows): Readonly<Record<RecordKind, number>> => byKind((kind) => rows[kind].length);

const lineOf = (kind: RecordKind, cell: (column: string) => string): string =>
  JSON.stringify(headerOf(kind).map((column) => cell(column)));

const readCsv = (path: string): Row[] =>
  parse(readFileSync(path), { columns: true, bom: true, skip_empty_lines: true }) as Row[];

const byKind = <T>(make: (kind: RecordKind) => T): Record<RecordKind, T> =>
  Object.fromEntries(RECORD_KINDS.map((kind) => [kind, make(kind)])) as Record<RecordKind, T>;
