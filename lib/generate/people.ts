import { type District, NONE, type Person } from './district.ts';
import { NO_ROW } from './enrollment-store.ts';
import { FAMILY_NAMES, GIVEN_NAMES, MIDDLE_NAMES } from './names.ts';
import { mix, type Random } from './random.ts';

/** Salts of `mix`: which property of a person is drawn. Never renumber: the same seed must give the same district. */
const GUARDIAN_DRAW = 101;

/** 1 % of the students and 3 % of the teachers belong to a second school. */
const STUDENT_SECOND_SCHOOL = 0.01;
const TEACHER_SECOND_SCHOOL = 0.03;

/** Shared by all who never left. */
const NO_ROWS: readonly number[] = [];

type Traits = Pick<Person, 'role' | 'number' | 'school' | 'otherSchool' | 'firstGrade' | 'given' | 'firstFamily'> & {
  readonly middle: number;
  readonly enabled: boolean;
  readonly day: number;
};

function addPerson(district: District, traits: Traits): Person {
  const { day } = traits;
  const person: Person = {
    index: district.people.length,
    role: traits.role,
    number: traits.number,
    school: traits.school,
    otherSchool: traits.otherSchool,
    firstGrade: traits.firstGrade,
    grade: traits.firstGrade,
    given: traits.given,
    firstFamily: traits.firstFamily,
    family: traits.firstFamily,
    middle: traits.middle,
    enabled: traits.enabled,
    emailVersion: 1,
    townVersion: 0,
    firstRow: NO_ROW,
    firstRelated: NONE,
    relatedCount: 0,
    touchedDay: day,
    rowsWhenLeft: NO_ROWS,
  };
  district.people.push(person);
  district.lives.user.appear(person.index, day, true);
  return person;
}

const drawNames = (random: Random) => ({
  given: random.below(GIVEN_NAMES.length),
  firstFamily: random.below(FAMILY_NAMES.length),
  middle: random.chance(0.4) ? random.below(MIDDLE_NAMES.length) : NONE,
  enabled: !random.chance(0.005),
});

/** Another school than `school`, or NONE. */
function drawOtherSchool(district: District, school: number, share: number, random: Random): number {
  const count = district.schools.length;
  if (!random.chance(share) || count < 2 || school === NONE) return NONE;
  return (school + 1 + random.below(count - 1)) % count;
}

/** A student whom this district has never seen. Has no classes and no guardians yet. */
export function addStudent(district: District, school: number, grade: number, random: Random, day: number): Person {
  const student = addPerson(district, {
    role: 'student',
    number: 10_001 + district.studentCount++,
    school,
    otherSchool: drawOtherSchool(district, school, STUDENT_SECOND_SCHOOL, random),
    firstGrade: grade,
    ...drawNames(random),
    day,
  });
  district.students.push(student);
  if (district.options.demographics) district.lives.demographics.appear(student.index, day, true);
  return student;
}

/** Somebody who works at a school, or at the district office (school NONE). */
export function addStaff(
  district: District,
  role: 'administrator' | 'aide' | 'teacher',
  school: number,
  random: Random,
  day: number,
): Person {
  const share = role === 'teacher' ? TEACHER_SECOND_SCHOOL : 0;
  const person = addPerson(district, {
    role,
    number: 2_001 + district.staffCount++,
    school,
    otherSchool: drawOtherSchool(district, school, share, random),
    firstGrade: NONE,
    ...drawNames(random),
    day,
  });
  if (role === 'teacher') district.schools[school]?.teachers.push(person);
  return person;
}

/** One or two guardians, 1.6 on average. Most share the student's family name. */
export function addGuardians(district: District, student: Person, day: number): void {
  const draw = mix(district.seed, GUARDIAN_DRAW, student.index);
  const count = draw % 10 < 6 ? 2 : 1;
  student.firstRelated = district.people.length;
  student.relatedCount = count;
  for (let number = 1; number <= count; number += 1) {
    const own = mix(district.seed, GUARDIAN_DRAW + number, student.index);
    const guardian = addPerson(district, {
      role: 'guardian',
      number,
      school: student.school,
      otherSchool: NONE,
      firstGrade: NONE,
      given: own % GIVEN_NAMES.length,
      firstFamily: own % 5 === 0 ? (own >>> 8) % FAMILY_NAMES.length : student.firstFamily,
      middle: NONE,
      enabled: true,
      day,
    });
    guardian.firstRelated = student.index;
    guardian.relatedCount = 1;
  }
}

/** The guardians of a student who has any. */
export const guardiansOf = (district: District, student: Person): Person[] =>
  student.relatedCount === 0
    ? []
    : district.people.slice(student.firstRelated, student.firstRelated + student.relatedCount);
