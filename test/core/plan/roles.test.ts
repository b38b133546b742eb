import fc from 'fast-check';
import { valuesOfLine } from '../../../lib/core/oneroster/record-line.ts';
import { storedColumnsOf } from '../../../lib/core/oneroster/tables.ts';
import { as1p2, ROLES_HEADER, type Writing1p2 } from '../../support/files-1p2.ts';
import { ModelTable } from '../../support/model-table.ts';
import { inMode, PLAIN, without } from '../../support/plain-delivery.ts';
import { check, planAgainst, sync } from '../../support/plan-trial.ts';
import { soundDeliveries } from '../../support/small-deliveries.ts';
import { filesOf, type SmallDelivery, uploadOf } from '../../support/small-delivery.ts';

const ROLES = [
  'r1,,,student,primary,student,,,school,',
  'r2,,,teacher,secondary,proctor,,,district,',
  'r3,,,teacher,primary,teacher,,,school,',
  'r4,,,parent,primary,parent,,,school,',
];

/** The plain district as OneRoster 1.2. */
const files1p2 = (roles: readonly string[] | null, writing: Writing1p2 = {}): Record<string, string> =>
  as1p2(filesOf(PLAIN), { ...writing, roles });

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

/** The same with each user's orgs once and in order, as roles.csv gives them. */
function withSortedOrgs(delivery: SmallDelivery): SmallDelivery {
  const rows = delivery.user.rows.map((row) => {
    const orgs = [...new Set(row.cells['orgSourcedIds']!.means!.split(','))].toSorted().join(',');
    return { ...row, cells: { ...row.cells, orgSourcedIds: { raw: orgs, means: orgs } } };
  });
  return { ...delivery, user: { ...delivery.user, rows } };
}

