import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sftp } from './openssh.ts';
import {
  cleanUp,
  type JsonLine,
  type RunningStack,
  rollcall,
  startLocal,
  temporaryFolder,
  until,
} from './rollcall-process.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');
const DISTRICT = 'maple-unified';
let stack: RunningStack;

beforeAll(async () => {
  await rollcall(['generate', folder, '--students', '300', '--seed', '4', '--days', '2']);
  // A filter that went wrong: half of the users are gone.
  cpSync(join(folder, 'day-2'), join(folder, 'cut'), { recursive: true });
  const users = join(folder, 'cut/users.csv');
  const lines = readFileSync(users, 'utf8').split('\n');
  writeFileSync(users, `${lines.slice(0, lines.length / 2).join('\n')}\n`);
  stack = await startLocal(['--data', data, '--quiet-seconds', '1', '--export', join(folder, 'day-1')]);
  expect(await stack.nextSync()).toMatchObject({ state: 'applied' });
});

afterAll(cleanUp);

/** Commands that are sent to the functions: each says its id at once. */
const SENT: ReadonlySet<string | undefined> = new Set(['approve', 'reject', 'undo', 'rekey', 'pause', 'resume']);

const local = async (...args: readonly string[]) => {
  const { code, json, stderr } = await rollcall([...args, '--local', '--data', data, '--json']);
  const sent = SENT.has(args[0]) && json[0]?.['error'] === undefined;
  expect(stderr).toEqual(sent ? expect.stringMatching(/^Sent as c-\S+\. .*\n$/) : '');
  return { code, line: json[0] as JsonLine };
};

/** Uploads a folder of CSV files with a real client, and waits for the state of its sync. */
async function upload(name: string, state: string): Promise<string> {
  const known = new Set((await syncs()).map(({ id }) => id));
  const files = readdirSync(join(folder, name)).map((file) => `put ${join(folder, name, file)} /${file}`);
  expect(await sftp(stack.ready.sftp, files)).toMatchObject({ code: 0 });
  const sync = await until(`${name} is ${state}`, async () => {
    const found = (await syncs()).find(({ id }) => !known.has(id));
    return found?.state === state && found;
  });
  return sync.id;
}

const syncs = async () =>
  (await local('syncs', DISTRICT)).line['syncs'] as readonly { readonly id: string; readonly state: string }[];

/** The roster as it stands, without what every sync stamps. */
async function roster(): Promise<Record<string, string>> {
  const out = join(folder, 'out');
  rmSync(out, { recursive: true, force: true });
  await local('roster', DISTRICT, '--out', out);
  return Object.fromEntries(readdirSync(out).map((file) => [file, readFileSync(join(out, file), 'utf8')]));
}

test('held, shown, approved, taken back, resumed (R11, R13, R14)', async () => {
  const day1 = await roster();
  const held = await upload('cut', 'held');
  expect(await roster()).toEqual(day1);
  expect((await local('sync', held, '--pairs')).line).toMatchObject({ pairs: [], ambiguous: [] });

  const { line } = await local('holds');
  expect(line).toMatchObject({
    paused: [],
    holds: [{ id: held, districtId: DISTRICT, waitingHours: expect.any(Number) }],
  });
  const [{ holds }] = line['holds'] as unknown as [{ holds: { code: string; message: string }[] }];
  expect(holds.map(({ code }) => code)).toEqual(expect.arrayContaining(['removals', 'school-removals']));
  expect(holds.find(({ code }) => code === 'school-removals')?.message).toMatch(/^\w.* would lose \d+ of \d+ students/);

  expect(await local('approve', held, '--as-rekey')).toMatchObject({
    code: 1,
    line: { result: { outcome: 'refused', code: 'no-pairs' } },
  });
  expect(await local('approve', held, '--why', 'a test')).toMatchObject({
    code: 0,
    line: { result: { outcome: 'done' }, sync: { state: 'applied', decision: { why: 'a test', scope: 'as-shown' } } },
  });
  expect(await roster()).not.toEqual(day1);
  const again = await local('approve', held);
  expect(again).toMatchObject({ code: 1, line: { result: { code: 'not-held' } } });
  const { commandId } = again.line['result'] as { readonly commandId: string };
  expect(await local('command', commandId, DISTRICT)).toEqual(again);
  expect(await local('command', 'c-none', DISTRICT)).toMatchObject({
    code: 2,
    line: { error: { code: 'no-outcome', commandId: 'c-none' } },
  });

  const dry = await local('undo', held, '--dry-run');
  expect(dry).toMatchObject({ code: 0, line: { result: { outcome: 'done', syncId: null } } });
  const undone = await local('undo', held);
  expect(undone).toMatchObject({ code: 0, line: { sync: { state: 'applied', origin: 'undo', conflicts: 0 } } });
  expect(await roster()).toEqual(day1);
  expect((await local('sync', held)).line).toMatchObject({ sync: { state: 'undone' } });

  const paused = await upload('day-2', 'held');
  expect((await local('holds', DISTRICT)).line).toMatchObject({ paused: [DISTRICT], holds: [{ id: paused }] });
  expect(await local('approve', paused)).toMatchObject({ code: 1, line: { result: { code: 'paused' } } });
  expect(await local('resume', DISTRICT)).toMatchObject({ code: 0 });
  expect(await local('reject', paused, '--why', 'the next will do')).toMatchObject({ code: 0 });
  const applied = await upload('day-2', 'applied');
  expect((await local('sync', applied)).line).toMatchObject({
    sync: { findingCounts: { byCode: { 'same-bytes-as': 1 } } },
  });
});

