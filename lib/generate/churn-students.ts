import type { ClassRecord, District, Person } from './district.ts';
import { editPerson } from './edit-person.ts';
import { beginOf, dropStudentRow, enrollStudent, rowsOfStudent, seatInCohort } from './enroll.ts';
import { STUDENT } from './enrollment-store.ts';
import { addGuardians, addStudent, guardiansOf } from './people.ts';
import type { Random } from './random.ts';

/** What happens to a student who changes, and how often; the shares add up to 1. */
const EVENT_SHARES = { leave: 0.25, join: 0.15, comeBack: 0.1, reschedule: 0.22, edit: 0.28 } as const;

/** Changes that share of the students for one night, at least one where the churn is not 0. */
export function churnStudents(district: District, random: Random, day: number): void {
  const { churn } = district.options;
  const events = churn === 0 ? 0 : Math.max(1, Math.round(district.students.length * churn));
  for (let event = 0; event < events; event += 1) {
    const draw = random.between(0, 1);
    const { leave, join, comeBack, reschedule } = EVENT_SHARES;
    if (draw < leave) withUntouched(district, random, day, (student) => leaveDistrict(district, student, day));
    else if (draw < leave + join) joinDistrict(district, random, day);
    else if (draw < leave + join + comeBack) returnToDistrict(district, random, day);
    else if (draw < leave + join + comeBack + reschedule) {
      withUntouched(district, random, day, (student) => changeSchedule(district, student, random, day));
    } else withUntouched(district, random, day, (student) => editPerson(district, student, random, day));
  }
}

/** A random student to whom nothing happened tonight, if a few tries find one. */
function withUntouched(district: District, random: Random, day: number, act: (student: Person) => void): void {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const student = random.pick(district.students);
    if (student.touchedDay === day) continue;
    student.touchedDay = day;
    act(student);
    return;
  }
}

function leaveDistrict(district: District, student: Person, day: number): void {
  if (district.students.length === 1) return;
  student.rowsWhenLeft = rowsOfStudent(district, student);
  for (const row of student.rowsWhenLeft) dropStudentRow(district, row, day);
  for (const each of [student, ...guardiansOf(district, student)]) district.lives.user.vanish(each.index, day);
  district.lives.demographics.vanish(student.index, day);
  removeFrom(district.students, student);
  district.away.push(student);
}

/** Order does not matter in these lists. */
function removeFrom(list: Person[], person: Person): void {
  const last = list.pop();
  if (last !== undefined && last !== person) list[list.indexOf(person)] = last;
}

/** A new student comes to the school and grade of a random one, where there are classes. */
function joinDistrict(district: District, random: Random, day: number): void {
  const like = random.pick(district.students);
  const grade = cohortGradeOf(district, like);
  const student = addStudent(district, like.school, grade, random, day);
  seatInCohort(district, student, district.schools[like.school]?.cohorts.get(grade) ?? [], day);
  if (district.options.guardians) addGuardians(district, student, day);
}

/** The grade whose classes a student sits in; a corrected grade moves nobody. */
const cohortGradeOf = (district: District, student: Person): number =>
  district.schools[student.school]?.cohorts.has(student.grade) ? student.grade : student.firstGrade;

/** Somebody who left on an earlier night comes back with the same sourcedId; a new student comes when there is nobody. */
function returnToDistrict(district: District, random: Random, day: number): void {
  const candidates = district.away.filter((each) => each.touchedDay < day);
  if (candidates.length === 0) {
    joinDistrict(district, random, day);
    return;
  }
  const student = random.pick(candidates);
  student.touchedDay = day;
  removeFrom(district.away, student);
  district.students.push(student);
  for (const each of [student, ...guardiansOf(district, student)]) district.lives.user.appear(each.index, day, false);
  if (district.options.demographics) district.lives.demographics.appear(student.index, day, false);
  if (random.chance(0.5)) editPerson(district, student, random, day);
  if (random.chance(0.5)) resumeSchedule(district, student, day);
  else {
    const slots = district.schools[student.school]?.cohorts.get(cohortGradeOf(district, student)) ?? [];
    seatInCohort(district, student, slots, day);
  }
  student.rowsWhenLeft = [];
}

/** The old rows again, as they were, where their classes are still open. */
function resumeSchedule(district: District, student: Person, day: number): void {
  for (const row of student.rowsWhenLeft) {
    const each = district.classes[district.enrollments.classOf(row)] as ClassRecord;
    if (!district.lives.class.isPresent(each.index)) continue;
    district.enrollments.put(row, STUDENT, district.enrollments.beginOf(row), day);
    each.students += 1;
  }
}

/** Moves to another class of the same slot; where no slot has another, drops a class or takes a dropped one up again. */
function changeSchedule(district: District, student: Person, random: Random, day: number): void {
  const rows = rowsOfStudent(district, student);
  const row = rows.length === 0 ? -1 : random.pick(rows);
  const from = district.classes[district.enrollments.classOf(row)];
  const slots = district.schools[student.school]?.cohorts.get(from?.slot.grade ?? student.firstGrade) ?? [];
  const taken = new Set(rows.map((each) => district.classes[district.enrollments.classOf(each)]?.slot));
  const free = slots.filter((slot) => !taken.has(slot));
  const others = from?.slot.classes.filter((each) => each !== from) ?? [];
  if (from !== undefined && random.chance(0.1) && beginOf(from, day) !== district.enrollments.beginOf(row)) {
    district.enrollments.put(row, STUDENT, beginOf(from, day), day);
  } else if (free.length > 0 && random.chance(0.5)) {
    enrollStudent(district, student, random.pick(random.pick(free).classes), day);
  } else if (from !== undefined && others.length > 0 && random.chance(0.9)) {
    dropStudentRow(district, row, day);
    enrollStudent(district, student, random.pick(others), day);
  } else if (rows.length > 1) {
    dropStudentRow(district, row, day);
  } else editPerson(district, student, random, day);
}