test('R9: the same district written as 1.1 and as 1.2, of 2022 or 2023, is the same records', async () => {
  const writing = fc.record({ shape: fc.constantFrom('2022' as const, '2023' as const), reverse: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(soundDeliveries, writing, async (some, how) => {
      const files = filesOf(withSortedOrgs(some));
      const [one, other] = [new ModelTable(), new ModelTable()];
      await sync(uploadOf(files), one);
      const { result } = await sync(uploadOf(as1p2(files, how)), other);
      expect(result.version).toBe('1.2');
      expect(other.image({ products: false })).toEqual(one.image({ products: false }));
      expect(result.findingCounts.error).toBe(0);
      expect(result.findingCounts.byCode['unknown-columns']).toBeUndefined();
    }),
    { numRuns: Number(process.env['LAW_RUNS'] ?? 30) },
  );
});

test('R9: a district that changes from 1.1 to 1.2 changes no record', async () => {
  const table = new ModelTable();
  await sync(uploadOf(filesOf(PLAIN)), table);
  const { changes, result } = await planAgainst(uploadOf(as1p2(filesOf(PLAIN))), table);
  expect(changes).toEqual([]);
  expect(result.findingCounts).toEqual({ error: 0, warning: 0, info: 0, byCode: {} });
});

test('R9: without a manifest, 1.2 is known by its columns', async () => {
  const { 'manifest.csv': _, ...files } = files1p2(ROLES);
  expect((await check(uploadOf(files))).result).toMatchObject({ version: '1.2', verdict: 'accepted' });
  const users = { 'users.csv': files['users.csv']! };
  const alone = await check(uploadOf(users, 'file'));
  expect(alone.result).toMatchObject({ version: '1.2', verdict: 'accepted', findingCounts: { error: 0 } });
  const roles = { 'roles.csv': files['roles.csv']! };
  const { result } = await check(uploadOf(roles, 'file'));
  expect(result).toMatchObject({ version: '1.2', verdict: 'accepted', findingCounts: { error: 0, warning: 0 } });
  expect(result.files['roles']).toMatchObject({ rows: 4, valid: 4 });
});

describe('R9: the role and the orgs of a user', () => {
  test('the orgs are those of all their roles, the role is the primary one', async () => {
    const { table, result } = await afterRoles(ROLES);
    expect(result.findingCounts).toEqual({ error: 0, warning: 0, info: 0, byCode: {} });
    expect(result.files['roles']).toEqual({ mode: 'bulk', rows: 4, valid: 4, errors: 0 });
    expect(userIn(table, 'teacher')).toEqual({ role: 'teacher', orgs: 'district,school' });
  });

  test.each([
    ['districtAdministrator', 'administrator'],
    ['siteAdministrator', 'administrator'],
    ['systemAdministrator', 'administrator'],
    ['principal', 'administrator'],
    ['aide', 'aide'],
    ['guardian', 'guardian'],
    ['parent', 'parent'],
    ['proctor', 'proctor'],
    ['relative', 'relative'],
    ['student', 'student'],
    ['Student', 'student'],
    ['teacher', 'teacher'],
    ['counselor', 'counselor'],
    ['ext:coach', 'ext:coach'],
  ])('%s of 1.2 is %s here', async (word, role) => {
    const { table, result } = await afterRoles([...ROLES.slice(0, 3), `r4,,,parent,primary,${word},,,school,`]);
    expect(userIn(table, 'parent')).toEqual({ role, orgs: 'school' });
    expect(result.findingCounts.error).toBe(0);
    expect(result.findingCounts.byCode['role-not-mapped']).toBe(/coun|ext/.test(word) ? 1 : undefined);
  });

  test.each([
    ['two primary ones: by rule, with a warning', ['primary,parent', 'primary,teacher'], 'teacher', 1],
    ['two primary ones that mean the same', ['primary,principal', 'primary,siteAdministrator'], 'administrator', 0],
    ['a primary one beside a weightier secondary one', ['primary,parent', 'secondary,teacher'], 'parent', 0],
    ['only secondary ones: by rule', ['secondary,student', 'secondary,aide'], 'aide', 0],
    ["a vendor's own word beside a known one", ['primary,ext:coach', 'primary,guardian'], 'guardian', 1],
    ["two of a vendor's own words", ['primary,ext:b', 'primary,ext:a'], 'ext:a', 1],
  ])('of %s, in any order of rows', async (_name, [a, b], role, warned) => {
    const others = ROLES.filter((line) => !line.includes('teacher'));
    const two = [`x1,,,teacher,${a},,,school,`, `x2,,,teacher,${b},,,district,`];
    for (const lines of [two, two.toReversed()]) {
      const { table, result } = await afterRoles([...others, ...lines]);
      expect(userIn(table, 'teacher')).toEqual({ role, orgs: 'district,school' });
      expect(result.findingCounts.byCode['several-primary-roles'] ?? 0).toBe(warned);
      expect(result.findingCounts.error).toBe(0);
    }
  });

  test('a primary one counts, whatever secondary ones stand before and after it', async () => {
    const rows = ['secondary,teacher', 'primary,parent', 'secondary,siteAdministrator'];
    const lines = rows.map((each, i) => `x${i},,,teacher,${each},,,school,`);
    const { table, result } = await afterRoles([...ROLES.filter((line) => !line.includes('teacher')), ...lines]);
    expect(userIn(table, 'teacher')).toEqual({ role: 'parent', orgs: 'school' });
    expect(result.findingCounts.byCode).toEqual({});
  });

  test('dates of a role are checked, and decide nothing', async () => {
    const dated = (begin: string, end: string) =>
      ROLES.map((line) => line.replace(',,,school', `,${begin},${end},school`));
    const good = await afterRoles(dated('2020-08-01', '2021-06-30'));
    expect(userIn(good.table, 'student')).toEqual({ role: 'student', orgs: 'school' });
    expect(good.result.findingCounts.byCode).toEqual({});
    const bad = await afterRoles(dated('8/1/2020', ''));
    expect(userIn(bad.table, 'student')).toEqual({ role: 'student', orgs: 'school' });
    expect(bad.result.findings[0]).toMatchObject({
      code: 'bad-date',
      severity: 'warning',
      column: 'beginDate',
      row: 2,
    });
  });

  test('a user without any role is an error of that user alone', async () => {
    const { table, result } = await afterRoles(ROLES.slice(0, 3));
    expect(userIn(table, 'parent')).toBeNull();
    expect(userIn(table, 'teacher')).not.toBeNull();
    const errors = result.findings.filter(({ severity }) => severity === 'error');
    expect(errors).toEqual([expect.objectContaining({ code: 'role-missing', file: 'users.csv', sourcedId: 'parent' })]);
  });

  test('of a user whose every role is tobedeleted: they keep what the table has', async () => {
    const ended = ROLES.map((line) => line.replace('r4,', 'r4,tobedeleted'));
    const { table, result } = await afterRoles(ROLES, ended);
    expect(userIn(table, 'parent')).toEqual({ role: 'parent', orgs: 'school' });
    expect(result.findingCounts.byCode).toMatchObject({ 'role-missing': 1 });
  });
});

describe('R5: a row of roles.csv with an error leaves its user as they are', () => {
  test.each([
    ['an org that is not here', 'r2,,,teacher,secondary,proctor,,,nowhere,', 'unresolved-reference', 'orgSourcedId'],
    ['a role that is none', 'r2,,,teacher,secondary,boss,,,district,', 'bad-enumeration', 'role'],
    ['a role of 1.1 only', 'r2,,,teacher,secondary,administrator,,,district,', 'bad-enumeration', 'role'],
    ['an ext: word without a word', 'r2,,,teacher,secondary,ext:,,,district,', 'bad-enumeration', 'role'],
    ['a role type that is none', 'r2,,,teacher,main,proctor,,,district,', 'bad-enumeration', 'roleType'],
    ["a vendor's own role type", 'r2,,,teacher,ext:third,proctor,,,district,', 'bad-enumeration', 'roleType'],
    ['no role', 'r2,,,teacher,secondary,,,,district,', 'required-missing', 'role'],
    ['no role type', 'r2,,,teacher,,proctor,,,district,', 'required-missing', 'roleType'],
    ['no org', 'r2,,,teacher,secondary,proctor,,,,', 'required-missing', 'orgSourcedId'],
    ['no id of its own', ',,,teacher,secondary,proctor,,,district,', 'id-missing', 'sourcedId'],
    ['a bad status', 'r2,gone,,teacher,secondary,proctor,,,district,', 'bad-status', 'status'],
    ['a quote after its user', 'r2,,,teacher,secondary,pro"ctor,,,district,', 'bad-quote', null],
  ])('%s', async (_what, line, code, column) => {
    const { table, result } = await afterRoles(ROLES, [ROLES[0]!, line, ...ROLES.slice(2)]);
    expect(userIn(table, 'teacher')).toEqual({ role: 'teacher', orgs: 'district,school' });
    expect(table.get('user', 'teacher')?.status).toBe('active');
    expect(result.findings).toContainEqual(expect.objectContaining({ code, file: 'roles.csv', row: 3, column }));
    expect(result.findingCounts).toMatchObject({ error: 2, byCode: { [code]: 1, 'role-row-damaged': 1 } });
    expect(result.files['roles']).toMatchObject({ valid: 3, errors: 1 });
    expect(result.files['users']).toMatchObject({ valid: 2, errors: 1 });
  });

  test('conflicting rows of one id: of both users', async () => {
    const twice = [...ROLES, 'r3,,,student,primary,aide,,,district,'];
    const { table, result } = await afterRoles(ROLES, twice);
    expect(userIn(table, 'student')).toEqual({ role: 'student', orgs: 'school' });
    expect(result.findingCounts).toMatchObject({ error: 4, byCode: { 'duplicate-id': 2, 'role-row-damaged': 2 } });
    expect(result.files['roles']).toMatchObject({ rows: 5, valid: 3, errors: 2 });
  });

  test('equal rows of one id count once', async () => {
    const { table, result } = await afterRoles([...ROLES, ROLES[2]!]);
    expect(userIn(table, 'teacher')).toEqual({ role: 'teacher', orgs: 'district,school' });
    expect(result.findingCounts).toMatchObject({ error: 0, byCode: { 'duplicate-row': 1 } });
  });

  test.each([
    ['shifted by a comma', 'r2,,,teacher,secondary,proctor,,,,district,'],
    ['without a user', 'r2,,,,secondary,proctor,,,district,'],
    ['with blanks around its user', 'r2,,, teacher,secondary,proctor,,,district,'],
  ])('a row %s may be anybody\u2019s: nobody loses an org, once', async (_name, line) => {
    const damaged = [ROLES[0]!, line, ...ROLES.slice(2)];
    const table = new ModelTable();
    await sync(uploadOf(files1p2(ROLES)), table);
    const { result } = await sync(uploadOf(files1p2(damaged)), table);
    expect(userIn(table, 'teacher')).toEqual({ role: 'teacher', orgs: 'district,school' });
    expect(result.findings).toContainEqual(expect.objectContaining({ code: 'roles-withheld', file: 'roles.csv' }));
    expect(result.findingCounts).toMatchObject({ error: 1 });
    const usual = result.profile.unreadableRows;
    const next = await sync(uploadOf(files1p2(damaged)), table, { lastUnreadableRows: usual });
    expect(next.result.findingCounts.byCode['roles-withheld']).toBeUndefined();
    expect(userIn(table, 'teacher')).toEqual({ role: 'teacher', orgs: 'school' });
  });
});

describe('R5b: the role of a user', () => {
  test('who is nowhere is an error of its row', async () => {
    const { result } = await afterRoles([...ROLES, 'r5,,,nobody,primary,teacher,,,school,']);
    expect(result.findings).toEqual([
      expect.objectContaining({
        code: 'unresolved-reference',
        severity: 'error',
        file: 'roles.csv',
        row: 6,
        sourcedId: 'r5',
      }),
    ]);
    expect(result.files['roles']).toMatchObject({ rows: 5, valid: 4, errors: 1 });
  });

  test('who is no longer in users.csv goes with them', async () => {
    const table = new ModelTable();
    await sync(uploadOf(files1p2(ROLES)), table);
    const { result } = await sync(uploadOf(as1p2(filesOf(without(PLAIN, 'user', 'parent')), { roles: ROLES })), table);
    expect(table.get('user', 'parent')?.status).toBe('inactive');
    expect(result.findings).toContainEqual(
      expect.objectContaining({ code: 'user-removed', file: 'roles.csv', row: 5 }),
    );
    expect(result.files['roles']).toMatchObject({ rows: 4, valid: 3, errors: 1 });
  });
});

describe('R4 R6 R9: without the whole of roles.csv', () => {
  const delta = inMode(PLAIN, 'delta', 'user');
  const moved = 'r9,active,2026-08-01,teacher,primary,teacher,,,district,';

  async function tableOf1p2(): Promise<ModelTable> {
    const table = new ModelTable();
    await sync(uploadOf(files1p2([...ROLES.slice(0, 1), ...ROLES.slice(2)])), table);
    return table;
  }

  test('a delta adds orgs to those of the table, and its primary role counts', async () => {
    const table = await tableOf1p2();
    const files = as1p2(filesOf(delta), { roles: [moved.replace('teacher,,', 'aide,,')], rolesMode: 'delta' });
    const { result } = await sync(uploadOf(files), table);
    expect(userIn(table, 'teacher')).toEqual({ role: 'aide', orgs: 'district,school' });
    expect(userIn(table, 'student')).toEqual({ role: 'student', orgs: 'school' });
    expect(result.findingCounts).toMatchObject({ error: 0, byCode: { 'delta-modified-blank': 1 } });
  });

  test('a role that a delta ends stays, and the row says so', async () => {
    const table = await tableOf1p2();
    const ended = 'r3,tobedeleted,2026-08-01,teacher,primary,teacher,,,school,';
    const files = as1p2(filesOf(delta), { roles: [moved, ended], rolesMode: 'delta' });
    const { result } = await sync(uploadOf(files), table);
    expect(userIn(table, 'teacher')).toEqual({ role: 'teacher', orgs: 'district,school' });
    expect(result.findings).toContainEqual(
      expect.objectContaining({ code: 'role-end-unknown', severity: 'warning', file: 'roles.csv', row: 3 }),
    );
  });

  test('a role in a delta of a user without a row there changes nothing, and says so', async () => {
    const table = await tableOf1p2();
    const others = without(delta, 'user', 'teacher');
    const files = as1p2(filesOf(others), { roles: [moved], rolesMode: 'delta' });
    const { changes, result } = await sync(uploadOf(files), table);
    expect(changes.filter(({ kind }) => kind === 'user')).toEqual([]);
    expect(result.findings).toContainEqual(
      expect.objectContaining({ code: 'role-without-user-row', severity: 'warning', file: 'roles.csv', row: 2 }),
    );
    expect(result.files['roles']).toMatchObject({ valid: 1, errors: 0 });
  });

  test.each<[string, Writing1p2]>([
    ['absent', { roles: null }],
    ['header-only', { roles: [] }],
    ['header-only as a delta', { roles: [], rolesMode: 'delta' }],
  ])('%s: users keep the role and the orgs that the table has', async (_name, writing) => {
    const table = await tableOf1p2();
    const rows = [...PLAIN.user.rows, { ...PLAIN.user.rows[0]!, id: 'newcomer' }];
    const more = { ...PLAIN, user: { ...PLAIN.user, rows } };
    const { changes, result } = await sync(uploadOf(as1p2(filesOf(more), writing)), table);
    expect(changes).toEqual([]);
    expect(result.findings.filter(({ severity }) => severity === 'error')).toEqual([
      expect.objectContaining({ code: 'role-missing', file: 'users.csv', sourcedId: 'newcomer' }),
    ]);
  });

  test('a check without a table cannot know the role of a user of a delta', async () => {
    const { result } = await check(uploadOf(as1p2(filesOf(delta), { roles: [moved], rolesMode: 'delta' })));
    expect(result.findingCounts.error).toBe(0);
    expect(result.findingCounts.byCode['references-not-checked']).toBeGreaterThan(0);
  });
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
  const rolesHeader = ROLES_HEADER.replace('beginDate,endDate', ',');
  const files = files1p2(['r1,,,student,primary', ...ROLES], { rolesHeader });
  const { result } = await planAgainst(uploadOf(files), new ModelTable());
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
