import type { ClassRecord, District, Slot } from './district.ts';
import { dropStudentRow, enrollStudent, seatTeachers, smallestOf } from './enroll.ts';
import { NO_ROW } from './enrollment-store.ts';
import { openClass } from './open-cohort.ts';
import type { Random } from './random.ts';

/** How many of the open classes change in a night, as a multiple of the churn. */
const CLOSED_SHARE = 0.03;
const OPENED_SHARE = 0.03;
const EDITED_SHARE = 0.3;

/** What is added to a class's title, in turn. */
export const TITLE_VARIANTS: readonly string[] = ['', ' - Inclusion', ' - Dual Language', ' (Team B)'];

/** Closes, opens and edits some classes for one night. */
export function churnClasses(district: District, random: Random, day: number): void {
  const open = district.classes.length - district.closedClasses.length;
  const { churn } = district.options;
  closeClasses(district, random.round(open * churn * CLOSED_SHARE), random, day);
  openClasses(district, random.round(open * churn * OPENED_SHARE), random, day);
  for (let edited = random.round(open * churn * EDITED_SHARE); edited > 0; edited -= 1) {
    const each = untouchedClass(district, random, day);
    if (each === null) continue;
    each.touchedDay = day;
    if (random.chance(0.6)) each.room = 100 + ((each.room - 100 + 1 + random.below(199)) % 200);
    else each.titleVariant = (each.titleVariant + 1) % TITLE_VARIANTS.length;
    district.lives.class.change(each.index, day);
  }
}

/** A random open class to which nothing happened tonight, if a few tries find one. */
export function untouchedClass(district: District, random: Random, day: number): ClassRecord | null {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const each = random.pick(district.classes);
    if (each.touchedDay !== day && district.lives.class.isPresent(each.index)) return each;
  }
  return null;
}

/** The students of a closed class go to the smallest other class of its slot, so a slot's last class stays open. */
function closeClasses(district: District, count: number, random: Random, day: number): void {
  const closing = new Set<number>();
  for (let each = 0; each < count; each += 1) {
    const chosen = untouchedClass(district, random, day);
    if (chosen === null || chosen.slot.classes.length < 2) continue;
    chosen.touchedDay = day;
    chosen.slot.classes.splice(chosen.slot.classes.indexOf(chosen), 1);
    closing.add(chosen.index);
  }
  if (closing.size === 0) return;
  for (const [index, rows] of district.enrollments.studentRowsOf(closing)) {
    const closed = district.classes[index] as ClassRecord;
    for (const row of rows) moveStudent(district, row, smallestOf(closed.slot.classes), day);
    for (const row of [closed.primaryRow, closed.coRow]) {
      if (row !== NO_ROW) district.enrollments.lives.vanish(row, day);
    }
    closed.primaryRow = NO_ROW;
    closed.coRow = NO_ROW;
    district.lives.class.vanish(index, day);
    district.closedClasses.push(closed);
  }
}

function moveStudent(district: District, row: number, to: ClassRecord, day: number): void {
  const student = district.people[district.enrollments.personOf(row)];
  if (student === undefined) return;
  student.touchedDay = day;
  dropStudentRow(district, row, day);
  enrollStudent(district, student, to, day);
}

/** Relieves the largest class of a slot of half its students: with a new class, or with one that was closed before. */
function openClasses(district: District, count: number, random: Random, day: number): void {
  const relieved = new Map<number, ClassRecord>();
  for (let each = 0; each < count; each += 1) {
    const like = untouchedClass(district, random, day);
    if (like === null) continue;
    const { slot } = like;
    const largest = slot.classes.reduce((most, other) => (other.students > most.students ? other : most));
    if (relieved.has(largest.index)) continue;
    const opened = reopenClass(district, slot, day) ?? openClass(district, slot, like.course, random, day);
    const teacher = random.pick(district.schools[slot.school]?.teachers ?? []);
    seatTeachers(district, opened, teacher, null, day);
    if (largest !== opened) relieved.set(largest.index, opened);
  }
  if (relieved.size === 0) return;
  for (const [index, rows] of district.enrollments.studentRowsOf(new Set(relieved.keys()))) {
    const opened = relieved.get(index) as ClassRecord;
    for (const row of rows.filter((_, at) => at % 2 === 1)) {
      const student = district.people[district.enrollments.personOf(row)];
      if (student?.touchedDay !== day) moveStudent(district, row, opened, day);
    }
  }
}

/** A class of the slot that was closed on an earlier night, with its old sourcedId. */
function reopenClass(district: District, slot: Slot, day: number): ClassRecord | null {
  const at = district.closedClasses.findIndex((each) => each.slot === slot && each.touchedDay < day);
  const [opened] = at < 0 ? [] : district.closedClasses.splice(at, 1);
  if (opened === undefined) return null;
  opened.touchedDay = day;
  slot.classes.push(opened);
  district.lives.class.appear(opened.index, day, false);
  return opened;
}
