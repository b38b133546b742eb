import { untouchedClass } from './churn-classes.ts';
import type { ClassRecord, District, Person, School } from './district.ts';
import { editPerson } from './edit-person.ts';
import { seatTeachers, teacherOf } from './enroll.ts';
import { addStaff } from './people.ts';
import type { Random } from './random.ts';

/** How many of the teachers, of the classes, of the people who work here and of the courses change, per churn. */
const LEAVING_SHARE = 0.15;
const NEW_TEACHER_SHARE = 0.1;
const EDITED_SHARE = 0.3;
const RENAMED_COURSE_SHARE = 0.1;

/** Teachers leave and are replaced, classes change hands, staff and courses are edited, for one night. */
export function churnStaff(district: District, random: Random, day: number): void {
  const { churn } = district.options;
  const teachers = district.schools.reduce((sum, each) => sum + each.teachers.length, 0);
  for (let left = random.round(teachers * churn * LEAVING_SHARE); left > 0; left -= 1) {
    replaceTeacher(district, random.pick(district.schools), random, day);
  }
  const open = district.classes.length - district.closedClasses.length;
  for (let changed = random.round(open * churn * NEW_TEACHER_SHARE); changed > 0; changed -= 1) {
    const each = untouchedClass(district, random, day);
    if (each !== null) changeTeacher(district, each, random, day);
  }
  for (let edited = random.round(teachers * churn * EDITED_SHARE); edited > 0; edited -= 1) {
    const teacher = random.pick(random.pick(district.schools).teachers);
    if (teacher.touchedDay === day) continue;
    teacher.touchedDay = day;
    editPerson(district, teacher, random, day);
  }
  for (let renamed = random.round(district.courses.length * churn * RENAMED_COURSE_SHARE); renamed > 0; renamed -= 1) {
    const course = random.pick(district.courses);
    course.titleVersion += 1;
    district.lives.course.change(course.index, day);
  }
}

/** A teacher leaves for good; a new one takes over every class. */
function replaceTeacher(district: District, school: School, random: Random, day: number): void {
  const leaver = random.pick(school.teachers);
  if (leaver.touchedDay === day) return;
  leaver.touchedDay = day;
  school.teachers.splice(school.teachers.indexOf(leaver), 1);
  const successor = addStaff(district, 'teacher', school.index, random, day);
  const instead = (person: Person | null) => (person === leaver ? successor : person);
  for (const each of openClassesOf(school)) {
    const primary = teacherOf(district, each.primaryRow);
    const co = teacherOf(district, each.coRow);
    if (primary !== leaver && co !== leaver) continue;
    each.touchedDay = day;
    seatTeachers(district, each, instead(primary) ?? successor, instead(co), day);
  }
  district.lives.user.vanish(leaver.index, day);
}

const openClassesOf = (school: School): ClassRecord[] =>
  [...school.cohorts.values()].flat().flatMap((slot) => slot.classes);

/** The two teachers of a class change roles, or another teacher of the school takes it over. */
function changeTeacher(district: District, each: ClassRecord, random: Random, day: number): void {
  const primary = teacherOf(district, each.primaryRow);
  const co = teacherOf(district, each.coRow);
  const school = district.schools[each.slot.school];
  if (primary === null || school === undefined) return;
  each.touchedDay = day;
  if (co !== null && random.chance(0.5)) {
    seatTeachers(district, each, co, primary, day);
    return;
  }
  const others = school.teachers.filter((other) => other !== primary && other !== co);
  if (others.length > 0) seatTeachers(district, each, random.pick(others), co, day);
}
