import { valuesOfLine } from '../../../lib/core/oneroster/record-line.ts';
import { storedColumnsOf } from '../../../lib/core/oneroster/tables.ts';
import { ModelTable } from '../../support/model-table.ts';
import { PLAIN } from '../../support/plain-delivery.ts';
import { planAgainst, sync } from '../../support/plan-trial.ts';
import { filesOf, uploadOf } from '../../support/small-delivery.ts';

const ROLES_HEADER =
  'sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId';
const ROLES = [
  'r1,,,student,primary,student,,,school,',
  'r2,,,teacher,secondary,proctor,,,district,',
  'r3,,,teacher,primary,teacher,,,school,',
  'r4,,,parent,primary,parent,,,school,',
];

/** The plain district as OneRoster 1.2: users.csv without `orgSourcedIds` and `role`, and roles.csv. */
function files1p2(rolesLines: readonly string[], header = ROLES_HEADER): Record<string, string> {
  const files = filesOf(PLAIN);
  const users = files['users.csv']!.trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
  const dropped = ['orgSourcedIds', 'role'].map((name) => users[0]!.indexOf(name));
  const narrow = users.map((cells) => cells.filter((_, i) => !dropped.includes(i)).join(','));
  return {
    ...files,
    'manifest.csv': `${files['manifest.csv']!.replace('1.1', '1.2')}file.roles,bulk\n`,
    'users.csv': `${narrow.join('\n')}\n`,
    'roles.csv': [header, ...rolesLines].map((line) => `${line}\n`).join(''),
  };
}

function userIn(table: ModelTable, id: string): { role: string; orgs: string } | null {
  const record = table.get('user', id);
  if (record === undefined) return null;
  const values = valuesOfLine(record.line);
  const of = (column: string) => values[storedColumnsOf('user').findIndex(({ name }) => name === column)]!;
  return { role: of('role'), orgs: of('orgSourcedIds') };
}

async function afterRoles(...days: readonly (readonly string[])[]) {
  const table = new ModelTable();
  let last: Awaited<ReturnType<typeof sync>> | null = null;
  for (const lines of days) last = await sync(uploadOf(files1p2(lines)), table);
  return { table, ...last! };
}

test('R9: the orgs of a user are those of all their roles, the role is the primary one', async () => {
  const { table, result } = await afterRoles(ROLES);
  expect(result.findingCounts).toMatchObject({ error: 0, warning: 0 });
  expect(result.files['roles']).toEqual({ mode: 'bulk', rows: 4, valid: 4, errors: 0 });
  expect(userIn(table, 'teacher')).toEqual({ role: 'teacher', orgs: 'district,school' });
});

test.each([
  ['districtAdministrator', 'administrator'],
  ['siteAdministrator', 'administrator'],
  ['systemAdministrator', 'administrator'],
  ['principal', 'administrator'],
  ['counselor', 'aide'],
  ['aide', 'aide'],
  ['guardian', 'guardian'],
  ['Student', 'student'],
])('R9: the 1.2 role %s is the 1.1 role %s', async (word, role) => {
  const { table } = await afterRoles([...ROLES.slice(0, 3), `r4,,,parent,primary,${word},,,school,`]);
  expect(userIn(table, 'parent')).toEqual({ role, orgs: 'school' });
});

test.each([
  ['an org that is not here', 'r2,,,teacher,secondary,proctor,,,nowhere,', 'unresolved-reference'],
  ['a role that is none', 'r2,,,teacher,secondary,boss,,,district,', 'bad-enumeration'],
  ['a role type that is none', 'r2,,,teacher,main,proctor,,,district,', 'bad-enumeration'],
  ['no org', 'r2,,,teacher,secondary,proctor,,,,', 'required-missing'],
])('R5: a row of roles.csv with %s leaves its user as they are', async (_what, line, code) => {
  const { table, result } = await afterRoles(ROLES, [ROLES[0]!, line, ...ROLES.slice(2)]);
  expect(userIn(table, 'teacher')).toEqual({ role: 'teacher', orgs: 'district,school' });
  expect(table.get('user', 'teacher')?.status).toBe('active');
  expect(result.findingCounts).toMatchObject({ error: 2, byCode: { [code]: 1, 'role-row-damaged': 1 } });
  expect(result.files['roles']).toMatchObject({ valid: 3, errors: 1 });
  expect(result.files['users']).toMatchObject({ valid: 2, errors: 1 });
});

test('R9: an ext: word gives no rights and takes none', async () => {
  const { table, result } = await afterRoles([
    ROLES[0]!,
    'r2,,,teacher,secondary,ext:coach,,,district,',
    ...ROLES.slice(2),
  ]);
  expect(userIn(table, 'teacher')).toEqual({ role: 'teacher', orgs: 'school' });
  expect(result.findingCounts).toMatchObject({ error: 0, byCode: { 'role-not-mapped': 1 } });
});

test('R8b: a user without any role is an error of that user alone', async () => {
  const { table, result } = await afterRoles(ROLES.slice(0, 3));
  expect(userIn(table, 'parent')).toBeNull();
  expect(userIn(table, 'teacher')).not.toBeNull();
  expect(result.findings.filter(({ severity }) => severity === 'error').map(({ sourcedId }) => sourcedId)).toEqual([
    'parent',
    'parent',
  ]);
});

test('R16: a roles.csv that ends in the middle of a row rejects the delivery', async () => {
  const files = files1p2(ROLES);
  const { result } = await planAgainst(
    uploadOf({ ...files, 'roles.csv': files['roles.csv']!.slice(0, -10) }),
    new ModelTable(),
  );
  expect(result.verdict).toBe('rejected');
  expect(result.findings).toContainEqual(expect.objectContaining({ code: 'file-cut', file: 'roles.csv', row: 5 }));
});

test('R7: an unreadable roles.csv is named itself, not in every row of users.csv', async () => {
  const header = ROLES_HEADER.replace('beginDate,endDate', ',');
  const { result } = await planAgainst(
    uploadOf(files1p2(['r1,,,student,primary', ...ROLES], header)),
    new ModelTable(),
  );
  expect(result.verdict).toBe('rejected');
  const said = result.findings.map(({ code, file, row, column }) => [code, file, row, column].join(' '));
  expect(said).toEqual([
    'blank-column roles.csv 1 ',
    'row-width roles.csv 2 ',
    'references-not-checked users.csv 2 orgSourcedIds',
    'references-not-checked users.csv 2 role',
  ]);
});

test('R8: the dialect of roles.csv is said once', async () => {
  const files = files1p2(ROLES);
  const { result } = await planAgainst(
    uploadOf({ ...files, 'roles.csv': `\ufeff${files['roles.csv']}` }),
    new ModelTable(),
  );
  expect(result.findings).toEqual([expect.objectContaining({ code: 'byte-order-mark', file: 'roles.csv' })]);
});
