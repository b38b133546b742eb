import { createHmac } from 'node:crypto';
import { type CryptoKey, exportJWK, exportSPKI, importJWK, type JWK, SignJWT } from 'jose';
import { Browser, claimsOf, codeOf } from './browser.ts';
import { FakeClassLink, newRsaKey } from './fake-classlink.ts';
import { personOf, SignOnWorld, type SomeDistrict } from './sign-on-world.ts';

const world = new SignOnWorld();
let district: SomeDistrict;
let browser: Browser;
beforeAll(async () => {
  await world.open();
  district = await world.district();
  await world.user(district.districtId, { sourcedId: 'maria' });
}, 60_000);
afterAll(() => world.close());
beforeEach(() => {
  world.classLink.tampering = {};
  world.wire();
  browser = new Browser(world);
});

const maria = () => personOf(district, 'maria');
const launch = async () => codeOf(await browser.launch(maria()));
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(world.clock.now().getTime() / 1000);

/** Nobody is signed in: no session cookie, no hand-off. */
async function expectRefused(code = 'token-invalid'): Promise<void> {
  expect(await launch()).toBe(code);
  expect(browser.rest).toEqual([]);
  expect((await browser.productSignIn()).error).toBe('login_required');
}

describe('the id_token', () => {
  test('untouched is fine, so the refusals below are about what they change', async () => {
    expect(await launch()).toBe('');
    expect((await browser.productSignIn()).status).toBe(200);
  });

  test('forged with another key of the same kid', async () => {
    const stranger = await newRsaKey('key-1');
    world.classLink.tampering.token = (claims) => world.classLink.sign(claims, stranger);
    await expectRefused();
  });

  test('alg none', async () => {
    world.classLink.tampering.token = (claims) => `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.`;
    await expectRefused();
  });

  test('HS256 with the public key as the secret', async () => {
    const { publicJwk } = world.classLink.signingKey;
    const pem = await exportSPKI((await importJWK(publicJwk, 'RS256', { extractable: true })) as CryptoKey);
    world.classLink.tampering.token = (claims) => {
      const signed = `${encode({ alg: 'HS256', typ: 'JWT', kid: 'key-1' })}.${encode(claims)}`;
      return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
    };
    await expectRefused();
  });

  test('another RSA algorithm, by the right key', async () => {
    const { publicJwk } = world.classLink.signingKey;
    const privateJwk = await exportJWK(world.classLink.signingKey.privateKey);
    world.classLink.tampering.keys = (keys) => keys.map(({ alg: _, ...key }) => key as JWK);
    for (const alg of ['RS512', 'PS256']) {
      const key = await importJWK({ ...privateJwk, alg }, alg);
      world.classLink.tampering.token = (claims) =>
        new SignJWT(claims).setProtectedHeader({ alg, kid: publicJwk.kid ?? '' }).sign(key);
      await expectRefused();
    }
  });

  test('its own key in the header (jwk, jku)', async () => {
    const stranger = await newRsaKey('key-1');
    world.classLink.tampering.token = async (claims) => {
      const [, payload, signature] = (await world.classLink.sign(claims, stranger)).split('.');
      const header = { alg: 'RS256', kid: 'key-1', jwk: stranger.publicJwk, jku: 'https://evil.test/jwks' };
      return `${encode(header)}.${payload}.${signature}`;
    };
    await expectRefused();
  });

  test.each<[string, (claims: Record<string, unknown>) => Record<string, unknown>]>([
    ['expired', (claims) => ({ ...claims, iat: now() - 3 * 86_400, exp: now() - 301 })],
    ['without exp', ({ exp: _, ...claims }) => claims],
    ['without iat', ({ iat: _, ...claims }) => claims],
    ['without sub', ({ sub: _, ...claims }) => claims],
    ['of the day before yesterday', (claims) => ({ ...claims, iat: now() - 2 * 86_400 })],
    ['of a clock more than 5 minutes ahead', (claims) => ({ ...claims, iat: now() + 302 })],
    ['not valid yet', (claims) => ({ ...claims, nbf: now() + 302 })],
    ['wrong iss', (claims) => ({ ...claims, iss: 'https://launchpad.evil.test' })],
    ['iss with a slash more', (claims) => ({ ...claims, iss: `${String(claims['iss'])}/` })],
    ['wrong aud', (claims) => ({ ...claims, aud: 'c-somebody-else' })],
    ['aud of us and another', (claims) => ({ ...claims, aud: [FakeClassLink.clientId, 'c-other'] })],
    ['wrong azp', (claims) => ({ ...claims, azp: 'c-somebody-else' })],
    ['missing nonce', ({ nonce: _, ...claims }) => claims],
    ['another nonce', (claims) => ({ ...claims, nonce: 'd5e82df0-21f5-11ec-a04b-552b2c7c7084' })],
    ['a nonce that is no text', (claims) => ({ ...claims, nonce: [claims['nonce']] })],
  ])('%s', async (_name, change) => {
    world.classLink.tampering.claims = change;
    await expectRefused();
  });

  test.each<[string, (claims: Record<string, unknown>) => Record<string, unknown>]>([
    ['a clock 5 minutes ahead', (claims) => ({ ...claims, iat: now() + 299 })],
    ['a clock 5 minutes behind, at the end of its life', (claims) => ({ ...claims, exp: now() - 298 })],
    [
      'aud as a list of one, azp us',
      (claims) => ({ ...claims, aud: [FakeClassLink.clientId], azp: FakeClassLink.clientId }),
    ],
    ['nbf that is past', (claims) => ({ ...claims, nbf: now() - 10 })],
  ])('%s is fine', async (_name, change) => {
    world.classLink.tampering.claims = change;
    expect(await launch()).toBe('');
  });

  test('replayed: a token of an earlier launch has the nonce of that launch', async () => {
    let stolen = '';
    world.classLink.tampering.token = async (claims) => {
      stolen = await world.classLink.sign(claims);
      return stolen;
    };
    await browser.launch(maria());
    browser = new Browser(world);
    world.classLink.tampering.token = () => stolen;
    await expectRefused();
  });

  test('1 MB', async () => {
    world.classLink.tampering.claims = (claims) => ({ ...claims, name: 'x'.repeat(1_000_000) });
    await expectRefused('classlink-error');
  });

  test('20 KB: longer than any real one, shorter than what we read', async () => {
    world.classLink.tampering.claims = (claims) => ({ ...claims, name: 'x'.repeat(20_000) });
    await expectRefused();
  });

  test.each<[string, unknown]>([
    ['none', undefined],
    ['a number', 7],
    ['text that is no JWT', 'a.b.c'],
  ])('%s', async (_name, token) => {
    world.classLink.tampering.token = () => token as string;
    await expectRefused();
  });
});

