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

/** The kinds whose records belong to schools. */
export type SchoolKind = Extract<RecordKind, 'user' | 'class' | 'enrollment'>;

export const isSchoolKind = (kind: RecordKind): kind is SchoolKind =>
  kind === 'user' || kind === 'class' || kind === 'enrollment';

/** The orgs that a record belongs to, as its line has them: '' for none, several joined by ',' (users only). */
export function schoolsOf(kind: SchoolKind, line: string): string {
  if (kind === 'user') return valueAt(line, USER_ORGS);
  return valueAt(line, kind === 'class' ? CLASS_SCHOOL : ENROLLMENT_SCHOOL);
}

export const isStudent = (userLine: string): boolean => valueAt(userLine, USER_ROLE) === 'student';

export const orgNameOf = (orgLine: string): string => valueAt(orgLine, ORG_NAME);
