/**
 * How fast CSV files are read: `npx tsx bench/csv.ts [rows]` (default 1,000,000 rows of enrollments, plain and fully
 * quoted), our reader beside csv-parser alone, in one run on the same bytes. Prints rows per second.
 */
import { Readable } from 'node:stream';
import csvParser from 'csv-parser';
import { readTable } from '../lib/adapters/csv/csv-table.ts';
import { wholeNumber } from './whole-number.ts';

const rowCount = wholeNumber(2, 1_000_000);
const CHUNK_BYTES = 64 * 1024;

const HEADER =
  'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate';

const enrollment = (i: number): string[] => [
  `enr-${i}`,
  '',
  '',
  `class-${i % 38_000}`,
  `school-${i % 40}`,
  `user-${i % 90_000}`,
  'student',
  'false',
  '2026-08-15',
  '2027-06-01',
];

const fileOf = (quote: (cell: string) => string): Buffer[] => {
  const chunks: Buffer[] = [];
  let lines: string[] = [HEADER.split(',').map(quote).join(',')];
  for (let i = 0; i < rowCount; i += 1) {
    lines.push(enrollment(i).map(quote).join(','));
    if (lines.length < 5_000) continue;
    chunks.push(Buffer.from(`${lines.join('\r\n')}\r\n`));
    lines = [];
  }
  chunks.push(Buffer.from(lines.map((line) => `${line}\r\n`).join('')));
  return chunks;
};

/** Copies of the chunks, because csv-parser rewrites what it is given. */
async function* inChunks(file: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const part of file) {
    const copy = Buffer.from(part);
    for (let at = 0; at < copy.length; at += CHUNK_BYTES) yield copy.subarray(at, at + CHUNK_BYTES);
  }
}

const readOurs = async (file: readonly Buffer[]): Promise<number> => {
  let rows = 0;
  for await (const event of readTable(() => inChunks(file))) {
    if (event.type === 'rows') rows += event.rows.length;
    if (event.type === 'fault') throw new Error(event.code);
  }
  return rows;
};

const readCsvParser = async (file: readonly Buffer[]): Promise<number> => {
  let rows = 0;
  for await (const row of Readable.from(inChunks(file), { objectMode: false }).pipe(csvParser({ headers: false }))) {
    rows += row === null ? 0 : 1;
  }
  return rows;
};

const measure = async (label: string, bytes: number, read: () => Promise<number>): Promise<void> => {
  const start = performance.now();
  const rows = await read();
  const seconds = (performance.now() - start) / 1000;
  if (rows !== rowCount + 1) throw new Error(`${label}: ${rows} rows instead of ${rowCount + 1}`);
  const perSecond = Math.round(rows / seconds).toLocaleString('en-US');
  console.log(`${label.padEnd(24)} ${perSecond.padStart(10)} rows/s  ${Math.round(bytes / seconds / 1e6)} MB/s`);
};

for (const [name, quote] of [
  ['plain', (cell: string) => cell],
  ['quoted', (cell: string) => `"${cell}"`],
] as const) {
  const file = fileOf(quote);
  const bytes = file.reduce((sum, part) => sum + part.length, 0);
  await measure(`${name}, Rollcall`, bytes, () => readOurs(file));
  await measure(`${name}, csv-parser alone`, bytes, () => readCsvParser(file));
}
console.log(`peak memory of the run (both files held in it): ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
