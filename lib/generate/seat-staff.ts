import type { ClassRecord, District, Person, School } from './district.ts';
import { seatTeachers } from './enroll.ts';
import type { Random } from './random.ts';

/** Share of the classes with a second teacher (facts: OneRoster §10). */
const CO_TEACHER_SHARE = 0.1;

/**
 * Gives every class of a school its teacher on day 1: a generalist keeps one group for its main subjects, specialists
 * teach neighbouring classes of the same subject, advisory groups go round the staff.
 */
export function seatStaff(district: District, school: School, random: Random): void {
  const classes = classesBySubject(school);
  const groups = new Set(classes.filter((each) => isGeneralist(each)).map(groupOf));
  const generalists = school.teachers.slice(0, Math.min(groups.size, school.teachers.length));
  const others = school.teachers.slice(generalists.length);
  const specialists = others.length > 0 ? others : school.teachers;
  const groupNumbers = new Map([...groups].map((each, at) => [each, at]));
  const special = classes.filter((each) => each.slot.template.taughtBy === 'specialist');
  let advised = 0;
  for (const [at, each] of special.entries()) {
    seat(district, school, each, specialists[Math.floor((at * specialists.length) / special.length)], random);
  }
  for (const each of classes) {
    const { taughtBy } = each.slot.template;
    if (taughtBy === 'adviser') seat(district, school, each, specialists[advised++ % specialists.length], random);
    if (taughtBy !== 'generalist') continue;
    seat(district, school, each, generalists[(groupNumbers.get(groupOf(each)) ?? 0) % generalists.length], random);
  }
}

const isGeneralist = (each: ClassRecord): boolean => each.slot.template.taughtBy === 'generalist';
const groupOf = (each: ClassRecord): string => `${each.slot.grade} ${each.section}`;

/** All classes of a school, those of one place in the schedule together. */
function classesBySubject(school: School): ClassRecord[] {
  const cohorts = [...school.cohorts.values()];
  const longest = Math.max(0, ...cohorts.map((slots) => slots.length));
  return Array.from({ length: longest }, (_, at) => cohorts.flatMap((slots) => slots[at]?.classes ?? [])).flat();
}

function seat(
  district: District,
  school: School,
  each: ClassRecord,
  teacher: Person | undefined,
  random: Random,
): void {
  const primary = teacher ?? (school.teachers[0] as Person);
  const others = school.teachers.filter((other) => other !== primary);
  const co = random.chance(CO_TEACHER_SHARE) && others.length > 0 ? random.pick(others) : null;
  seatTeachers(district, each, primary, co, 1);
}
