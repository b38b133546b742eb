import type { CourseTemplate } from './catalog.ts';
import { slotsOfGrade } from './catalog.ts';
import type { ClassRecord, CourseRecord, District, Person, School, Slot } from './district.ts';
import { enrollStudent } from './enroll.ts';
import { NO_ROW } from './enrollment-store.ts';
import type { Random } from './random.ts';

/** Students per class that a school plans for (facts: OneRoster §10). */
const CLASS_SIZE = 21;

/** A school's course, made when the first class needs it. */
function courseOf(district: District, school: School, template: CourseTemplate): CourseRecord {
  const known = school.courses.get(template.code);
  if (known !== undefined) return known;
  const course = { index: district.courses.length, school: school.index, template, titleVersion: 0 };
  school.courses.set(template.code, course);
  district.courses.push(course);
  district.lives.course.appear(course.index, 1, true);
  return course;
}

/** Opens one more class of a course in a slot. It has no students and no teacher yet. */
export function openClass(
  district: District,
  slot: Slot,
  course: CourseRecord,
  random: Random,
  day: number,
): ClassRecord {
  slot.sections += 1;
  const opened: ClassRecord = {
    index: district.classes.length,
    slot,
    course,
    section: slot.sections,
    room: 100 + random.below(200),
    titleVariant: 0,
    students: 0,
    firstStaffRow: NO_ROW,
    primaryRow: NO_ROW,
    coRow: NO_ROW,
    touchedDay: day,
  };
  district.classes.push(opened);
  slot.classes.push(opened);
  district.lives.class.appear(opened.index, day, true);
  return opened;
}

/** Opens the classes of a grade at a school on day 1 and seats its students, evenly. */
export function openCohort(
  district: District,
  school: School,
  grade: number,
  students: readonly Person[],
  random: Random,
): void {
  const sections = Math.max(1, Math.round(students.length / CLASS_SIZE));
  const slots = slotsOfGrade(grade).map((template): Slot => {
    const slot: Slot = { template, school: school.index, grade, classes: [], sections: 0 };
    const courses = template.courses.map((each) => courseOf(district, school, each));
    for (let section = 0; section < sections; section += 1) {
      openClass(district, slot, courses[section % courses.length] as CourseRecord, random, 1);
    }
    return slot;
  });
  school.cohorts.set(grade, slots);

  const places = students.map((_, at) => at);
  const seatOf = (slot: Slot, at: number) =>
    slot.classes[Math.floor(((places[at] ?? 0) * sections) / students.length)] as ClassRecord;
  const seats = slots.map((slot) => {
    // Without bells the group of the homeroom stays together all day; with bells everybody has a schedule of their own.
    if (slot.template.period > 0 || slot === slots[0]) random.shuffle(places);
    return students.map((_, at) => seatOf(slot, at));
  });
  for (const [at, student] of students.entries()) {
    for (const row of seats) enrollStudent(district, student, row[at] as ClassRecord, 1);
  }
}
