import { parse } from 'csv-parse/sync';

export const ROLES_HEADER =
  'sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId';

/** What users.csv got with 1.2; the errata of 2023 took one column away again. */
const ADDED = {
  '2022': [
    'userMasterIdentifier',
    'resourceSourcedIds',
    'preferredGivenName',
    'preferredMiddleName',
    'preferredFamilyName',
    'primaryOrgSourcedId',
    'pronouns',
  ],
  '2023': [
    'userMasterIdentifier',
    'preferredGivenName',
    'preferredMiddleName',
    'preferredFamilyName',
    'primaryOrgSourcedId',
    'pronouns',
  ],
} as const;

/** How an export is written as OneRoster 1.2. */
export interface Writing1p2 {
  readonly shape?: keyof typeof ADDED;
  /** Rows of roles.csv; what users.csv of 1.1 says when not given, no file when null. */
  readonly roles?: readonly string[] | null;
  readonly rolesHeader?: string;
  readonly rolesMode?: 'bulk' | 'delta';
  readonly reverse?: boolean;
}

/** The files of a 1.1 export as 1.2: roles.csv says what `orgSourcedIds` and `role` of users.csv said. */
export function as1p2(files: Readonly<Record<string, string>>, writing: Writing1p2 = {}): Record<string, string> {
  const { shape = '2023', rolesHeader = ROLES_HEADER, rolesMode = 'bulk' } = writing;
  const { 'users.csv': users, 'manifest.csv': manifest, ...others } = files;
  const rows: string[][] = users === undefined ? [] : parse(users, { relaxColumnCount: true });
  const [header = [], ...data] = rows;
  const [orgs, role] = [header.indexOf('orgSourcedIds'), header.indexOf('role')];
  const kept = (cells: readonly string[]) => cells.filter((_, i) => i !== orgs && i !== role);
  const table = [
    [...kept(header), ...ADDED[shape]],
    ...data.map((cells) => [...kept(cells), ...ADDED[shape].map(() => '')]),
  ];
  const told = data.flatMap((cells) => rolesOf(cells[0]!, cells[orgs]!, cells[role]!, rolesMode));
  const lines = writing.roles === undefined ? told : writing.roles;
  return {
    ...others,
    ...(manifest === undefined ? {} : { 'manifest.csv': manifestOf(manifest, lines === null ? 'absent' : rolesMode) }),
    ...(users === undefined ? {} : { 'users.csv': textOf(table) }),
    ...(lines === null
      ? {}
      : { 'roles.csv': [rolesHeader, ...(writing.reverse ? lines.toReversed() : lines), ''].join('\n') }),
  };
}

const manifestOf = (manifest: string, roles: string): string =>
  `${manifest.replace('oneroster.version,1.1', 'oneroster.version,1.2')}file.roles,${roles}\n`;

/** A primary role at the first org, a secondary one at each other. */
function rolesOf(user: string, orgs: string, role: string, mode: 'bulk' | 'delta'): string[] {
  const word = role.toLowerCase() === 'administrator' ? 'siteAdministrator' : role;
  const status = mode === 'delta' ? 'active,2026-08-01' : ',';
  return orgs
    .split(',')
    .map(
      (org, i) => `${user}-role-${i},${status},${user},${i === 0 ? 'primary' : 'secondary'},${word},,,${org.trim()},`,
    );
}

const textOf = (rows: readonly (readonly string[])[]): string =>
  rows.map((cells) => `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`).join('');
