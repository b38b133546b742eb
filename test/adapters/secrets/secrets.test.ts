import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createExtensionSecrets } from '../../../lib/adapters/secrets/extension-secrets.ts';
import { createFileSecrets, ensureSecretFile, rotateSecretFile } from '../../../lib/adapters/secrets/file-secrets.ts';
import { hashClientSecret, newSignOnSecret } from '../../../lib/adapters/secrets/new-secret.ts';
import { ageOfKeys } from '../../../lib/core/sso/signing-keys.ts';
import { TestClock } from '../conformance/world.ts';

describe('the secret of one machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-secret-'));
  const path = join(folder, 'deep', 'secret.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is made at first use, for its owner only, and stays', async () => {
    const made = await ensureSecretFile(path, ['product'], new Date());
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(await ensureSecretFile(path, ['product'], new Date())).toEqual(made);
    const { standIns, ...secret } = made;
    expect(await createFileSecrets(path).read()).toEqual(secret);
    expect(secret.clientSecretHashes['product']).toEqual([hashClientSecret(standIns.clientSecrets['product'] ?? '')]);
  });

  test('a client that came later gets a secret; nothing else changes', async () => {
    const before = await ensureSecretFile(path, ['product'], new Date());
    const after = await ensureSecretFile(path, ['product', 'other'], new Date());
    expect(after.standIns.clientSecrets['product']).toBe(before.standIns.clientSecrets['product']);
    expect(Object.keys(after.clientSecretHashes)).toEqual(['product', 'other']);
    expect(after.signingKeys).toEqual(before.signingKeys);
    expect(after.cookieKeys).toEqual(before.cookieKeys);
  });
});

describe('a step of the rotation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-rotation-'));
  const path = join(folder, 'secret.json');
  const clock = new TestClock();
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is too early for a day, then counts at the next read; nothing else of the file changes', async () => {
    const before = await ensureSecretFile(path, ['product'], clock.now());
    clock.advanceSeconds(86_399);
    expect(await rotateSecretFile(path, clock.now())).toMatchObject({ done: 'too-early' });
    expect(await ensureSecretFile(path, ['product'], clock.now())).toEqual(before);
    clock.advanceSeconds(1);
    const outcome = await rotateSecretFile(path, clock.now());
    if (outcome.done !== 'promoted') throw new Error(outcome.done);
    const { signingKeys, ...rest } = before;
    expect(outcome.keys).toMatchObject({ previous: signingKeys.current, current: signingKeys.next });
    expect((await createFileSecrets(path).read()).signingKeys).toEqual(outcome.keys);
    expect(await ensureSecretFile(path, ['product'], clock.now())).toEqual({ ...rest, signingKeys: outcome.keys });
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(readdirSync(folder)).toEqual(['secret.json']);
    expect(ageOfKeys(outcome.keys, clock.now()).map(({ role, ageHours }) => [role, ageHours])).toEqual([
      ['current', 24],
      ['next', 0],
      ['previous', 24],
    ]);
    expect(JSON.stringify(ageOfKeys(outcome.keys, clock.now()))).not.toContain(outcome.keys.current.jwk.d);
  });

  test('where there is no file, nothing is made', async () => {
    await expect(rotateSecretFile(join(folder, 'none'), clock.now())).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('the secret through the extension', () => {
  const clock = new TestClock();
  const { secret } = newSignOnSecret([], clock.now());
  const asked: { url: string; token: unknown }[] = [];
  let status = 200;
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push({ url: request.url ?? '', token: request.headers['x-aws-parameters-secrets-token'] });
      response.writeHead(status).end(JSON.stringify({ SecretString: JSON.stringify(secret) }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const open = () =>
    createExtensionSecrets({
      secretId: 'a/b c',
      sessionToken: 'tok',
      port: (server.address() as AddressInfo).port,
      clock,
    });

  test('is asked for once a minute, with the token of the function, however many ask', async () => {
    const secrets = open();
    expect(await Promise.all([secrets.read(), secrets.read()])).toEqual([secret, secret]);
    await secrets.read();
    expect(asked).toEqual([{ url: '/secretsmanager/get?secretId=a%2Fb%20c', token: 'tok' }]);
    clock.advanceSeconds(60);
    await secrets.read();
    expect(asked).toHaveLength(2);
  });

  test('while the extension is down, the known secret goes on working; without one it is a failure', async () => {
    const secrets = open();
    await secrets.read();
    status = 500;
    clock.advanceSeconds(61);
    expect(await secrets.read()).toEqual(secret);
    await expect(open().read()).rejects.toMatchObject({ code: 'secret-unavailable', retryable: true });
    status = 200;
  });
});
