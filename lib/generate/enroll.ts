import { offsetOfDay, spanOf } from './calendar.ts';
import type { ClassRecord, District, Person, Slot } from './district.ts';
import { CO_TEACHER, NO_ROW, PRIMARY_TEACHER, STUDENT } from './enrollment-store.ts';

/** When somebody who joins a class on that day begins: with the term, or today if the term has begun. */
export function beginOf(each: ClassRecord, day: number): number {
  const { start, end } = spans.get(each.slot.template.terms) ?? learnSpan(each);
  const today = offsetOfDay(day);
  return day === 1 || today <= start || today >= end ? start : today;
}

const spans = new Map<readonly string[], { readonly start: number; readonly end: number }>();

function learnSpan(each: ClassRecord) {
  const span = spanOf(each.slot.template.terms);
  spans.set(each.slot.template.terms, span);
  return span;
}

/** The student sits in the class from today on; a row that the pair once had is used again, as a SIS would. */
export function enrollStudent(district: District, student: Person, each: ClassRecord, day: number): void {
  const { enrollments } = district;
  const begin = beginOf(each, day);
  const known = enrollments.find(student.firstRow, each.index, student.index);
  if (known !== NO_ROW) enrollments.put(known, STUDENT, begin, day);
  else student.firstRow = enrollments.add(student.firstRow, each.index, student.index, STUDENT, begin, day);
  each.students += 1;
}

/** Takes a delivered student row out. */
export function dropStudentRow(district: District, row: number, day: number): void {
  const each = district.classes[district.enrollments.classOf(row)] as ClassRecord;
  district.enrollments.lives.vanish(row, day);
  each.students -= 1;
}

/** The delivered enrollment rows of a student. */
export function rowsOfStudent(district: District, student: Person): number[] {
  const rows: number[] = [];
  for (let row = student.firstRow; row !== NO_ROW; row = district.enrollments.nextOf(row)) {
    if (district.enrollments.lives.isPresent(row)) rows.push(row);
  }
  return rows;
}

/** Puts a teacher before the class, keeping the begin date of one who teaches it already in the other role. */
function seatTeacher(district: District, each: ClassRecord, teacher: Person, role: 1 | 2, day: number): number {
  const { enrollments } = district;
  const known = enrollments.find(each.firstStaffRow, each.index, teacher.index);
  if (known === NO_ROW) {
    const begin = beginOf(each, day);
    each.firstStaffRow = enrollments.add(each.firstStaffRow, each.index, teacher.index, role, begin, day);
    return each.firstStaffRow;
  }
  const begin = enrollments.lives.isPresent(known) ? enrollments.beginOf(known) : beginOf(each, day);
  enrollments.put(known, role, begin, day);
  return known;
}

/** From today on these two teach the class, and nobody else. There is always exactly one primary teacher. */
export function seatTeachers(
  district: District,
  each: ClassRecord,
  primary: Person,
  co: Person | null,
  day: number,
): void {
  const before = [each.primaryRow, each.coRow];
  each.primaryRow = seatTeacher(district, each, primary, PRIMARY_TEACHER, day);
  each.coRow = co === null ? NO_ROW : seatTeacher(district, each, co, CO_TEACHER, day);
  for (const row of before) {
    if (row !== NO_ROW && row !== each.primaryRow && row !== each.coRow) district.enrollments.lives.vanish(row, day);
  }
}

/** The person of a staff row. */
export const teacherOf = (district: District, row: number): Person | null =>
  row === NO_ROW ? null : (district.people[district.enrollments.personOf(row)] ?? null);

/** Seats a student in one class of every slot: the group of the same number where the slot has it, else the smallest. */
export function seatInCohort(district: District, student: Person, slots: readonly Slot[], day: number): void {
  const first = slots[0];
  if (first === undefined) return;
  const group = smallestOf(first.classes);
  for (const slot of slots) {
    const together = slot.template.period === 0;
    const same = together ? slot.classes.find((each) => each.section === group.section) : undefined;
    enrollStudent(district, student, same ?? smallestOf(slot.classes), day);
  }
}

/** The class with the fewest students; the first of equals. A slot always keeps one class. */
export const smallestOf = (classes: readonly ClassRecord[]): ClassRecord =>
  classes.reduce((least, each) => (each.students < least.students ? each : least));
