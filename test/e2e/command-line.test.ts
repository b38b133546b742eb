import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, rollcall, type SyncLine, temporaryFolder } from './rollcall-process.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');

afterAll(cleanUp);

const COMMANDS = [
  ['check'],
  ['plan'],
  ['generate'],
  ['local'],
  ['district'],
  ['district', 'add'],
  ['district', 'show'],
  ['district', 'set'],
  ['district', 'list'],
  ['district', 'suspend'],
  ['district', 'resume'],
  ['district', 'sheet'],
  ['district', 'password'],
  ['district', 'keys'],
  ['district', 'addresses'],
  ['district', 'offboard'],
  ['host-keys'],
  ['roster'],
  ['syncs'],
  ['sync'],
  ['holds'],
  ['approve'],
  ['reject'],
  ['undo'],
  ['rekey'],
  ['pause'],
  ['resume'],
  ['command'],
  ['redrive'],
  ['why'],
  ['sso-preflight'],
  ['sso-keys'],
  ['sso-keys', 'show'],
  ['sso-keys', 'rotate'],
];

test.each(COMMANDS.map((command) => [command.join(' '), command] as const))('rollcall %s', async (name, command) => {
  const [help, wrong] = await Promise.all([
    rollcall([...command, '--help']),
    rollcall([...command, '--no-such-option', '--json']),
  ]);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toContain(`Usage: rollcall ${name} `);
  expect(wrong).toMatchObject({ code: 2, stderr: '' });
  const error = { code: expect.any(String), message: expect.any(String), hint: expect.stringMatching(/.+/) };
  expect(wrong.json).toEqual([{ error }]);
});

test.each([
  'plan',
  'sync',
  'holds',
  'approve',
  'reject',
  'undo',
  'rekey',
  'pause',
  'resume',
  'command',
  'redrive',
  'why',
])('rollcall %s says what its exit codes mean', async (name) => {
  expect((await rollcall([name, '--help'])).stdout).toMatch(/^Exit codes: 0 /m);
});

test.each(['-V', '--version'])('rollcall %s prints the version of package.json', async (option) => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
    version: string;
  };
  expect(await rollcall([option])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('rollcall alone, and a command that there is not', async () => {
  expect(await rollcall(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('local [options]') });
  expect(await rollcall(['lokal'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('lokal') });
  expect(await rollcall([])).toMatchObject({ code: 2, stdout: '' });
});

test('what `local --once --json`, `syncs` and `sync` print has the keys that others rely on', async () => {
  await rollcall(['generate', folder, '--students', '30', '--seed', '2', '--zip']);
  const args = ['--data', data, '--quiet-seconds', '1', '--export', join(folder, 'day-1.zip')];
  const { code, json, stderr } = await rollcall(['local', '--once', '--json', ...args]);
  expect([code, stderr]).toEqual([0, '']);
  expect(json).toHaveLength(2);
  const [ready, line] = json;
  const url = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+/);
  expect(ready).toMatchObject({
    ready: true,
    http: url,
    sftp: { host: '127.0.0.1', port: expect.any(Number), username: 'maple-unified', password: expect.any(String) },
    endpoints: { s3: url, sqs: url, dynamodb: url },
    districtId: 'maple-unified',
  });
  const counts = { add: expect.any(Number), update: 0, deactivate: 0, reactivate: 0, unchanged: 0 };
  const files = ['orgs', 'academicSessions', 'courses', 'classes', 'users', 'enrollments', 'demographics'];
  const totals = { error: 0, warning: expect.any(Number), info: expect.any(Number), byCode: expect.any(Object) };
  const sync = {
    id: expect.any(String),
    deliveryId: expect.any(String),
    state: 'applied',
    changes: Object.fromEntries(files.map((file) => [file, counts])),
    findingCounts: totals,
  };
  expect(line).toMatchObject({ sync: { ...sync, seconds: expect.any(Number) } });

  const told = line?.['sync'] as SyncLine;
  const local = ['--local', '--data', data, '--json'];
  const list = await rollcall(['syncs', 'maple-unified', ...local]);
  expect(list.json).toMatchObject([{ district: 'maple-unified', syncs: [sync] }]);
  const one = await rollcall(['sync', String(told.id), ...local]);
  const users = {
    mode: 'bulk',
    rows: told.changes['users']?.['add'],
    valid: told.changes['users']?.['add'],
    errors: 0,
  };
  expect(one.json).toMatchObject([{ sync: { ...sync, findings: expect.any(Array), files: { users } } }]);
  const none = await rollcall(['sync', 's-none', ...local]);
  expect(none).toMatchObject({ code: 2, json: [{ error: { code: 'unknown-sync' } }] });
});
