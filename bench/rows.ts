/**
 * How much memory a very long file needs: `npx tsx bench/rows.ts [rows] [users]` (default 5,000,000 enrollments of
 * 300,000 users in 38,000 classes) goes through `planDelivery` from a source that makes the bytes as they are read.
 * Every row is an add against an empty table, the costliest plan there is. Prints rows per second and the peak RSS.
 */
import { readTable } from '../lib/adapters/csv/csv-table.ts';
import type { UploadEntry } from '../lib/core/delivery/upload.ts';
import { FILE_OF_KIND, RECORD_KINDS, type RecordKind } from '../lib/core/oneroster/kinds.ts';
import { headerOf } from '../lib/core/oneroster/tables.ts';
import { planDelivery } from '../lib/core/plan/plan-delivery.ts';
import { wholeNumber } from './whole-number.ts';

const rowCount = wholeNumber(2, 5_000_000);
const userCount = wholeNumber(3, 300_000);
const classCount = 38_000;
/** Rows made at a time: some 300 KB, as a download hands them over. */
const ROWS_PER_CHUNK = 4_000;

/** The cells of a row after sourcedId, status and dateLastModified. */
const ROWS: Readonly<Record<RecordKind, { readonly count: number; readonly cells: (i: number) => string }>> = {
  org: { count: 200, cells: (i) => `School ${i},school,,` },
  academicSession: { count: 1, cells: () => '2026/27,schoolYear,2026-08-15,2027-06-10,,2027' },
  course: { count: 5_000, cells: (i) => `academicSession-0,Course ${i},,,org-0,,` },
  user: {
    count: userCount,
    cells: (i) => `true,org-${i % 200},student,user.${i},,Ann,Lee,,${i},user.${i}@district.example,,,,07,`,
  },
  class: {
    count: classCount,
    cells: (i) => `Class ${i},,course-${i % 5_000},,scheduled,,org-${i % 200},academicSession-0,,,`,
  },
  enrollment: {
    count: rowCount,
    cells: (i) => `class-${i % classCount},org-${i % 200},user-${i % userCount},student,false,2026-08-15,2027-06-10`,
  },
  demographics: { count: 0, cells: () => '' },
};

function entryOf(kind: RecordKind): UploadEntry {
  const { count, cells } = ROWS[kind];
  async function* open() {
    yield Buffer.from(`${headerOf(kind).join(',')}\n`);
    for (let start = 0; start < count; start += ROWS_PER_CHUNK) {
      const length = Math.min(ROWS_PER_CHUNK, count - start);
      yield Buffer.from(Array.from({ length }, (_, i) => `${kind}-${start + i},,,${cells(start + i)}\n`).join(''));
    }
  }
  return { path: `${FILE_OF_KIND[kind]}.csv`, bytes: 0, read: () => readTable(open) };
}

const start = performance.now();
let adds = 0;
const result = await planDelivery({
  upload: { packaging: 'folder', entries: RECORD_KINDS.map(entryOf), faults: [] },
  readTable: async function* () {},
  tableIsKnown: true,
  readManualUsers: async function* () {},
  storeDemographics: false,
  lastUnreadableRows: {},
  newProductId: () => `product-${adds}`,
  write: async (_section, changes) => {
    adds += changes.length;
  },
});
const seconds = (performance.now() - start) / 1000;
if (result.verdict !== 'accepted' || result.findingCounts.error > 0)
  throw new Error(JSON.stringify(result.findings[0]));
const rows = Object.values(result.files).reduce((sum, file) => sum + file.rows, 0);
if (adds !== rows) throw new Error(`${adds} adds for ${rows} rows`);
const grouped = (value: number) => Math.round(value).toLocaleString('en-US');
console.log(`${grouped(rows)} rows in ${seconds.toFixed(1)} s: ${grouped(rows / seconds)} rows/s`);
console.log(`peak memory ${grouped(process.resourceUsage().maxRSS / 1024)} MiB`);
