import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TransferAuthEvent } from '../../lib/core/district/sftp-login.ts';
import { makeSshKeyPair } from '../../lib/local/sftp/ssh-key-pair.ts';
import {
  GRANT,
  knownUser,
  PASSWORD,
  type SftpBench,
  startSftpBench,
  USER_KEY,
  USERNAME,
} from '../support/sftp-bench.ts';
import type { SftpClient } from '../support/sftp-client.ts';

const HOME = 'home/maple-unified';
/** SSH_FX_ codes as ssh2's client reports them. */
const NO_SUCH_FILE = { code: 2 };
const PERMISSION_DENIED = { code: 3 };
const FAILURE = { code: 4 };
const UNSUPPORTED = { code: 8 };

let bench: SftpBench;
let open: SftpClient[] = [];

beforeAll(async () => {
  bench = await startSftpBench();
});
afterAll(() => bench.close());
beforeEach(() => {
  bench.authenticate = knownUser;
  bench.asked.length = 0;
  bench.uploads.length = 0;
});
afterEach(async () => {
  await Promise.all(open.map((client) => client.end()));
  open = [];
});

async function login(): Promise<SftpClient> {
  const client = await bench.connect();
  open.push(client);
  return client;
}

/** Waits for something that follows a lost connection. */
async function until<T>(look: () => Promise<T | null | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await look();
    if (found !== null && found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('waited in vain');
}

describe('login', () => {
  const strangerKey = makeSshKeyPair('ed25519');
  const rsaKey = makeSshKeyPair('rsa');

  test('with a password: the identity provider is asked as Transfer asks it', async () => {
    await login();
    expect(bench.asked).toEqual([
      {
        username: USERNAME,
        password: PASSWORD,
        protocol: 'SFTP',
        serverId: bench.server.serverId,
        sourceIp: '127.0.0.1',
      },
    ]);
  });

  test('with a key: the identity provider never gets a password', async () => {
    open.push(await bench.connect({ privateKey: USER_KEY.privateKey }));
    expect(bench.asked.length).toBeGreaterThan(0);
    for (const event of bench.asked) expect(event).not.toHaveProperty('password');
  });

  test('with an RSA key, signed with SHA-2', async () => {
    bench.authenticate = async () => ({ ...GRANT, PublicKeys: ['not a key', rsaKey.publicKey] });
    open.push(await bench.connect({ privateKey: rsaKey.privateKey }));
  });

  const noKeys = async () => ({ ...GRANT, PublicKeys: [] });
  test.each<[string, object, ((event: TransferAuthEvent) => Promise<unknown>)?]>([
    ['a wrong password', { password: 'wrong' }],
    ['an unknown user', { username: 'elm-unified', password: PASSWORD }],
    ['a key that is not on file', { privateKey: strangerKey.privateKey }],
    ['no keys on file', { privateKey: USER_KEY.privateKey }, noKeys],
    ['an answer without a role', { password: PASSWORD }, async () => ({ ...GRANT, Role: '' })],
    ['an identity provider that throws', { password: PASSWORD }, async () => Promise.reject(new Error('down'))],
    [
      'a home directory that is no JSON string',
      { password: PASSWORD },
      async () => ({ ...GRANT, HomeDirectoryDetails: JSON.parse(GRANT.HomeDirectoryDetails) }),
    ],
    [
      'a target that ends in a slash',
      { password: PASSWORD },
      async () => ({ ...GRANT, HomeDirectoryDetails: '[{"Entry":"/","Target":"/rollcall-landing/home/"}]' }),
    ],
    ['a policy that is none', { password: PASSWORD }, async () => ({ ...GRANT, Policy: 'allow' })],
  ])('is refused: %s', async (...[_name, credentials, authenticate]) => {
    if (authenticate) bench.authenticate = authenticate as typeof bench.authenticate;
    await expect(bench.connect(credentials)).rejects.toThrow('All configured authentication methods failed');
  });

  test.each(['ab', 'root', '.hidden', 'a b c'])('is refused for %j without asking anyone', async (username) => {
    bench.authenticate = async () => GRANT;
    await expect(bench.connect({ username, password: PASSWORD })).rejects.toThrow('authentication methods failed');
    expect(bench.asked).toEqual([]);
  });

  test('is refused to a client without encrypt-then-MAC, as by TransferSecurityPolicy-2025-03', async () => {
    const algorithms = { hmac: ['hmac-sha2-256' as const], cipher: ['aes256-ctr' as const] };
    await expect(bench.connect({ password: PASSWORD, algorithms })).rejects.toThrow('no matching C->S MAC');
  });

  test('host keys survive a restart and are for their owner only', async () => {
    const before = bench.server.hostKeys;
    await bench.restart();
    expect(bench.server.hostKeys).toEqual(before);
    expect(before.map(({ type }) => type).sort()).toEqual(['ecdsa-sha2-nistp256', 'ssh-ed25519', 'ssh-rsa']);
    for (const name of await readdir(bench.hostKeyDir)) {
      expect((await stat(join(bench.hostKeyDir, name))).mode & 0o777).toBe(0o600);
    }
  });
});

describe('uploads', () => {
  test('arrive whole, with the metadata that Transfer stamps', async () => {
    const sftp = await login();
    const data = randomBytes(3 * 1024 * 1024 + 17);
    await sftp.put('export.zip', data);
    const object = await bench.object(`${HOME}/export.zip`);
    expect(object?.body.equals(data)).toBe(true);
    expect(object?.metadata).toEqual({
      'user-agent': 'AWSTransfer',
      'user-agent-id': `${USERNAME}@${bench.server.serverId}`,
    });
    expect(await readdir(bench.spoolDir)).toEqual([]);
  });

  test('are not there before CLOSE, and may be written in any order', async () => {
    const sftp = await login();
    const handle = await sftp.open('/pieces.csv', 'w');
    await sftp.write(handle, 5, Buffer.from('world'));
    await sftp.write(handle, 0, Buffer.from('hello'));
    expect(await bench.object(`${HOME}/pieces.csv`)).toBeNull();
    await sftp.close(handle);
    expect((await bench.object(`${HOME}/pieces.csv`))?.body.toString()).toBe('helloworld');
  });

  test('of no bytes make an empty object', async () => {
    const sftp = await login();
    await sftp.close(await sftp.open('empty.csv', 'w'));
    expect((await bench.object(`${HOME}/empty.csv`))?.body.length).toBe(0);
  });

  test('that the session drops leave the part that came, and an upload-failed event (R16)', async () => {
    const sftp = await bench.connect();
    const handle = await sftp.open('half.zip', 'w');
    await sftp.write(handle, 0, Buffer.from('first half'));
    sftp.drop();
    const object = await until(() => bench.object(`${HOME}/half.zip`));
    expect(object.body.toString()).toBe('first half');
    const event = await until(async () => bench.uploads[0]);
    expect(event['detail-type']).toBe('SFTP Server File Upload Failed');
    expect(event.detail).toMatchObject({
      'failure-code': 'PARTIAL_UPLOAD',
      'file-path': `/rollcall-landing/${HOME}/half.zip`,
      bytes: 10,
      etag: object.etag.replaceAll('"', ''),
    });
    expect(await readdir(bench.spoolDir)).toEqual([]);
  });

  test('that the session drops before the first byte leave nothing', async () => {
    const sftp = await bench.connect();
    await sftp.open('untouched.zip', 'w');
    sftp.drop();
    await until(async () => ((await readdir(bench.spoolDir)).length === 0 ? true : null));
    expect(await bench.object(`${HOME}/untouched.zip`)).toBeNull();
  });

  test('replace a file whole; appending to one is refused', async () => {
    const sftp = await login();
    await sftp.put('again.csv', Buffer.from('longer text'));
    await sftp.put('again.csv', Buffer.from('short'));
    expect((await bench.object(`${HOME}/again.csv`))?.body.toString()).toBe('short');
    await expect(sftp.open('again.csv', 'a')).rejects.toMatchObject(UNSUPPORTED);
    await expect(sftp.open('again.csv', 'wx')).rejects.toMatchObject(FAILURE);
    await expect(sftp.open('absent.csv', 'r+')).rejects.toMatchObject(NO_SUCH_FILE);
  });

  test('keep going when the client sets dates', async () => {
    const sftp = await login();
    await sftp.put('dated.csv', Buffer.from('x'));
    await expect(sftp.utimes('dated.csv', 1)).resolves.toBeUndefined();
  });

  test('tell the client nothing of this machine when the disk fails', async () => {
    const sftp = await login();
    await rm(bench.spoolDir, { recursive: true });
    const failure = await sftp.open('doomed.csv', 'w').catch((error: Error) => error);
    await mkdir(bench.spoolDir);
    expect(failure).toMatchObject({ message: 'Failure', ...FAILURE });
  });
});

describe('files and directories', () => {
  test('a file is read at any offset', async () => {
    const sftp = await login();
    const data = randomBytes(2 * 1024 * 1024 + 5);
    await bench.putObject(`${HOME}/big.bin`, data);
    expect((await sftp.get('big.bin')).equals(data)).toBe(true);
    const handle = await sftp.open('big.bin', 'r');
    const across = await sftp.read(handle, 1024 * 1024 - 10, 20);
    expect(across.equals(data.subarray(1024 * 1024 - 10, 1024 * 1024 + 10))).toBe(true);
    expect((await sftp.read(handle, data.length - 3, 20)).equals(data.subarray(-3))).toBe(true);
    await sftp.close(handle);
  });

  test('a file that is replaced while it is read does not turn into a mixture', async () => {
    const sftp = await login();
    await bench.putObject(`${HOME}/changing.csv`, 'old old old');
    const handle = await sftp.open('changing.csv', 'r');
    await bench.putObject(`${HOME}/changing.csv`, 'new new new');
    await expect(sftp.read(handle, 0, 11)).rejects.toMatchObject(FAILURE);
  });

  test('a directory is a zero-byte key with a slash, and goes when it is empty', async () => {
    const sftp = await login();
    await sftp.mkdir('spring');
    expect((await bench.object(`${HOME}/spring/`))?.body.length).toBe(0);
    expect(await sftp.list('spring')).toEqual([]);
    await expect(sftp.mkdir('spring')).rejects.toMatchObject(FAILURE);
    await sftp.put('spring/users.csv', Buffer.from('x'));
    await expect(sftp.rmdir('spring')).rejects.toMatchObject(FAILURE);
    await sftp.remove('spring/users.csv');
    await sftp.rmdir('spring');
    await expect(sftp.stat('spring')).rejects.toMatchObject(NO_SUCH_FILE);
    await expect(sftp.list('spring')).rejects.toMatchObject(NO_SUCH_FILE);
  });

  test('a listing names each child once, over all pages', async () => {
    const sftp = await login();
    const names = Array.from({ length: 230 }, (_, number) => `file-${String(number).padStart(3, '0')}.csv`);
    await sftp.mkdir('many');
    for (let at = 0; at < names.length; at += 50) {
      await Promise.all(names.slice(at, at + 50).map((name) => bench.putObject(`${HOME}/many/${name}`, 'x')));
    }
    await bench.putObject(`${HOME}/many/below/deep/a.csv`, 'x');
    await bench.putObject(`${HOME}/many/below/b.csv`, 'x');
    const entries = await sftp.list('/many');
    expect(entries.map(({ filename }) => filename).sort()).toEqual(['below', ...names]);
    expect(entries.find(({ filename }) => filename === 'below')?.attrs.isDirectory()).toBe(true);
  });

  test('attributes say what S3 knows', async () => {
    const sftp = await login();
    await bench.putObject(`${HOME}/known.csv`, '12345');
    const attributes = await sftp.stat('known.csv');
    expect(attributes).toMatchObject({ size: 5, mode: 0o100644 });
    expect(Math.abs(attributes.mtime - Date.now() / 1000)).toBeLessThan(60);
    expect(await sftp.stat('/')).toMatchObject({ mode: 0o040755 });
    await expect(sftp.stat('nothing')).rejects.toMatchObject(NO_SUCH_FILE);
  });

  test('renaming is for files, onto free names', async () => {
    const sftp = await login();
    await bench.putObject(`${HOME}/new+ ü%.tmp`, 'new');
    await bench.putObject(`${HOME}/taken.zip`, 'old');
    await bench.putObject(`${HOME}/folder/x.csv`, 'x');
    await expect(sftp.rename('new+ ü%.tmp', 'taken.zip')).rejects.toMatchObject(FAILURE);
    expect((await bench.object(`${HOME}/taken.zip`))?.body.toString()).toBe('old');
    await sftp.rename('new+ ü%.tmp', 'free name+ü%.zip');
    expect((await bench.object(`${HOME}/free name+ü%.zip`))?.body.toString()).toBe('new');
    expect(await bench.object(`${HOME}/new+ ü%.tmp`)).toBeNull();
    await expect(sftp.rename('folder', 'other')).rejects.toMatchObject(FAILURE);
    await expect(sftp.rename('nothing', 'other')).rejects.toMatchObject(NO_SUCH_FILE);
  });
});

describe('walls (R3)', () => {
  test('the home directory is the top of the tree', async () => {
    const sftp = await login();
    await bench.putObject('home/maple-unified2/secret.csv', 'theirs');
    await bench.putObject('secret.csv', 'theirs');
    expect(await sftp.realpath('.')).toBe('/');
    expect(await sftp.realpath('a/../../../b//c/.')).toBe('/b/c');
    for (const path of ['../secret.csv', '/../../secret.csv', '../maple-unified2/secret.csv', '/etc/passwd']) {
      await expect(sftp.get(path)).rejects.toMatchObject(NO_SUCH_FILE);
    }
    await sftp.put('../../../out.csv', Buffer.from('x'));
    expect(await bench.object(`${HOME}/out.csv`)).not.toBeNull();
  });

  test('reports can be read and not touched', async () => {
    const sftp = await login();
    await bench.putObject(`${HOME}/reports/2026-11-23-d1/report.html`, 'fine');
    await sftp.put('mine.csv', Buffer.from('x'));
    expect((await sftp.get('reports/2026-11-23-d1/report.html')).toString()).toBe('fine');
    expect(await sftp.list('reports')).toHaveLength(1);
    const refused = [
      sftp.open('reports/x.csv', 'w'),
      sftp.mkdir('reports/more'),
      sftp.remove('reports/2026-11-23-d1/report.html'),
      sftp.rename('mine.csv', 'reports/mine.csv'),
      sftp.rename('reports/2026-11-23-d1/report.html', 'stolen.html'),
      sftp.rmdir('reports'),
    ];
    for (const attempt of await Promise.allSettled(refused)) {
      expect(attempt).toMatchObject({ status: 'rejected', reason: PERMISSION_DENIED });
    }
  });

  test('the session policy holds where the home directory is wrong', async () => {
    const target = '[{"Entry":"/","Target":"/rollcall-landing/home/maple-unified2"}]';
    bench.authenticate = async () => ({ ...GRANT, HomeDirectoryDetails: target });
    const sftp = await login();
    await expect(sftp.get('secret.csv')).rejects.toMatchObject(PERMISSION_DENIED);
    await expect(sftp.list('/')).rejects.toMatchObject(PERMISSION_DENIED);
    await expect(sftp.open('x.csv', 'w')).rejects.toMatchObject(PERMISSION_DENIED);
  });
});

describe('the server', () => {
  test('ends sessions when it closes, and keeps what was on its way', async () => {
    const sftp = await bench.connect();
    const handle = await sftp.open('at-closing-time.csv', 'w');
    await sftp.write(handle, 0, Buffer.from('so far'));
    await bench.restart();
    await sftp.closed;
    expect((await bench.object(`${HOME}/at-closing-time.csv`))?.body.toString()).toBe('so far');
  });

  test('removes what a killed server left in the spool', async () => {
    await writeFile(join(bench.spoolDir, 'left-over.upload'), 'pupils');
    await bench.restart();
    expect(await readdir(bench.spoolDir)).toEqual([]);
  });
});

(existsSync('/usr/bin/sftp') ? describe : describe.skip)('the OpenSSH client', () => {
  test('puts, renames, lists, gets and quits, with the host key pinned', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-openssh-'));
    const data = randomBytes(1024 * 1024);
    await writeFile(join(folder, 'id'), USER_KEY.privateKey, { mode: 0o600 });
    await writeFile(join(folder, 'up.zip'), data);
    const batch = ['put up.zip up.tmp', 'rename up.tmp up.zip', 'mkdir autumn', 'ls -l', 'get up.zip down.zip', 'quit'];
    await writeFile(join(folder, 'batch'), `${batch.join('\n')}\n`);
    // ssh-keyscan's way of learning keys would need port 22; the key that the server shows is recorded and compared.
    const knownHosts = join(folder, 'known_hosts');
    const options = ['StrictHostKeyChecking=accept-new', `UserKnownHostsFile=${knownHosts}`, 'IdentitiesOnly=yes'];
    const { stdout } = await promisify(execFile)(
      '/usr/bin/sftp',
      [
        ...options.flatMap((option) => ['-o', option]),
        ...['-o', `IdentityFile=${join(folder, 'id')}`, '-F', '/dev/null', '-P', String(bench.server.port)],
        ...['-b', join(folder, 'batch'), `${USERNAME}@127.0.0.1`],
      ],
      { cwd: folder, timeout: 20_000 },
    );
    expect(stdout).toContain('up.zip');
    expect((await readFile(join(folder, 'down.zip'))).equals(data)).toBe(true);
    expect(await bench.object(`${HOME}/up.zip`)).not.toBeNull();
    expect(await bench.object(`${HOME}/up.tmp`)).toBeNull();
    expect(await bench.object(`${HOME}/autumn/`)).not.toBeNull();
    const { stdout: shown } = await promisify(execFile)('/usr/bin/ssh-keygen', ['-lf', knownHosts]);
    const published = bench.server.hostKeys.map(({ fingerprint }) => fingerprint);
    expect(published.some((fingerprint) => shown.includes(fingerprint))).toBe(true);
    await rm(folder, { recursive: true });
  }, 30_000);
});
