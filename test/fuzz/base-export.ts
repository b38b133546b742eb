import { FILE_OF_KIND, RECORD_KINDS, type RecordKind } from '../../lib/core/oneroster/kinds.ts';
import { headerOf } from '../../lib/core/oneroster/tables.ts';
import type { Random } from '../../lib/generate/random.ts';
import type { Draft, DraftFile } from './draft.ts';

/** Stands in every cell that no finding may show (design §2); no header and no id has it. */
export const CANARY = '!KNRY!';

/** One record by column name; columns that it lacks are blank. */
export type Cells = Record<string, string>;

/** The records of a small district. */
export interface SmallDistrict {
  readonly version: '1.1' | '1.2';
  readonly records: Record<RecordKind, Cells[]>;
  /** The roles that 1.2 keeps beside the users. */
  readonly roles: Cells[];
}

const HEADER_1_2_USERS = headerOf('user').filter((name) => name !== 'orgSourcedIds' && name !== 'role');
const HEADER_ROLES = [
  ...['sourcedId', 'status', 'dateLastModified', 'userSourcedId', 'roleType', 'role'],
  ...['beginDate', 'endDate', 'orgSourcedId', 'userProfileSourcedId'],
];

const secret = (text: string, n: number): string => `${text}${CANARY}${n}`;

/** A district of one to three schools in which every reference resolves. */
export function smallDistrict(dice: Random): SmallDistrict {
  const version = dice.chance(0.2) ? '1.2' : '1.1';
  const schools = 1 + dice.below(3);
  const org: Cells[] = [{ sourcedId: 'org-0', name: secret('Maple', 0), type: 'district' }];
  for (let i = 1; i <= schools; i++) {
    org.push({ sourcedId: `org-${i}`, name: secret('School', i), type: 'school', parentSourcedId: 'org-0' });
  }
  const year = { startDate: '2026-08-15', endDate: '2027-06-10', schoolYear: '2027' };
  const academicSession: Cells[] = [{ sourcedId: 's-0', title: '2026/27', type: 'schoolYear', ...year }];
  for (let i = 1; i <= 1 + dice.below(3); i++) {
    academicSession.push({ sourcedId: `s-${i}`, title: `T${i}`, type: 'term', ...year, parentSourcedId: 's-0' });
  }
  const school = () => `org-${1 + dice.below(schools)}`;
  const course = times(2 + dice.below(4), (i) => ({
    sourcedId: `c-${i}`,
    title: secret('Reading', i),
    orgSourcedId: 'org-0',
    ...(dice.chance(0.5) ? { schoolYearSourcedId: 's-0', grades: '01,02', courseCode: `R${i}` } : {}),
  }));
  const user = times(6 + dice.below(18), (i) => userCells(dice, i, school()));
  const klass = times(2 + dice.below(5), (i) => ({
    sourcedId: `k-${i}`,
    title: secret('Reading, "1"', i),
    courseSourcedId: dice.pick(course)['sourcedId'] ?? '',
    classType: dice.pick(['homeroom', 'scheduled']),
    schoolSourcedId: school(),
    termSourcedIds: dice.chance(0.3) ? 's-0,s-1' : 's-1',
    location: secret('Room', i),
  }));
  const enrollment = times(8 + dice.below(25), (i) => ({
    sourcedId: `e-${i}`,
    classSourcedId: dice.pick(klass)['sourcedId'] ?? '',
    schoolSourcedId: school(),
    userSourcedId: dice.pick(user)['sourcedId'] ?? '',
    role: dice.chance(0.2) ? 'teacher' : 'student',
    primary: dice.chance(0.2) ? 'true' : 'false',
    ...(dice.chance(0.3) ? { beginDate: '2026-08-20', endDate: '2027-05-30' } : {}),
  }));
  const demographics = user
    .filter(() => dice.chance(0.4))
    .map(({ sourcedId = '' }, i) => ({
      sourcedId,
      birthDate: '2013-02-03',
      cityOfBirth: secret('Ulm', i),
      sex: 'male',
    }));
  if (demographics.length === 0)
    demographics.push({ sourcedId: 'u-0', birthDate: '2013-02-03', cityOfBirth: 'Ulm', sex: 'male' });
  const records = { org, academicSession, course, user, class: klass, enrollment, demographics };
  return { version, records, roles: version === '1.2' ? rolesOf(user) : [] };
}

