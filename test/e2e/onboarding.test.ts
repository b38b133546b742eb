import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  cleanUp,
  type Ended,
  type RunningStack,
  rollcall,
  startLocal,
  temporaryFolder,
  until,
} from './rollcall-process.ts';
import { readSheet, sheetSession } from './sheet-session.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');
const zip = join(folder, 'day-1.zip');
const keyFile = join(folder, 'oak');
const PUT = [`put ${zip} /day-1.zip`];
let stack: RunningStack;

/** `rollcall district …` on the test's data folder. */
const district = (...args: string[]): Promise<Ended> =>
  rollcall(['district', ...args, '--local', '--data', data, '--json']);

beforeAll(async () => {
  await rollcall(['generate', folder, '--students', '40', '--seed', '3', '--zip']);
  for (const name of ['oak', 'other'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  stack = await startLocal(['--data', data, '--quiet-seconds', '1', '--export', zip]);
  await stack.nextSync();
});
afterAll(cleanUp);

let sheet: ReturnType<typeof readSheet>;
let markdown: string;
let password: string;
const openSsh = (type: string) => sheet.keys.find((key) => key.type === type)?.openSsh ?? '';
const login = () => ({ command: sheet.command, fingerprint: openSsh('ssh-ed25519'), password });

const deliveriesOf = async (districtId: string) => {
  const { json } = await rollcall(['syncs', districtId, '--local', '--data', data, '--json']);
  return json[0]?.['deliveries'] as readonly unknown[];
};
const syncsOf = async (districtId: string) => {
  const { json } = await rollcall(['syncs', districtId, '--local', '--data', data, '--json']);
  return json[0]?.['syncs'] as readonly {
    readonly id: string | null;
    readonly deliveryId: string;
    readonly state: string;
  }[];
};

const passwordOf = ([first]: Ended['json']): string => {
  const { password: made = '' } = (first?.['sftp'] ?? {}) as { readonly password?: string };
  return made;
};

/** The key that a row of the sheet names. */
const readSheetKey = (cell: string) => ({ fingerprint: /SHA256:[^`]+/.exec(cell)?.[0] ?? '' });

describe('the set-up sheet', () => {
  test('is written by `district add`, in two forms that say the same', async () => {
    const settings = ['quietSeconds=1', 'timeZone=America/Chicago', 'calendar={"days":["mon","thu"],"time":"02:30"}'];
    const added = await district(
      ...[
        'add',
        'oak-hill',
        '--name',
        'Oak Hill <ISD>',
        '--first-sync',
        'apply',
        '--out',
        folder,
        '--set',
        ...settings,
      ],
      ...['--key', `${keyFile}.pub`, '--cidr', '127.0.0.0/8', '--cidr', '203.0.113.7'],
    );
    expect(added).toMatchObject({ code: 0, stderr: '' });
    const files = ['md', 'html'].map((ending) => join(folder, `oak-hill-set-up.${ending}`));
    expect(added.json[0]).toMatchObject({ sheet: { result: files } });
    password = passwordOf(added.json);
    markdown = readFileSync(files[0]!, 'utf8');
    const html = readFileSync(files[1]!, 'utf8');
    sheet = readSheet(markdown);
    expect(html).toContain('Oak Hill &#60;ISD&#62;');
    for (const text of [sheet.command, ...sheet.keys.flatMap((key) => [key.type, key.openSsh, key.winScp])])
      expect(html).toContain(text);
    for (const page of [markdown, html]) expect(page).not.toContain(password);
    expect(sheet.row('Days')).toBe('Monday, Thursday');
    expect(sheet.row('Time')).toBe('`02:30` (`America/Chicago`)');
    expect(sheet.row('Template')).toBe('**OneRoster 1.1**');
    expect(sheet.row('Redirect URL')).toBe(`\`${stack.ready.sso}/callback\``);
  });

  test('shows the fingerprints that the server shows', () => {
    const { host, port } = stack.ready.sftp;
    const scanned = execFileSync('ssh-keyscan', ['-p', String(port), host], { stdio: ['ignore', 'pipe', 'ignore'] });
    const known = join(folder, 'known_hosts');
    writeFileSync(known, scanned);
    const lines = execFileSync('ssh-keygen', ['-l', '-f', known]).toString().trim().split('\n');
    const shown = lines.map((each) => each.split(' ')[1]).sort();
    expect(shown).toHaveLength(3);
    expect(sheet.keys.map((key) => key.openSsh).sort()).toEqual(shown);
    const winScp = scanned
      .toString()
      .split('\n')
      .filter((each) => /^[^#\s]/.test(each))
      .map((each) => {
        const [, type = '', body = ''] = each.split(' ');
        const bits = { 'ssh-ed25519': 255, 'ecdsa-sha2-nistp256': 256, 'ssh-rsa': 3072 }[type];
        return `${type} ${bits} ${createHash('sha256').update(Buffer.from(body, 'base64')).digest('base64')}`;
      });
    expect(sheet.keys.map((key) => key.winScp).sort()).toEqual(winScp.sort());
  });

  test('works as it stands with a real client, and another fingerprint does not', async () => {
    const wrong = await sheetSession({ ...login(), fingerprint: openSsh('ssh-rsa') }, ['ls']);
    expect(wrong.code).not.toBe(0);
    const right = await sheetSession(login(), PUT);
    expect(right).toMatchObject({ code: 0, output: expect.stringContaining('(ED25519)') });
    await until('it is applied', async () => (await syncsOf('oak-hill')).some(({ state }) => state === 'applied'));
  });

  test('can be written again, and names keys', async () => {
    const again = await district('sheet', 'oak-hill', '--out', join(folder, 'again'));
    expect(again.code).toBe(0);
    expect(readFileSync(join(folder, 'again/oak-hill-set-up.md'), 'utf8')).toBe(markdown);
    const [fingerprint] = /SHA256:\S+/.exec(execFileSync('ssh-keygen', ['-lf', `${keyFile}.pub`]).toString()) ?? [];
    expect(markdown).toContain(`SSH key \`${fingerprint}\``);
  });
});

describe('the login', () => {
  test('takes the key on file and no other, and addresses that are allowed', async () => {
    const byKey = { command: sheet.keyCommand, fingerprint: openSsh('ssh-ed25519') };
    expect(await sheetSession({ ...byKey, identity: keyFile }, ['ls'])).toMatchObject({ code: 0 });
    expect(await sheetSession({ ...byKey, identity: join(folder, 'other') }, ['ls'])).toMatchObject({ code: 255 });
    expect((await district('addresses', 'oak-hill', 'remove', '127.0.0.0/8')).json).toEqual([
      { district: 'oak-hill', addresses: ['203.0.113.7'] },
    ]);
    expect(await sheetSession(login(), ['ls'])).toMatchObject({ code: 255 });
    const last = await district('addresses', 'oak-hill', 'remove', '203.0.113.7');
    expect(last).toMatchObject({ code: 2, json: [{ error: { code: 'last-address' } }] });
    expect((await district('addresses', 'oak-hill', 'add', '127.0.0.1')).code).toBe(0);
    expect(await sheetSession(login(), ['ls'])).toMatchObject({ code: 0 });
  });

  test('gets and loses keys', async () => {
    expect((await district('keys', 'oak-hill', 'add', join(folder, 'other.pub'))).code).toBe(0);
    const { json } = await district('keys', 'oak-hill', 'list');
    const keys = json[0]?.['keys'] as readonly { readonly type: string; readonly fingerprint: string }[];
    expect(keys.map(({ type }) => type)).toEqual(['ssh-ed25519', 'ssh-ed25519']);
    const byKey = { command: sheet.keyCommand, fingerprint: openSsh('ssh-ed25519'), identity: join(folder, 'other') };
    expect(await sheetSession(byKey, ['ls'])).toMatchObject({ code: 0 });
    expect((await district('keys', 'oak-hill', 'remove', keys[1]?.fingerprint ?? '')).code).toBe(0);
    expect(await sheetSession(byKey, ['ls'])).toMatchObject({ code: 255 });
  });

  test('of keys only has no password, and keeps its last key', async () => {
    const added = await district('add', 'pine-lake', '--name', 'Pine', '--no-password', '--key', `${keyFile}.pub`);
    expect(added.json[0]).toMatchObject({ sftp: { username: 'pine-lake', password: null } });
    const pine = readSheet(readFileSync(join(data, 'set-up-sheets/pine-lake-set-up.md'), 'utf8'));
    const session = { command: pine.keyCommand, fingerprint: openSsh('ssh-ed25519') };
    expect(await sheetSession({ ...session, identity: keyFile }, ['ls'])).toMatchObject({ code: 0 });
    expect(
      await sheetSession({ ...session, command: session.command.replace('-i your-key ', ''), password }, ['ls']),
    ).toMatchObject({ code: 255 });
    const { fingerprint } = readSheetKey(pine.row('Signs in with'));
    const last = await district('keys', 'pine-lake', 'remove', fingerprint);
    expect(last).toMatchObject({ code: 2, json: [{ error: { code: 'last-key' } }] });
  });

  test('gets a new password, and the old one is worth nothing', async () => {
    const before = login();
    const { code, json } = await district('password', 'oak-hill');
    expect(code).toBe(0);
    password = passwordOf(json);
    expect(await sheetSession(before, ['ls'])).toMatchObject({ code: 255 });
    expect(await sheetSession(login(), ['ls'])).toMatchObject({ code: 0 });
  });

  test.each<[string, string[], string]>([
    ['a private key', ['add', 'elm-town', '--name', 'x', '--key', keyFile], 'bad-key'],
    ['a file that is none', ['add', 'elm-town', '--name', 'x', '--key', join(folder, 'none')], 'not-found'],
    ['a file without keys', ['add', 'elm-town', '--name', 'x', '--key', zip], 'bad-key'],
    ['neither key nor password', ['add', 'elm-town', '--name', 'x', '--no-password'], 'bad-options'],
    ['a range that is none', ['add', 'elm-town', '--name', 'x', '--cidr', '203.0.113.0/33'], 'bad-address'],
    ['a range that is none, later', ['addresses', 'oak-hill', 'add', 'office'], 'bad-address'],
    ['a key that it does not have', ['keys', 'oak-hill', 'remove', 'SHA256:none'], 'unknown-key'],
    ['nothing to add', ['keys', 'oak-hill', 'add'], 'usage'],
    ['keys of nobody', ['keys', 'elm-town', 'list'], 'unknown-district'],
  ])('refuses %s, and changes nothing', async (_name, args, code) => {
    expect(await district(...args)).toMatchObject({ code: 2, json: [{ error: { code } }] });
    expect((await district('show', 'elm-town')).code).toBe(2);
  });

  test('has fifty keys at most', async () => {
    const many = join(folder, 'many.pub');
    const line = readFileSync(`${keyFile}.pub`, 'utf8').split(' ');
    const blob = Buffer.from(line[1] ?? '', 'base64');
    // Fifty neighbours of the key that is there already, never that key itself.
    const last = blob.at(-1) ?? 0;
    const keyAt = (at: number) =>
      `ssh-ed25519 ${Buffer.concat([blob.subarray(0, -1), Buffer.of((last + 1 + at) % 256)]).toString('base64')}`;
    writeFileSync(many, Array.from({ length: 50 }, (_, at) => keyAt(at)).join('\n'));
    expect(await district('keys', 'oak-hill', 'add', many)).toMatchObject({
      json: [{ error: { code: 'too-many-keys' } }],
    });
    expect((await district('keys', 'oak-hill', 'list')).json[0]?.['keys']).toHaveLength(1);
  });
});

describe('a suspended district (R14)', () => {
  test('is refused at the door; what was delivered waits, and is applied when it goes on', async () => {
    await district('set', 'oak-hill', 'quietSeconds=15');
    expect(await sheetSession(login(), PUT)).toMatchObject({ code: 0 });
    expect((await district('suspend', 'oak-hill')).json).toEqual([
      { district: 'oak-hill', suspended: true, changed: true, started: false },
    ]);
    const refused = { code: 255, output: expect.stringContaining('Permission denied') };
    expect(await sheetSession(login(), ['ls'])).toMatchObject(refused);
    const byKey = { command: sheet.keyCommand, fingerprint: openSsh('ssh-ed25519'), identity: keyFile };
    expect(await sheetSession(byKey, ['ls'])).toMatchObject(refused);
    const waits = [{ id: expect.any(String), state: 'received', openedAt: expect.any(String) }];
    await until('the delivery is there', async () => (await deliveriesOf('oak-hill')).length > 0);
    // Longer than a plan takes here.
    await new Promise((done) => setTimeout(done, 2_000));
    expect(await deliveriesOf('oak-hill')).toMatchObject(waits);

    expect((await district('resume', 'oak-hill')).json).toEqual([
      { district: 'oak-hill', suspended: false, changed: true, started: true },
    ]);
    await until('it is planned', async () => (await syncsOf('oak-hill'))[0]?.state === 'unchanged');
    expect(await sheetSession(login(), ['ls'])).toMatchObject({ code: 0 });
  });
});

test('the stack that has stopped: its sheet waits for it, its settings do not', async () => {
  expect((await stack.interrupt()).code).toBe(0);
  expect(await district('sheet', 'oak-hill')).toMatchObject({ code: 2, json: [{ error: { code: 'not-running' } }] });
  const added = await district('add', 'elm-town', '--name', 'Elm');
  expect(added).toMatchObject({ code: 0, json: [{ sheet: { result: null } }] });
  expect(existsSync(join(data, 'set-up-sheets/elm-town-set-up.md'))).toBe(false);
});
