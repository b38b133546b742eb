import { SESSIONS } from './calendar.ts';
import { GRADE_CODES } from './catalog.ts';
import type { District, School } from './district.ts';
import { NONE } from './district.ts';
import { EnrollmentStore } from './enrollment-store.ts';
import { foundSchools } from './found-schools.ts';
import { Lives } from './lives.ts';
import { DISTRICT_NAMES } from './names.ts';
import { openCohort } from './open-cohort.ts';
import type { DistrictOptions } from './options.ts';
import { addGuardians, addStaff, addStudent } from './people.ts';
import { Random, seedNumber } from './random.ts';
import { seatStaff } from './seat-staff.ts';

/** Purposes of random sequences. Never renumber: the same seed must give the same district. */
const SCHOOLS = 1;
const STAFF = 2;
const STUDENTS = 3;
const SEATS = 4;

/** Pupils per teacher (facts: OneRoster §10). */
const STUDENTS_PER_TEACHER = 15.4;

/** Enrollment rows per student that are reserved: 8.5 on the first day, and some nights of churn. */
const ROWS_PER_STUDENT = 9;

/** The district on day 1. */
export function foundDistrict(options: DistrictOptions): District {
  const seed = seedNumber(options.seed);
  const [name, label] = DISTRICT_NAMES[seed % DISTRICT_NAMES.length] ?? ['Maple Unified School District', 'maple'];
  const enrollments = new EnrollmentStore(options.students * ROWS_PER_STUDENT + 64);
  const people = Math.ceil(options.students * (options.guardians ? 2.75 : 1.1)) + 64;
  return fill({
    options,
    seed,
    name,
    domain: `${label}.example.org`,
    schools: foundSchools(options.students, new Random(seed, SCHOOLS)),
    courses: [],
    classes: [],
    closedClasses: [],
    people: [],
    enrollments,
    lives: livesFor(people, enrollments.lives),
    students: [],
    away: [],
    studentCount: 0,
    staffCount: 0,
  });
}

const livesFor = (people: number, enrollment: Lives): District['lives'] => ({
  org: new Lives(),
  academicSession: new Lives(),
  course: new Lives(),
  class: new Lives(),
  user: new Lives(people),
  enrollment,
  demographics: new Lives(),
});

function fill(district: District): District {
  for (let org = 0; org <= district.schools.length; org += 1) district.lives.org.appear(org, 1, true);
  for (let index = 0; index < SESSIONS.length; index += 1) district.lives.academicSession.appear(index, 1, true);
  const counts = studentsPerCohort(district);
  hireStaff(district, counts);
  admitStudents(district, counts);
  for (const school of district.schools)
    seatStaff(district, school, new Random(district.seed, STAFF, 1 + school.index));
  if (district.options.guardians) for (const student of district.students) addGuardians(district, student, 1);
  return district;
}

/** How many students each school has in each grade; together exactly what was asked for. */
function studentsPerCohort(district: District): Map<School, Map<number, number>> {
  const random = new Random(district.seed, SCHOOLS, 1);
  const weights = district.schools.map(() => random.between(0.7, 1.3));
  const counts = new Map(district.schools.map((each) => [each, new Map<number, number>()]));
  const grades = GRADE_CODES.length;
  for (let grade = 0; grade < grades; grade += 1) {
    const whole = (part: number) => Math.floor((district.options.students * part) / grades);
    const inGrade = whole(grade + 1) - whole(grade);
    const schools = district.schools.filter((each) => each.grades.includes(grade));
    const total = schools.reduce((sum, each) => sum + (weights[each.index] ?? 1), 0);
    let weight = 0;
    let given = 0;
    for (const [at, school] of schools.entries()) {
      weight += weights[school.index] ?? 1;
      const upTo = at === schools.length - 1 ? inGrade : Math.round((inGrade * weight) / total);
      counts.get(school)?.set(grade, upTo - given);
      given = upTo;
    }
  }
  return counts;
}

function hireStaff(district: District, counts: ReadonlyMap<School, ReadonlyMap<number, number>>): void {
  const random = new Random(district.seed, STAFF);
  const { students } = district.options;
  for (let office = 0; office < 1 + Math.floor(students / 5_000); office += 1) {
    addStaff(district, 'administrator', NONE, random, 1);
  }
  let seen = 0;
  let hired = 0;
  for (const [school, grades] of counts) {
    const own = [...grades.values()].reduce((sum, each) => sum + each, 0);
    seen += own;
    for (let head = 0; head < 1 + Math.floor(own / 600); head += 1) {
      addStaff(district, 'administrator', school.index, random, 1);
    }
    const wanted = Math.max(1, Math.round(seen / STUDENTS_PER_TEACHER) - hired);
    for (let teacher = 0; teacher < wanted; teacher += 1) addStaff(district, 'teacher', school.index, random, 1);
    hired += wanted;
    for (let aide = 0; aide < random.round(own / 60); aide += 1) addStaff(district, 'aide', school.index, random, 1);
  }
}

function admitStudents(district: District, counts: ReadonlyMap<School, ReadonlyMap<number, number>>): void {
  const random = new Random(district.seed, STUDENTS);
  const seats = new Random(district.seed, SEATS);
  for (const [school, grades] of counts) {
    for (const [grade, count] of grades) {
      if (count === 0) continue;
      const first = district.students.length;
      for (let each = 0; each < count; each += 1) addStudent(district, school.index, grade, random, 1);
      openCohort(district, school, grade, district.students.slice(first), seats);
    }
  }
}
