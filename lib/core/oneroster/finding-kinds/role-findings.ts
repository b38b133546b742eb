import { error, type FindingKind, warning } from './finding-kind.ts';

/** roles.csv of OneRoster 1.2 (R9). */
export const ROLE_FINDINGS = {
  'role-row-damaged': error({
    says: 'A row of roles.csv for this user has an error, so the user is left as they are.',
    cause:
      'In OneRoster 1.2 a user is a row of users.csv and their rows of roles.csv. Half of them would change the user.',
    example: 'u-104 has two roles, and one of them names an org that is not here.',
    hint: 'Correct the row in roles.csv.',
  }),
  'role-missing': error({
    says: 'No usable row of roles.csv gives the user a role at an org.',
    cause: 'The user has no role in the student information system, or the filter of the export leaves it out.',
    example: 'u-104 stands in users.csv, and nowhere in roles.csv.',
    hint: 'Give the user a role in the student information system.',
  }),
  'role-not-mapped': warning({
    says: 'A role is a word that OneRoster 1.1 does not have (counselor, ext:…); it is kept, and gives no rights here.',
    cause: 'OneRoster 1.2 has more words, and lets exporters add their own.',
    example: 'ext:librarian as the role of a user.',
    hint: 'Give these users one of the roles of OneRoster 1.1 as their primary role.',
  }),
  'several-primary-roles': warning({
    says: 'The user has two different primary roles; the first of teacher, administrator, aide, proctor, student counts.',
    cause: 'The person is, say, a teacher at one school and a principal at another, and both are marked as primary.',
    example: 'Two rows of u-104 with roleType primary: teacher and principal.',
    hint: 'Mark one role as primary.',
  }),
  'role-without-user-row': warning({
    says: 'The role belongs to a user who has no row in users.csv, so it changes nothing.',
    cause: 'One of the two files is a delta, and only the role of the user has changed.',
    example: 'roles.csv has a row for u-104; users.csv, a delta, has none.',
    hint: 'Send the row of the user, too, or both files as bulk.',
  }),
  'role-end-unknown': warning({
    says: 'The row ends a role, but a delta does not say which roles the user keeps; their orgs stay as they are.',
    cause: 'roles.csv is a file of changes. Which org goes with the role cannot be told from it.',
    example: 'r-55,tobedeleted in a roles.csv that is a delta.',
    hint: 'Send users.csv and roles.csv as bulk.',
  }),
  'roles-withheld': warning({
    says: '{count} rows of roles.csv do not say whose role they are, so no user loses an org in this sync.',
    cause: 'userSourcedId is blank or damaged there. Any user could be meant.',
    example: 'Three rows of roles.csv without a userSourcedId.',
    hint: 'Correct those rows.',
  }),
} as const satisfies Record<string, FindingKind>;
