import fc from 'fast-check';
import { newSigningKey, newSignOnSecret } from '../../../lib/adapters/secrets/new-secret.ts';
import { districtSettingsSchema } from '../../../lib/core/district/settings.ts';
import { DENIALS, type DenialCode, readReference, referenceOf } from '../../../lib/core/sso/denials.ts';
import { isLaunchId, launchIdOf, startOfLaunch } from '../../../lib/core/sso/launch.ts';
import { initiateLoginUrl, readProductClients } from '../../../lib/core/sso/product-client.ts';
import { readSignOnSecret } from '../../../lib/core/sso/sign-on-secret.ts';
import { publishedKeys, rotateSigningKeys } from '../../../lib/core/sso/signing-keys.ts';

const RANDOM = 'AbCdEfGhIjKlMnOpQrStUv';

describe('references', () => {
  test('each kind has a tag of its own', () => {
    const tags = Object.values(DENIALS).map(({ tag }) => tag);
    expect(new Set(tags).size).toBe(tags.length);
  });

  test('law: what was made is read, however a person types it', () => {
    const codes = fc.constantFrom(...(Object.keys(DENIALS) as DenialCode[]));
    fc.assert(
      fc.property(codes, fc.uint8Array({ minLength: 8, maxLength: 8 }), (code, random) => {
        const reference = referenceOf(code, random);
        expect(reference).toMatch(/^[A-Z]{2}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
        expect(readReference(` ${reference.toLowerCase().replaceAll('-', '')} `)).toEqual({ reference, code });
      }),
    );
  });

  test.each(['', 'XX-1234-5678', 'NI-1234', 'NI-1234-5678-9', '<script>'])('%j is none', (text) => {
    expect(readReference(text)).toBeNull();
  });
});

describe('launch ids', () => {
  test('law: they sort by their time, and give it back', () => {
    const time = fc.integer({ min: 1_700_000_000, max: 4_000_000_000 });
    fc.assert(
      fc.property(time, time, (one, other) => {
        const [a, b] = [launchIdOf(one, RANDOM), launchIdOf(other, RANDOM)];
        expect(isLaunchId(a)).toBe(true);
        expect(startOfLaunch(a)).toBe(one);
        expect(a < b).toBe(one < other);
      }),
    );
  });
});

describe('signing keys', () => {
  const publishedAt = '2026-11-01T00:00:00.000Z';
  const keys = { previous: null, current: { jwk: newSigningKey(), publishedAt }, next: null };

  test('a key signs 24 hours after it was shown at the earliest, and stays shown after it signed', () => {
    const first = rotateSigningKeys(keys, newSigningKey(), new Date('2026-11-10T00:00:00Z'));
    if (first.done === 'too-early') throw new Error();
    expect(first.done).toBe('published');
    expect(first.keys.current).toBe(keys.current);
    const early = rotateSigningKeys(first.keys, newSigningKey(), new Date('2026-11-10T23:59:59Z'));
    expect(early).toEqual({ done: 'too-early', notBefore: '2026-11-11T00:00:00.000Z' });
    const second = rotateSigningKeys(first.keys, newSigningKey(), new Date('2026-11-11T00:00:00Z'));
    if (second.done === 'too-early') throw new Error();
    expect(second.keys.current).toBe(first.keys.next);
    expect(second.keys.previous).toBe(keys.current);
    expect(publishedKeys(second.keys)).toHaveLength(3);
  });
});

describe('the secret', () => {
  const { secret } = newSignOnSecret(['product'], new Date());

  test('what is made is read', () => {
    expect(readSignOnSecret(JSON.stringify(secret))).toEqual(secret);
  });

  test.each<[string, unknown]>([
    ['not JSON', undefined],
    ['a list', []],
    ['no ClassLink secret', { ...secret, classLink: { clientId: 'x' } }],
    ['no cookie key', { ...secret, cookieKeys: [] }],
    ['a short cookie key', { ...secret, cookieKeys: [{ kid: 'a', key: 'c2hvcnQ' }] }],
    [
      'an RSA key',
      { ...secret, signingKeys: { ...secret.signingKeys, current: { jwk: { kty: 'RSA' }, publishedAt: 'x' } } },
    ],
    ['no current key', { ...secret, signingKeys: { previous: null, next: null } }],
    ['a client secret in clear', { ...secret, clientSecretHashes: { product: ['swordfish'] } }],
  ])('%s: refused, without quoting it', (_name, value) => {
    const read = () => readSignOnSecret(value === undefined ? 'swordfish' : JSON.stringify(value));
    expect(read).toThrow(expect.objectContaining({ code: 'secret-damaged' }));
    expect(read).not.toThrow(/swordfish|c2hvcnQ/);
  });
});

describe('product clients', () => {
  const client = {
    clientId: 'p',
    name: 'P',
    redirectUris: ['https://p.test/cb'],
    initiateLoginUri: 'https://p.test/go',
  };
  const read = (...clients: object[]) => readProductClients(JSON.stringify(clients));

  test('the first is the default; a name that is not registered is none', () => {
    const clients = read(client, { ...client, clientId: 'q' });
    expect([clients.ofDistrict(null)?.clientId, clients.ofDistrict('q')?.clientId, clients.ofDistrict('x')]).toEqual([
      'p',
      'q',
      null,
    ]);
  });

  test('third-party initiated login keeps a query that is there', () => {
    const [given] = read({
      ...client,
      initiateLoginUri: 'https://p.test/go?a=b',
      targetLinkUri: 'https://p.test/home',
    }).all;
    expect(given && initiateLoginUrl(given, 'https://sso.test')).toBe(
      'https://p.test/go?a=b&iss=https%3A%2F%2Fsso.test&target_link_uri=https%3A%2F%2Fp.test%2Fhome',
    );
  });

  test.each([
    'http://p.test/cb',
    'https://p.test/cb#x',
    'https://a@p.test/',
    'https://p.test\\@evil.test/',
    'javascript:alert(1)',
    'https://p.test/\r\nx',
    '//p.test',
    '',
    'http://localhost.evil.test/',
  ])('%j is no address', (address) => {
    expect(() => read({ ...client, redirectUris: [address] })).toThrow(/redirectUris/);
    expect(() => read({ ...client, initiateLoginUri: address })).toThrow(/initiateLoginUri/);
  });

  test.each(['http://127.0.0.1:1/cb', 'http://product.localhost:4/cb', 'http://localhost/'])(
    '%s is one, for one machine',
    (address) => {
      expect(read({ ...client, redirectUris: [address] }).all[0]?.redirectUris).toEqual([address]);
    },
  );

  test.each([[[]], [[{ ...client, redirectUris: [] }]], [[client, client]], [[null]]])('refused: %j', (clients) => {
    expect(() => readProductClients(JSON.stringify(clients))).toThrow(/PRODUCT_CLIENTS/);
  });
});

test('settings that were written before the sign-on stay valid, with its defaults', () => {
  const settings = districtSettingsSchema.parse({ districtId: 'maple-unified', name: 'Maple' });
  expect(settings).toMatchObject({
    suspended: false,
    sso: { roles: 'all', allowedSchools: [], usernameFallback: false },
  });
  expect(settings.sso.sessions).toEqual({
    student: { idleMinutes: 60, absoluteMinutes: 720 },
    others: { idleMinutes: 120, absoluteMinutes: 720 },
  });
});
