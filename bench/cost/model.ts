import { BUCKET_COUNT } from '../../lib/contracts/table-keys.ts';
import type { CountedNight } from './counted-district.ts';

/** Mean bytes of a stored record, short ids (docs/data-model.md). */
export const RECORD_BYTES: Readonly<Record<string, number>> = {
  org: 290,
  academicSession: 346,
  course: 363,
  user: 565,
  class: 438,
  enrollment: 461,
  demographics: 486,
};

/** Records of a district for each student, and rows of a school for each user: of 20,000 students (docs/data-model.md). */
export const PER_STUDENT = {
  org: 0.0021,
  academicSession: 0.00035,
  course: 0.089,
  user: 1.084,
  class: 0.379,
  enrollment: 8.495,
};
export const SCHOOL_ROWS_PER_USER = 1.012;
/** Records that a night with 1 % churn writes, for each student: 1,187 of 20,000 (docs/data-model.md). */
export const CHANGED_PER_STUDENT = 0.059;

/** Parts of a transaction beside the check of the fence. */
const PARTS = 99;
/** Beside the records: delivery, sync, state, lease, fences. Counted; they do not grow with the district. */
const FIXED = { writeUnits: 45, readUnits: 25, queries: 6, transactions: 12 };
const PAGE_BYTES = 1024 ** 2;
const READ_BYTES = 4096;

/** What the table is asked for by one sync. */
export interface TableUse {
  readonly queries: number;
  readonly transactions: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

type Counts = Readonly<Record<string, number>>;

/** Records of a typical district. */
export const typicalRows = (students: number): Counts =>
  Object.fromEntries(
    Object.entries(PER_STUDENT).map(([kind, each]) => [kind, Math.max(1, Math.round(each * students))]),
  );

/**
 * One read of all records: each kind is as many partitions as there are buckets; each page of a Query rounds up to a
 * unit of 4 KB, so half a unit more for each page.
 */
function readAll(rows: Counts): { queries: number; readUnits: number } {
  let [queries, readUnits] = [0, 0];
  for (const [kind, count] of Object.entries(rows)) {
    if (count === 0) continue;
    const bytes = count * (RECORD_BYTES[kind] ?? 0);
    const pages = BUCKET_COUNT * Math.ceil(bytes / BUCKET_COUNT / PAGE_BYTES);
    queries += pages;
    readUnits += bytes / READ_BYTES + Math.min(pages, count) / 2;
  }
  return { queries, readUnits };
}

/** A first sync into an empty table: the plan finds nothing, the proof reads everything. */
export function firstSync(rows: Counts): TableUse {
  const { user = 0, enrollment = 0 } = rows;
  const all = Object.values(rows).reduce((sum, count) => sum + count, 0);
  const schoolRows = user * SCHOOL_ROWS_PER_USER;
  const transactions = Math.ceil((all + schoolRows) / PARTS);
  const { queries, readUnits } = readAll(rows);
  const kinds = Object.values(rows).filter((count) => count > 0).length;
  return {
    queries: queries + BUCKET_COUNT * kinds + FIXED.queries,
    transactions: transactions + FIXED.transactions,
    readUnits: readUnits + FIXED.readUnits,
    // 2 for each item, 1 for each of two index entries, 2 for each check of a fence.
    writeUnits: 2 * (all + schoolRows) + 2 * (user + enrollment) + 2 * transactions + FIXED.writeUnits,
  };
}

/** A later night: the plan and the proof read everything; nearly all changes are users and enrollments, 4 units each. */
export function nightlySync(rows: Counts, changed: number): TableUse {
  const { queries, readUnits } = readAll(rows);
  const transactions = Math.ceil(changed / PARTS);
  return {
    queries: 2 * queries + FIXED.queries,
    transactions: transactions + FIXED.transactions,
    readUnits: 2 * readUnits + FIXED.readUnits,
    writeUnits: 4 * changed + 2 * transactions + FIXED.writeUnits,
  };
}

/** What the model says of a night that was counted. */
export const nightModel = (night: CountedNight): TableUse =>
  night.night === 1 ? firstSync(night.rows) : nightlySync(night.rows, night.written);

/** Share by which a model is off. */
export const offBy = (model: number, counted: number): number => Math.abs(model - counted) / Math.max(1, counted);
