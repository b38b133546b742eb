import type { RecordKind } from '../oneroster/kinds.ts';
import { valueAt } from '../oneroster/record-line.ts';
import { storedColumnsOf } from '../oneroster/tables.ts';

const placeOf = (kind: RecordKind, column: string): number =>
  storedColumnsOf(kind).findIndex(({ name }) => name === column);

const CLASS_SCHOOL = placeOf('class', 'schoolSourcedId');
const ENROLLMENT_SCHOOL = placeOf('enrollment', 'schoolSourcedId');
const USER_ORGS = placeOf('user', 'orgSourcedIds');
const USER_ROLE = placeOf('user', 'role');
const ORG_NAME = placeOf('org', 'name');
const ORG_TYPE = placeOf('org', 'type');

/** The kinds whose records belong to schools. */
export type SchoolKind = Extract<RecordKind, 'user' | 'class' | 'enrollment'>;

export const isSchoolKind = (kind: RecordKind): kind is SchoolKind =>
  kind === 'user' || kind === 'class' || kind === 'enrollment';

/** The orgs that a record belongs to, as its line has them: '' for none, several joined by ',' (users only). */
export function schoolsOf(kind: SchoolKind, line: string): string {
  if (kind === 'user') return valueAt(line, USER_ORGS);
  return valueAt(line, kind === 'class' ? CLASS_SCHOOL : ENROLLMENT_SCHOOL);
}

/** Roles of people who are in a school for the sake of a student: neither students nor staff. */
const FAMILY: ReadonlySet<string> = new Set(['guardian', 'parent', 'relative']);

/** Who a user is to a school. Roles that only OneRoster 1.2 knows, such as `counselor`, are staff. */
export function roleGroupOf(userLine: string): 'student' | 'staff' | 'other' {
  const role = valueAt(userLine, USER_ROLE);
  if (role === 'student') return 'student';
  return FAMILY.has(role) ? 'other' : 'staff';
}

export const orgNameOf = (orgLine: string): string => valueAt(orgLine, ORG_NAME);

/** Whether an org is a school: neither a district nor a department. */
export const isSchool = (orgLine: string): boolean => valueAt(orgLine, ORG_TYPE) === 'school';
