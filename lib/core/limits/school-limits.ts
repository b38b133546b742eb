import type { Hold } from './hold.ts';
import { counted, grouped, type Noun, roundedShare, shareBeyond } from './hold-words.ts';
import type { Limits } from './limit-settings.ts';
import { SCHOOL_MEASURES, type SchoolCounts, type SchoolMeasure } from './school-tally.ts';

/** How many school holds are listed one by one. A broken export of a large district would name every school. */
export const LISTED_SCHOOL_HOLDS = 50;

/** What a school may not lose. Staff is among its users. */
type HeldMeasure = Exclude<SchoolMeasure, 'staff'>;

const NOUNS: Readonly<Record<HeldMeasure, Noun>> = {
  students: ['student', 'students'],
  users: ['user', 'users'],
  enrollments: ['enrollment', 'enrollments'],
  classes: ['class', 'classes'],
};

/** R11 names students and enrollments; users and classes only count where all of them go. */
const WITH_SHARE: ReadonlySet<HeldMeasure> = new Set(['students', 'enrollments']);

/** R11: one school would lose too much. People first, then enrollments and classes; the largest loss first. */
export function holdSchools(
  limits: Limits,
  schools: Iterable<readonly [schoolSourcedId: string, counts: SchoolCounts]>,
  nameOf: (schoolSourcedId: string) => string,
): Hold[] {
  const holds: (Hold & { readonly measure: HeldMeasure; readonly schoolSourcedId: string })[] = [];
  for (const [schoolSourcedId, counts] of schools) {
    const students = holdSchool(limits, 'students', schoolSourcedId, counts, nameOf);
    // Users without students say more only where no student is lost.
    const people = students ?? holdSchool(limits, 'users', schoolSourcedId, counts, nameOf);
    const others = (['enrollments', 'classes'] as const).map((measure) =>
      holdSchool(limits, measure, schoolSourcedId, counts, nameOf),
    );
    holds.push(...[people, ...others].filter((hold) => hold !== null));
  }
  holds.sort(
    (a, b) =>
      rankOf(a.measure) - rankOf(b.measure) ||
      (b.count ?? 0) - (a.count ?? 0) ||
      (b.share ?? 0) - (a.share ?? 0) ||
      (a.schoolSourcedId < b.schoolSourcedId ? -1 : 1),
  );
  const listed = holds.slice(0, LISTED_SCHOOL_HOLDS).map(({ measure: _, ...hold }): Hold => hold);
  const rest = holds.slice(LISTED_SCHOOL_HOLDS);
  return rest.length === 0 ? listed : [...listed, unlisted(rest)];
}

function holdSchool(
  limits: Limits,
  measure: HeldMeasure,
  schoolSourcedId: string,
  counts: SchoolCounts,
  nameOf: (schoolSourcedId: string) => string,
) {
  const { active, lost: count } = counts[measure];
  if (count === 0) return null;
  const of = Math.max(active, count);
  const { share: limit, floor } = limits.schoolRemovals;
  const lost = count / of;
  const tooMany = WITH_SHARE.has(measure) && lost > limit && count > floor;
  const all = count === of && limits.losesAll !== null && of >= limits.losesAll;
  if (!tooMany && !all) return null;
  const what =
    count === of ? `all ${counted(of, NOUNS[measure])}` : `${grouped(count)} of ${counted(of, NOUNS[measure])}`;
  const why = tooMany ? ` (${shareBeyond(lost, limit)})` : '';
  return {
    code: 'school-removals' as const,
    message: `${nameOf(schoolSourcedId)} would lose ${what}${why}.`,
    file: measure === 'students' ? ('users' as const) : measure,
    schoolSourcedId,
    count,
    of,
    share: roundedShare(lost),
    ...(tooMany ? { limit } : {}),
    measure,
  };
}

function unlisted(rest: readonly { readonly schoolSourcedId: string }[]): Hold {
  const schools = new Set(rest.map(({ schoolSourcedId }) => schoolSourcedId)).size;
  const losses = counted(rest.length, ['more loss', 'more losses']);
  const message = `${losses} of this kind at ${counted(schools, ['school', 'schools'])} ${rest.length === 1 ? 'is' : 'are'} not listed.`;
  return { code: 'school-removals', message, count: rest.length };
}

/** Students and users are one thing to the eye. */
const rankOf = (measure: HeldMeasure): number => (measure === 'users' ? 0 : SCHOOL_MEASURES.indexOf(measure));