test('R11: a first sync waits, and shows what each school would have', async () => {
  const account = { ...stack.ready.sftp, username: 'oak-hill', password: '' };
  const added = await local(
    'district',
    'add',
    'oak-hill',
    '--name',
    'Oak Hill',
    '--set',
    'quietSeconds=1',
    '--out',
    folder,
  );
  account.password = (added.line['sftp'] as { readonly password: string }).password;
  const files = readdirSync(join(folder, 'day-1')).map((file) => `put ${join(folder, 'day-1', file)} /${file}`);
  expect(await sftp(account, files)).toMatchObject({ code: 0 });
  type First = { readonly id: string; readonly schools: { readonly count: number; readonly largest: unknown[] } };
  const first = await until('the first sync is held', async () => {
    return ((await local('holds', 'oak-hill')).line['holds'] as unknown as First[])[0];
  });
  const { sync } = (await local('sync', first.id)).line as unknown as { sync: { schools: unknown[] } };
  const sizes = { students: expect.any(Number), staff: expect.any(Number), classes: expect.any(Number) };
  expect(sync.schools).toHaveLength(first.schools.count);
  expect(sync.schools[0]).toMatchObject({ name: expect.stringMatching(/^\w/), ...sizes });
  expect(first.schools.largest).toEqual(sync.schools.slice(0, 5));
  const students = (sync.schools as { students: number }[]).reduce((sum, each) => sum + each.students, 0);
  expect(students).toBeGreaterThanOrEqual(300);
});

test('a delta behind a held export is shown with what it waits for, and what to do (R15)', async () => {
  const lines = readFileSync(join(folder, 'day-2/users.csv'), 'utf8').split(/\r?\n/);
  const [header = '', row = ''] = lines;
  const cells = row.split(',');
  const delta = join(folder, 'delta');
  mkdirSync(delta);
  writeFileSync(
    join(delta, 'users.csv'),
    `${header}\n${[cells[0], 'active', '2026-11-24T04:00:00.000Z', ...cells.slice(3)].join(',')}\n`,
  );
  const modes = ['orgs', 'academicSessions', 'courses', 'classes', 'enrollments', 'demographics'].map(
    (name) => `file.${name},absent`,
  );
  writeFileSync(
    join(delta, 'manifest.csv'),
    ['propertyName,value', 'manifest.version,1.0', 'oneroster.version,1.1', 'file.users,delta', ...modes, ''].join(
      '\n',
    ),
  );
  const held = await upload('cut', 'held');
  const base = ((await local('sync', held)).line['sync'] as unknown as { deliveryId: string }).deliveryId;
  const files = readdirSync(delta).map((file) => `put ${join(delta, file)} /${file}`);
  expect(await sftp(stack.ready.sftp, files)).toMatchObject({ code: 0 });
  const [blocked] = await until('the delta waits', async () => {
    const { blocked } = (await local('holds', DISTRICT)).line as unknown as { blocked: { deliveryId: string }[] };
    return blocked.length > 0 && blocked;
  });
  const blockedBy = [{ deliveryId: base, state: 'held' }];
  expect(blocked).toEqual({ districtId: DISTRICT, deliveryId: expect.any(String), blockedBy });
  const { deliveryId } = blocked!;
  const waits = `waits: what it builds on (${base}) was held; decide it, or send a full export`;
  const text = async (...args: readonly string[]) => (await rollcall([...args, '--local', '--data', data])).stdout;
  expect(await text('syncs', DISTRICT)).toContain(`${deliveryId}: ${waits}`);
  expect(await text('holds')).toContain(`${deliveryId} of ${DISTRICT} ${waits}`);
  expect((await local('syncs', DISTRICT)).line).toMatchObject({
    deliveries: expect.arrayContaining([expect.objectContaining({ id: deliveryId, state: 'received', blockedBy })]),
  });
  expect(await text('why', DISTRICT, cells[0]!)).toContain(`It ${waits}. [delivery-blocked]`);
  expect(await local('reject', held, '--why', 'half of them')).toMatchObject({ code: 0 });
  expect(await text('holds')).toContain(`what it builds on (${base}) was rejected; send a full export`);
});

test('redrive says what waits, and commands need a running stack', async () => {
  expect(await local('redrive', '--dry-run')).toMatchObject({
    code: 0,
    line: { redriven: false, messages: { uploads: 0, plans: 0, applies: 0 } },
  });
  expect((await stack.interrupt()).code).toBe(0);
  expect(await local('resume', DISTRICT)).toMatchObject({ code: 2, line: { error: { code: 'not-running' } } });
  expect(await local('holds', DISTRICT)).toMatchObject({ code: 0, line: { holds: [] } });
});
