/**
 * How large a school is when a plan is applied: active records. null: that kind was not read, because its file did not
 * come (R6).
 */
export interface SchoolSize {
  readonly sourcedId: string;
  readonly name: string;
  readonly students: number | null;
  /** Users who are neither students nor their families. */
  readonly staff: number | null;
  readonly classes: number | null;
  readonly enrollments: number | null;
}

/** The schools of a district after a plan, so that a person sees their counts (R11). */
export interface SchoolSizes {
  /** How many schools there are. */
  readonly schoolCount: number;
  /** The largest first; of more than `LISTED_SCHOOLS` those in the middle are left out. */
  readonly schools: readonly SchoolSize[];
}

/** How many schools are listed: more than any district has, and some 300 KB of a summary. */
export const LISTED_SCHOOLS = 2_000;

/** Schools by their size, bounded. */
export function listSchools(all: Iterable<SchoolSize>): SchoolSizes {
  const sorted = [...all].sort(
    (a, b) =>
      (b.students ?? 0) - (a.students ?? 0) ||
      (b.enrollments ?? 0) - (a.enrollments ?? 0) ||
      (b.staff ?? 0) - (a.staff ?? 0) ||
      (a.sourcedId < b.sourcedId ? -1 : 1),
  );
  const half = LISTED_SCHOOLS / 2;
  const schools = sorted.length <= LISTED_SCHOOLS ? sorted : [...sorted.slice(0, half), ...sorted.slice(-half)];
  return { schoolCount: sorted.length, schools };
}