const times = (count: number, make: (i: number) => Cells): Cells[] => Array.from({ length: count }, (_, i) => make(i));

const userCells = (dice: Random, i: number, school: string): Cells => ({
  sourcedId: i % 7 === 3 ? `ü-${i}/四` : `u-${i}`,
  enabledUser: dice.chance(0.9) ? 'true' : 'FALSE',
  orgSourcedIds: dice.chance(0.2) ? `${school},org-0` : school,
  role: dice.pick(['student', 'student', 'student', 'teacher', 'parent', 'administrator']),
  username: secret('ann', i),
  userIds: `{Fed:${secret('x', i)}}`,
  givenName: secret('Zoë', i),
  familyName: secret("O'Neil, Jr.", i),
  middleName: secret('李', i),
  identifier: secret('id', i),
  email: secret('ann@example.test', i),
  sms: secret('555', i),
  phone: secret('556', i),
  password: secret('pw', i),
  grades: '07',
  ...(i > 3 && dice.chance(0.3) ? { agentSourcedIds: 'u-0, u-1' } : {}),
});

const rolesOf = (users: readonly Cells[]): Cells[] =>
  users.flatMap(({ sourcedId = '', orgSourcedIds = '', role = '' }) =>
    orgSourcedIds.split(',').map((orgSourcedId, n) => ({
      sourcedId: `r-${sourcedId}-${n}`,
      userSourcedId: sourcedId,
      roleType: n === 0 ? 'primary' : 'secondary',
      role: role === 'administrator' ? 'siteAdministrator' : role,
      orgSourcedId,
    })),
  );

/** Which of a delivery's files are delta; the others are bulk. */
export type DeltaFiles = ReadonlySet<string>;

/** The export of a district: with a manifest unless every file is bulk and `manifest` is false. */
export function exportOf(district: SmallDistrict, deltas: DeltaFiles, dice: Random, manifest = true): Draft {
  const style = { lineEnd: dice.chance(0.5) ? ('\r\n' as const) : ('\n' as const), quoteAll: dice.chance(0.2) };
  const file = (name: string, header: readonly string[], records: readonly Cells[]): DraftFile => ({
    path: `${name}.csv`,
    header: [...header],
    rows: records.map((record) => header.map((column) => cellOf(record, column, deltas.has(name)))),
    ...style,
  });
  const files = RECORD_KINDS.map((kind) => {
    const header = kind === 'user' && district.version === '1.2' ? HEADER_1_2_USERS : headerOf(kind);
    return file(FILE_OF_KIND[kind], header, district.records[kind]);
  });
  if (district.version === '1.2') files.push(file('roles', HEADER_ROLES, district.roles));
  if (manifest || deltas.size > 0 || district.version === '1.2') {
    const modes = files
      .map(({ path }) => path.slice(0, -4))
      .map((name) => [`file.${name}`, deltas.has(name) ? 'delta' : 'bulk']);
    files.push({
      path: 'manifest.csv',
      header: ['propertyName', 'value'],
      rows: [
        ['manifest.version', '1.0'],
        ['oneroster.version', district.version],
        ...modes,
        ['file.results', 'absent'],
      ],
      ...style,
    });
  }
  return { packaging: dice.pick(['zip', 'zip', 'folder', 'folder', 'folder']), files };
}

function cellOf(record: Cells, column: string, delta: boolean): string {
  if (delta && column === 'status') return record['status'] ?? 'active';
  if (delta && column === 'dateLastModified') return '2026-11-22T02:00:00.000Z';
  return record[column] ?? '';
}
