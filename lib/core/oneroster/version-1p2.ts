import type { HeaderColumn } from './header.ts';
import type { RecordKind } from './kinds.ts';
import { type Column, storedColumnsOf, TABLES, USER_ROLES } from './tables.ts';

/** Columns of users.csv that came with 1.2 and 1.2.1 (facts §7); read for nothing. */
const USER_COLUMNS_1_2 = [
  'userMasterIdentifier',
  'resourceSourcedIds',
  'preferredGivenName',
  'preferredMiddleName',
  'preferredFamilyName',
  'primaryOrgSourcedId',
  'pronouns',
];

/** Columns of users.csv that 1.2 moved to roles.csv. */
const MOVED_TO_ROLES: ReadonlySet<string> = new Set(['orgSourcedIds', 'role']);

/** What the header of a file of this kind must and may have under this version. */
export function headerColumnsOf(
  kind: RecordKind,
  version: string | null,
): { columns: readonly HeaderColumn[]; tolerated: readonly string[] } {
  const { columns } = TABLES[kind];
  if (kind !== 'user' || version !== '1.2') return { columns, tolerated: [] };
  return { columns: columns.filter(({ name }) => !MOVED_TO_ROLES.has(name)), tolerated: USER_COLUMNS_1_2 };
}

/** Columns whose vocabulary 1.2 opens to vendors' own words (facts, vocabularies). */
const OPEN_COLUMNS: ReadonlySet<string> = new Set([
  'org.type',
  'academicSession.type',
  'class.classType',
  'user.role',
  'enrollment.role',
  'demographics.sex',
]);

/** Words of 1.2 that 1.1 does not have and that mean none of its words. */
const MORE_WORDS: Readonly<Record<string, readonly string[]>> = {
  'user.role': ['counselor'],
  'demographics.sex': ['unspecified', 'other'],
};

/** The columns to read rows by: 1.2 has more words in some vocabularies, which are stored as they are. */
export function readColumnsOf(kind: RecordKind, version: string | null): readonly Column[] {
  const columns = storedColumnsOf(kind);
  return version === '1.2' ? columns.map((column) => in1p2(kind, column)) : columns;
}

function in1p2(kind: RecordKind, column: Column): Column {
  if (!OPEN_COLUMNS.has(`${kind}.${column.name}`)) return column;
  const more = MORE_WORDS[`${kind}.${column.name}`] ?? [];
  return { ...column, values: [...(column.values ?? []), ...more], open: true };
}

/** 1.2 role words to 1.1's (facts §7). `counselor` has no equivalent there. */
const ROLE_1_1: Readonly<Record<string, string>> = {
  aide: 'aide',
  counselor: 'counselor',
  districtAdministrator: 'administrator',
  guardian: 'guardian',
  parent: 'parent',
  principal: 'administrator',
  proctor: 'proctor',
  relative: 'relative',
  siteAdministrator: 'administrator',
  student: 'student',
  systemAdministrator: 'administrator',
  teacher: 'teacher',
};

/** The role that a user gets for a word of roles.csv: 1.1's where it has one, else the word itself (decision 20). */
export const userRoleOf = (word: string): string => ROLE_1_1[word] ?? word;

/** Whether 1.1 has a word for the role. */
export const isKnownRole = (role: string): boolean => (USER_ROLES as readonly string[]).includes(role);

/** roles.csv of 1.2, as far as it is mapped onto a user (R9). Whose role it is, is checked after users.csv. */
export const ROLES_COLUMNS = [
  { name: 'userSourcedId', type: 'reference', required: true, stored: true },
  { name: 'roleType', type: 'enumeration', required: true, stored: true, values: ['primary', 'secondary'] },
  { name: 'role', type: 'enumeration', required: true, stored: true, values: Object.keys(ROLE_1_1), open: true },
  { name: 'beginDate', type: 'date', required: false, stored: true },
  { name: 'endDate', type: 'date', required: false, stored: true },
  { name: 'orgSourcedId', type: 'reference', required: true, stored: true, target: 'org' },
] as const satisfies readonly Column[];

/** Columns of roles.csv that are no surprise and are not read. */
export const ROLES_TOLERATED = ['userProfileSourcedId'] as const;

/** Whether a users.csv is that of 1.2: nothing else says so where there is neither manifest nor roles.csv. */
export const isUsersHeaderOf1p2 = (names: readonly string[]): boolean =>
  ![...MOVED_TO_ROLES].some((name) => names.includes(name)) && USER_COLUMNS_1_2.some((name) => names.includes(name));