describe('the key set', () => {
  test('0 keys', async () => {
    world.classLink.tampering.keys = () => [];
    await expectRefused('classlink-unavailable');
  });

  test('2 keys: the kid decides', async () => {
    world.classLink.otherKeys = [await newRsaKey('key-0')];
    expect(await launch()).toBe('');
    world.classLink.otherKeys = [];
  });

  test('rotated: one refetch on the unknown kid, and not more often than every 30 s', async () => {
    expect(await launch()).toBe('');
    const [before, rotated] = [world.classLink.signingKey, await newRsaKey('key-2')];
    world.classLink.signingKey = rotated;
    world.classLink.calls = [];
    expect(await launch()).toBe('');
    const fetches = () => world.classLink.calls.filter(({ path }) => path === '/jwks').length;
    expect(fetches()).toBe(1);
    world.classLink.tampering.token = async (claims) => world.classLink.sign(claims, await newRsaKey('key-unknown'));
    expect(await launch()).toBe('token-invalid');
    expect(await launch()).toBe('token-invalid');
    expect(fetches()).toBe(1);
    world.classLink.signingKey = before;
  });

  test('rotated: of several launches at once that meet the new key, one asks and all get in', async () => {
    expect(await launch()).toBe('');
    const [before, rotated] = [world.classLink.signingKey, await newRsaKey('key-4')];
    world.clock.advanceSeconds(31);
    world.classLink.signingKey = rotated;
    world.classLink.calls = [];
    let release = () => {};
    const both = new Promise<void>((resolve) => {
      release = resolve;
    });
    // The key set is held back until the other launches have met the unknown key as well.
    world.classLink.tampering.answer = (path, response) => {
      if (path !== '/jwks') return false;
      void both.then(() => {
        const keys = [world.classLink.signingKey.publicJwk];
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
      });
      return true;
    };
    const launches = [1, 2, 3].map(async () => codeOf(await new Browser(world).launch(personOf(district, 'maria'))));
    const tokens = () => world.classLink.calls.filter(({ path }) => path === '/token').length;
    while (tokens() < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 300));
    release();
    expect(await Promise.all(launches)).toEqual(['', '', '']);
    expect(world.classLink.calls.filter(({ path }) => path === '/jwks')).toHaveLength(1);
    world.classLink.signingKey = before;
  });

  test('a key that was taken back is not trusted for more than ten minutes', async () => {
    const [before, rotated] = [world.classLink.signingKey, await newRsaKey('key-3')];
    expect(await launch()).toBe('');
    world.classLink.signingKey = rotated;
    world.classLink.tampering.token = (claims) => world.classLink.sign(claims, before);
    world.clock.advanceSeconds(601);
    expect(await launch()).toBe('token-invalid');
    world.classLink.signingKey = before;
  });

  const noKeys = () => {
    world.classLink.tampering.answer = (path, response) => {
      if (path === '/jwks') response.destroy();
      return path === '/jwks';
    };
  };

  test('unreachable, warm: the known keys go on working', async () => {
    expect(await launch()).toBe('');
    noKeys();
    world.clock.advanceSeconds(3600);
    expect(await launch()).toBe('');
  });

  test('unreachable, cold: nobody gets in', async () => {
    noKeys();
    await expectRefused('classlink-unavailable');
  });

  test('unreachable for more than a day: nobody gets in', async () => {
    expect(await launch()).toBe('');
    noKeys();
    world.clock.advanceSeconds(86_401);
    browser = new Browser(world);
    await expectRefused('classlink-unavailable');
  });

  test('asked with an agent of our own: ClassLink refuses some default ones', async () => {
    world.classLink.calls = [];
    await launch();
    expect(world.classLink.calls.map(({ userAgent }) => userAgent)).toEqual(Array(3).fill('Rollcall-SignOn/1.0'));
  });
});

