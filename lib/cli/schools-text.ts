import type { SchoolSize, SchoolSizes } from '../core/limits/school-sizes.ts';
import { counted, formatTable, grouped } from './output.ts';

/** Schools at each end that the short form names. */
const ENDS = 5;

/** The schools of a plan, largest first, for people. Names of schools, not of persons. */
export function describeSchools({ schoolCount, schools }: SchoolSizes): string {
  if (schoolCount === 0) return 'No schools.';
  const rows = schools.map(({ sourcedId, name, students, staff, classes, enrollments }) => [
    name || '-',
    sourcedId,
    ...[students, staff, classes, enrollments].map(countOf),
  ]);
  const table = formatTable(['school', 'sourcedId', 'students', 'staff', 'classes', 'enrollments'], rows);
  const left = schoolCount - schools.length;
  return left === 0 ? table : `${table}\n${counted(left, 'school')} in the middle not listed.`;
}

/** How many schools there are, and those at both ends. */
export interface SchoolEnds {
  readonly count: number;
  readonly largest: readonly SchoolSize[];
  readonly smallest: readonly SchoolSize[];
}

export const endsOf = ({ schoolCount, schools }: SchoolSizes): SchoolEnds => ({
  count: schoolCount,
  largest: schools.slice(0, ENDS),
  smallest: schools.slice(-ENDS).toReversed(),
});

/** The short form for people, a line each. */
export function describeEnds({ count, largest, smallest }: SchoolEnds): string[] {
  const head = `after it ${counted(count, 'school')}`;
  if (count <= ENDS) return [count === 0 ? head : `${head}: ${largest.map(sizeOf).join('; ')}`];
  return [head, `largest: ${largest.map(sizeOf).join('; ')}`, `smallest: ${smallest.map(sizeOf).join('; ')}`];
}

/** A kind that was not read is not counted: its file did not come. */
const countOf = (count: number | null): number | string => count ?? '-';

const sizeOf = ({ name, sourcedId, students, staff }: SchoolSize): string =>
  `${name || sourcedId} (${students === null ? '-' : grouped(students)} students, ${staff === null ? '-' : grouped(staff)} staff)`;
