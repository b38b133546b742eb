import type { HeaderColumn } from './header.ts';
import type { RecordKind } from './kinds.ts';
import { type Column, storedColumnsOf, TABLES } from './tables.ts';

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
  'enrollment.role',
  'demographics.sex',
]);

/** The columns to read rows by: 1.2 has more words in some vocabularies, which are stored as they are. */
export function readColumnsOf(kind: RecordKind, version: string | null): readonly Column[] {
  const columns = storedColumnsOf(kind);
  return version === '1.2' ? columns.map((column) => in1p2(kind, column)) : columns;
}

function in1p2(kind: RecordKind, column: Column): Column {
  if (!OPEN_COLUMNS.has(`${kind}.${column.name}`)) return column;
  const more = column.name === 'sex' ? ['unspecified', 'other'] : [];
  return { ...column, values: [...(column.values ?? []), ...more], open: true };
}

/** roles.csv of 1.2, as far as it is mapped onto a user (R9). */
export const ROLES_COLUMNS: readonly HeaderColumn[] = [
  { name: 'userSourcedId', required: true },
  { name: 'roleType', required: true },
  { name: 'role', required: true },
  { name: 'beginDate', required: false },
  { name: 'endDate', required: false },
  { name: 'orgSourcedId', required: true },
  { name: 'userProfileSourcedId', required: false },
];

/** 1.2 role words to 1.1's (facts §7). `counselor` has no equivalent; it is closest to an aide's rights. */
const ROLE_1_1: Readonly<Record<string, string>> = {
  aide: 'aide',
  counselor: 'aide',
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
const BY_FOLDED_ROLE: ReadonlyMap<string, string> = new Map(
  Object.entries(ROLE_1_1).map(([from, to]) => [from.toLowerCase(), to]),
);

/** The 1.1 role of a 1.2 role word, in any case; null for an unknown word (also `ext:` words: no rights by guess). */
export const roleOf1p2 = (word: string): string | null => BY_FOLDED_ROLE.get(word.trim().toLowerCase()) ?? null;