describe('my/info', () => {
  test.each<[string, unknown, string]>([
    ['another tenant', { classLink_tenant_id: 1 }, 'claims-disagree'],
    ['another tenant as text', { classLink_tenant_id_string: '1' }, 'claims-disagree'],
    ['another sourcedId', { classLink_sourcedId: 'liam' }, 'claims-disagree'],
    ['a blank sourcedId', { classLink_sourcedId: '' }, 'claims-disagree'],
    ['a sourcedId in another case', { classLink_sourcedId: 'Maria' }, 'claims-disagree'],
  ])('id_token claims %s', async (_name, extra, code) => {
    world.classLink.tampering.claims = (claims) => ({ ...claims, ...(extra as object) });
    await expectRefused(code);
  });

  test('claims that agree are fine, whatever their case and type', async () => {
    world.classLink.tampering.claims = (claims) => ({
      ...claims,
      classlink_tenant_id: String(district.tenantId),
      classLink_sourcedId: 'maria',
    });
    expect(await launch()).toBe('');
  });

  test.each<[string, unknown]>([
    ['a list', []],
    ['null', null],
    ['text', 'maria'],
    ['a sourcedId that is an object', { TenantId: 1, SourcedId: { $ne: '' } }],
    ['a sourcedId with a line break', { TenantId: 1, SourcedId: 'maria\n' }],
    ['two sourcedIds in two cases', { TenantId: 1, SourcedId: 'maria', sourcedid: 'liam' }],
    ['a tenant that is no number', { TenantId: '12; DROP', SourcedId: 'maria' }],
    ['a UserId that would reach another row', { TenantId: 1, SourcedId: 'maria', UserId: '1#ANCHOR' }],
  ])('%s', async (_name, info) => {
    world.classLink.tampering.info = () => info;
    await expectRefused();
  });

  test('1 MB', async () => {
    world.classLink.tampering.info = (info) => ({ ...info, Profile: 'x'.repeat(1_000_000) });
    await expectRefused('classlink-error');
  });
});

describe('who it is', () => {
  test('tenants with equal sourcedIds: each gets into their own district', async () => {
    const other = await world.district();
    await world.user(other.districtId, { sourcedId: 'maria' });
    const tokens = await browser.signIn(personOf(other, 'maria'));
    expect(claimsOf(tokens.access_token)).toMatchObject({
      district: other.districtId,
      sub: `pid-${other.districtId}-maria`,
    });
  });

  test.each([
    ['in another case', 'Maria'],
    ['with a blank after it', 'maria '],
    ['with a blank before it', ' maria'],
    ['with a Cyrillic а', 'm\u0430ria'],
    ['in full-width letters', '\uff4daria'],
    ['with a combining accent that folds away', 'mari\u0301a'],
    ['with a zero-width joiner', 'mar\u200dia'],
  ])('a sourcedId %s is somebody else', async (_name, sourcedId) => {
    expect(codeOf(await browser.launch(personOf(district, sourcedId, { LoginId: 'x' })))).toBe('not-in-roster');
  });

  test('sourcedIds that differ only in case are two people', async () => {
    await world.user(district.districtId, { sourcedId: 'ab' });
    await world.user(district.districtId, { sourcedId: 'AB' });
    for (const sourcedId of ['ab', 'AB']) {
      const { id_token } = await browser.signIn(personOf(district, sourcedId));
      expect(claimsOf(id_token)['sub']).toBe(`pid-${district.districtId}-${sourcedId}`);
    }
  });

  test('composed and decomposed ü are two people', async () => {
    await world.user(district.districtId, { sourcedId: 'J\u00fcrgen' });
    expect(codeOf(await browser.launch(personOf(district, 'Ju\u0308rgen')))).toBe('not-in-roster');
  });

  test('half a surrogate pair never becomes the replacement character', async () => {
    await world.user(district.districtId, { sourcedId: 'a\ufffd' });
    expect(codeOf(await browser.launch(personOf(district, 'a\ud800')))).toBe('token-invalid');
  });

  test("ClassLink's role gives nobody rights", async () => {
    const tokens = await browser.signIn(personOf(district, 'maria', { Role: 'Tenant Administrator' }));
    expect(claimsOf(tokens.access_token)['role']).toBe('student');
  });
});
