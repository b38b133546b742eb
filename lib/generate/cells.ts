import type { RecordKind } from '../core/oneroster/kinds.ts';
import { dateText, SCHOOL_YEAR, SESSIONS, type SessionCode, spanOf } from './calendar.ts';
import { GRADE_CODES } from './catalog.ts';
import { TITLE_VARIANTS } from './churn-classes.ts';
import { demographicsCells } from './demographics-cells.ts';
import { type District, termsOf } from './district.ts';
import { PRIMARY_TEACHER, STUDENT } from './enrollment-store.ts';
import type { Ids } from './ids.ts';
import { mix } from './random.ts';
import { userCells } from './user-cells.ts';

/** The cells of a record by its index, in the order of `headerOf(kind)`; status and dateLastModified are blank. */
export type CellsOf = (index: number) => string[];

const SCHOOL_IDENTIFIER_DRAW = 401;
const sessionIndex = (code: SessionCode): number => SESSIONS.findIndex((each) => each.code === code);
const gradeCodes = (grades: readonly number[]): string => grades.map((each) => GRADE_CODES[each] ?? '').join(',');

/** How each kind's rows are made from the state of the district. */
export function cellsOf(district: District, ids: Ids): Readonly<Record<RecordKind, CellsOf>> {
  const { seed } = district;
  return {
    org: (index) => {
      const school = district.schools[index - 1];
      const leaId = `0${mix(seed, SCHOOL_IDENTIFIER_DRAW, 0) % 900_000}`.padEnd(7, '1');
      const identifier = school === undefined ? leaId : `${leaId}${String(index).padStart(5, '0')}`;
      const name = school?.name ?? district.name;
      const parent = school === undefined ? '' : ids.org(0);
      return [ids.org(index), '', '', name, school === undefined ? 'district' : 'school', identifier, parent];
    },
    academicSession: (index) => {
      const each = SESSIONS[index];
      if (each === undefined) return [];
      const parent = each.parent === null ? '' : ids.session(sessionIndex(each.parent));
      const { title, type, start, end } = each;
      return [ids.session(index), '', '', title, type, dateText(start), dateText(end), parent, SCHOOL_YEAR];
    },
    course: (index) => courseCells(district, ids, index),
    class: (index) => classCells(district, ids, index),
    user: userCells(district, ids),
    enrollment: enrollmentCells(district, ids),
    demographics: demographicsCells(district, ids),
  };
}

function courseCells(district: District, ids: Ids, index: number): string[] {
  const course = district.courses[index];
  if (course === undefined) return [];
  const { code, title, grades, subjects, subjectCodes } = course.template;
  const edition = course.titleVersion === 0 ? title : `${title} (${course.titleVersion + 1})`;
  return [
    ...[ids.course(index), '', '', ids.session(0), edition, code, gradeCodes(grades), ids.org(course.school + 1)],
    ...[subjects.join(','), subjectCodes.join(',')],
  ];
}

function classCells(district: District, ids: Ids, index: number): string[] {
  const each = district.classes[index];
  if (each === undefined) return [];
  const { course, slot, section } = each;
  const { code, title, subjects, subjectCodes } = course.template;
  const { classType, period } = slot.template;
  const terms = termsOf(each).map((term) => ids.session(sessionIndex(term)));
  return [
    ...[ids.class(index), '', '', `${title} - Section ${section}${TITLE_VARIANTS[each.titleVariant]}`],
    ...[GRADE_CODES[slot.grade] ?? '', ids.course(course.index), `${code}-${section}`, classType, `Room ${each.room}`],
    ...[ids.org(slot.school + 1), terms.join(','), subjects.join(','), subjectCodes.join(',')],
    period === 0 ? '' : String(period),
  ];
}

function enrollmentCells(district: District, ids: Ids): CellsOf {
  const { enrollments, classes } = district;
  const ends = new Map<readonly SessionCode[], string>();
  const endOf = (terms: readonly SessionCode[]): string => {
    const known = ends.get(terms) ?? dateText(spanOf(terms).end);
    ends.set(terms, known);
    return known;
  };
  return (row) => {
    const each = classes[enrollments.classOf(row)];
    if (each === undefined) return [];
    const role = enrollments.roleOf(row);
    return [
      ids.enrollment(row),
      '',
      '',
      ids.class(each.index),
      ids.org(each.slot.school + 1),
      ids.user(enrollments.personOf(row)),
      role === STUDENT ? 'student' : 'teacher',
      role === PRIMARY_TEACHER ? 'true' : 'false',
      dateText(enrollments.beginOf(row)),
      endOf(termsOf(each)),
    ];
  };
}
