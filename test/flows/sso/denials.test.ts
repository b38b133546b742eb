import type { ServerResponse } from 'node:http';
import { DENIALS, type DenialCode, readReference } from '../../../lib/core/sso/denials.ts';
import { denialPage } from '../../../lib/pages/denial-page.ts';
import { Browser, codeOf } from './browser.ts';
import { personOf, SignOnWorld, type SomeDistrict } from './sign-on-world.ts';

const world = new SignOnWorld();
let browser: Browser;
beforeAll(() => world.open(), 60_000);
afterAll(() => world.close());
beforeEach(() => {
  world.classLink.tampering = {};
  world.log.length = 0;
  browser = new Browser(world);
});

/** What a launch of `somebody` of the district is refused with; '' where it is not. */
const launchIn = async (district: SomeDistrict, more = {}, sourcedId = 'somebody') =>
  codeOf(await browser.launch(personOf(district, sourcedId, more)));

const answering =
  (applies: (path: string) => boolean, status: number, body: string, headers: Record<string, string> = {}) =>
  (path: string, response: ServerResponse): boolean => {
    if (applies(path)) response.writeHead(status, headers).end(body);
    return applies(path);
  };

/** Every refusal once, through the handler. */
const CASES: Readonly<Partial<Record<DenialCode, () => Promise<string>>>> = {
  'access-denied': async () => {
    const callback = await browser.clickTile(personOf(await world.district(), 'x'));
    return codeOf(await browser.get(callback.replace(/code=[^&]+/, 'error=access_denied')));
  },
  'code-refused': async () => {
    const callback = await browser.clickTile(personOf(await world.district(), 'x'));
    return codeOf(await browser.get(callback.replace(/code=[^&]+/, 'code=expired')));
  },
  'classlink-unavailable': async () => {
    world.classLink.tampering.answer = answering(() => true, 503, '<h1>sorry');
    return launchIn(await world.district());
  },
  'classlink-error': async () => {
    world.classLink.tampering.answer = answering((path) => path === '/info', 403, '{}');
    return launchIn(await world.district());
  },
  'classlink-refused': async () => {
    const callback = await browser.clickTile(personOf(await world.district(), 'x'));
    return codeOf(await browser.get(callback.replace(/code=[^&]+/, 'error=server_error')));
  },
  'unknown-tenant': async () => launchIn({ districtId: 'nobody', tenantId: 999_999 }),
  'district-suspended': async () => launchIn(await world.district({}, { suspended: true })),
  'no-roster': async () => {
    const district = await world.district({}, {}, false);
    await world.user(district.districtId, { sourcedId: 'somebody' });
    return launchIn(district);
  },
  'sso-off': async () => launchIn(await world.district({ roles: 'off' })),
  'role-not-allowed': async () => {
    const district = await world.district({ roles: 'teachers' });
    await world.user(district.districtId, { sourcedId: 'somebody' });
    return launchIn(district, { Role: 'Teacher' });
  },
  'school-not-allowed': async () => {
    const district = await world.district({ allowedSchools: ['school-2'] });
    await world.user(district.districtId, { sourcedId: 'somebody' });
    return launchIn(district);
  },
  'no-sourced-id': async () => launchIn(await world.district(), {}, ''),
  'not-in-roster': async () => launchIn(await world.district()),
  inactive: async () => {
    const district = await world.district();
    await world.user(district.districtId, { sourcedId: 'somebody', status: 'inactive' });
    return launchIn(district);
  },
  disabled: async () => {
    const district = await world.district();
    await world.user(district.districtId, { sourcedId: 'somebody', enabledUser: false });
    return launchIn(district);
  },
  'anchor-conflict': async () => {
    const district = await world.district();
    await world.user(district.districtId, { sourcedId: 'somebody' });
    await world.user(district.districtId, { sourcedId: 'somebody-else' });
    await browser.launch(personOf(district, 'somebody-else', { UserId: 77 }));
    return launchIn(district, { UserId: 77 });
  },
  'ambiguous-username': async () => {
    const district = await world.district({ usernameFallback: true });
    for (const sourcedId of ['a', 'b']) await world.user(district.districtId, { sourcedId, username: 'same' });
    return launchIn(district, { LoginId: 'same' }, '');
  },
  'product-unknown': async () => {
    const district = await world.district({ clientId: 'gone' });
    await world.user(district.districtId, { sourcedId: 'somebody' });
    return launchIn(district);
  },
  internal: async () => {
    const { get } = world.ports.districts;
    world.ports.districts.get = () => Promise.reject(new Error('a name in a message'));
    const code = await launchIn(await world.district());
    world.ports.districts.get = get;
    return code;
  },
};

describe('R18: every refusal has its code', () => {
  test.each(Object.entries(CASES))('%s', async (code, make) => {
    expect(await make()).toBe(code);
    expect((await browser.productSignIn()).error).toBe('login_required');
  });

  test('codes that are not above have a test of their own', () => {
    const elsewhere = [
      'cookies-blocked',
      'launch-used',
      'launch-expired',
      'token-invalid',
      'claims-disagree',
      'confirm-refused',
      'bad-request',
    ];
    expect([...Object.keys(CASES), ...elsewhere].sort()).toEqual(Object.keys(DENIALS).sort());
  });

  test.each([
    ['a manual record', { source: 'portal' }, 'not-in-roster'],
    ['a student where students may', {}, ''],
  ])('%s', async (_name, fields, code) => {
    const district = await world.district({ roles: 'students' });
    await world.user(district.districtId, { sourcedId: 'somebody', ...fields });
    expect(await launchIn(district)).toBe(code);
  });
});

describe('ClassLink on a bad day', () => {
  test('an error without a state of ours is a page, not a restart: no loop', async () => {
    const answer = await browser.get('/callback?error=access_denied');
    expect([codeOf(answer), answer.headers['location']]).toEqual(['access-denied', undefined]);
    expect(codeOf(await browser.get('/callback?error=server_error'))).toBe('classlink-refused');
  });

  test.each(['server_error', 'temporarily_unavailable', 'invalid_request', 'x'.repeat(2000)])(
    'error=%s is a 4xx, whoever says it and wherever: a stranger raises no alarm about our servers',
    async (error) => {
      const own = (await browser.clickTile(personOf(await world.district(), 'x'))).replace(/code=[^&]+/, '');
      for (const path of ['/callback?', '/callback?state=x&', `${own}&`]) {
        world.log.length = 0;
        const { statusCode } = await browser.get(`${path}error=${error}`);
        expect([path, statusCode]).toEqual([path, 403]);
        // The alarm about many refusals counts launches: lines that name one, or a district.
        const fields = world.log[0]?.fields ?? {};
        expect([path, 'launchId' in fields || 'districtId' in fields]).toEqual([path, path.startsWith(own)]);
      }
    },
  );

  test.each([
    ['a wrong secret', 401, 'invalid_client'],
    ['a client that may not', 400, 'unauthorized_client'],
    ['a 401 without a word', 401, ''],
  ])('%s of ours at ClassLink has a detail of its own', async (_name, status, error) => {
    world.classLink.tampering.answer = answering((path) => path === '/token', status, JSON.stringify({ error }));
    expect(await launchIn(await world.district())).toBe('classlink-error');
    expect(world.log.at(-1)?.fields).toMatchObject({ code: 'classlink-error', detail: 'invalid-client' });
  });

  test('our client secret is not ClassLink’s: the log says so', async () => {
    const { secret } = world;
    world.secret = { ...secret, classLink: { ...secret.classLink, clientSecret: 'another' } };
    expect(await launchIn(await world.district())).toBe('classlink-error');
    world.secret = secret;
    expect(world.log.at(-1)?.fields).toMatchObject({ detail: 'invalid-client' });
  });

  test('slow: the launch gives up after its limit, once', async () => {
    world.wire({}, 200);
    world.classLink.calls = [];
    world.classLink.tampering.answer = () => true;
    expect(await launchIn(await world.district())).toBe('classlink-unavailable');
    expect(world.classLink.calls).toHaveLength(1);
    world.wire();
  });

  test('a dropped connection is tried once more', async () => {
    const district = await world.district();
    await world.user(district.districtId, { sourcedId: 'somebody' });
    let drops = 1;
    world.classLink.tampering.answer = (path, response) => {
      if (path !== '/token' || drops-- <= 0) return false;
      response.destroy();
      return true;
    };
    expect(await launchIn(district)).toBe('');
    drops = 2;
    expect(await launchIn(district)).toBe('classlink-unavailable');
  });

  test('a redirect of the token endpoint is not followed: our secret would go along', async () => {
    const headers = { location: `${world.classLink.base}/elsewhere` };
    world.classLink.tampering.answer = answering((path) => path === '/token', 307, '', headers);
    world.classLink.calls = [];
    expect(await launchIn(await world.district())).toBe('classlink-error');
    expect(world.classLink.calls.map(({ path }) => path)).toEqual(['/token']);
  });
});

describe('what a refused person sees', () => {
  const codes = Object.keys(DENIALS) as DenialCode[];

  test.each(codes)('%s: plain words, one heading, a reference, nothing to run or load', (code) => {
    const html = denialPage(code, 'AB-1234-5678');
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html).toContain('AB-1234-5678');
    expect(html).not.toMatch(/<script|<img|<link|src=|href=|\son\w+=/);
    const { title, help } = DENIALS[code];
    for (const sentence of `${title}. ${help}`.split(/[.:] /)) expect(sentence.split(' ').length).toBeLessThan(16);
    expect(`${title} ${help}`).not.toMatch(/token|claim|session|roster|sourcedId|tenant|OAuth|SSO|invalid|error/i);
  });

  test('a page for people, JSON for programs, both with the headers of the house', async () => {
    const page = await browser.get('/callback?error=x', {
      accept: 'text/html,application/xhtml+xml,application/json;q=0.9',
    });
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    const json = await browser.get('/callback?error=access_denied');
    expect([json.statusCode, Object.keys(JSON.parse(json.body) as object)]).toEqual([403, ['code', 'reference']]);
    for (const { headers } of [page, json, await browser.get('/launch'), await browser.get('/nowhere')]) {
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'strict-transport-security': expect.stringMatching(/max-age=63072000/),
        'content-security-policy': expect.stringMatching(/^default-src 'none'.*frame-ancestors 'none'/),
      });
    }
  });

  test('the reference leads support to what happened, and neither page nor log names anybody', async () => {
    const district = await world.district();
    const answer = await browser.launch(personOf(district, 'SECRET-77', { LoginId: 'secret.login' }));
    const { reference } = JSON.parse(answer.body) as { reference: string };
    expect(readReference(reference.toLowerCase().replaceAll('-', ' '))).toEqual({ reference, code: 'not-in-roster' });
    expect(await world.ports.denials.find(reference)).toMatchObject({
      code: 'not-in-roster',
      districtId: district.districtId,
      sourcedId: 'SECRET-77',
    });
    const logged = JSON.stringify(world.log);
    expect(logged).toContain(reference);
    expect(logged).toContain(district.districtId);
    expect(`${logged}${answer.body}`).not.toMatch(/SECRET-77|secret\.login|somebody@example|Demo User/);
  });

  test('a failure of ours says nothing of what was thrown', async () => {
    await CASES.internal?.();
    const page = JSON.stringify(await browser.get('/callback?error=x'));
    expect(page).not.toContain('a name in a message');
    expect(world.log.map(({ message }) => message)).toContain('sso');
  });
});

describe('R20 in the table', () => {
  test('an anchor is bound at the first match, and moved to the record that took its place', async () => {
    const district = await world.district();
    const { districtId } = district;
    await world.user(districtId, { sourcedId: 'old', username: 'maria' });
    const launch = (sourcedId: string) => launchIn(district, { UserId: 5, LoginId: 'maria' }, sourcedId);
    expect(await launch('old')).toBe('');
    expect(await world.ports.anchors.find(districtId, '5')).toMatchObject({ sourcedId: 'old' });
    await world.user(districtId, { sourcedId: 'old', username: 'maria', status: 'inactive' });
    await world.user(districtId, { sourcedId: 'new', username: 'maria', productId: 'pid-new' });
    expect(await launch('new')).toBe('');
    expect(await world.ports.anchors.find(districtId, '5')).toEqual({ sourcedId: 'new', productId: 'pid-new' });
    expect(world.log).toContainEqual({
      message: 'sso-anchor',
      fields: expect.objectContaining({ outcome: 'rebound' }),
    });
    // ClassLink serves the old id from its cache: the anchor and the name lead to the record that lives.
    expect(await launch('old')).toBe('');
  });

  test('movedTo is followed, a circle ends, and a move to nowhere is inactive', async () => {
    const district = await world.district();
    const { districtId } = district;
    await world.user(districtId, { sourcedId: 'a', status: 'inactive', movedTo: 'b', productId: 'p-a' });
    await world.user(districtId, { sourcedId: 'b', status: 'inactive', movedTo: 'c', productId: 'p-b' });
    await world.user(districtId, { sourcedId: 'c', productId: 'p-c' });
    await browser.signIn(personOf(district, 'a'));
    await world.user(districtId, { sourcedId: 'x', status: 'inactive', movedTo: 'y' });
    await world.user(districtId, { sourcedId: 'y', status: 'inactive', movedTo: 'x' });
    await world.user(districtId, { sourcedId: 'z', status: 'inactive', movedTo: 'nowhere' });
    for (const sourcedId of ['x', 'z']) expect(await launchIn(district, { UserId: '' }, sourcedId)).toBe('inactive');
  });

  test('the fallback reads the table by username, in this district alone', async () => {
    const district = await world.district({ usernameFallback: true });
    const other = await world.district();
    await world.user(other.districtId, { sourcedId: 'o', username: 'maria' });
    expect(await launchIn(district, { LoginId: 'maria' }, '')).toBe('no-sourced-id');
    await world.user(district.districtId, { sourcedId: 'd', username: 'maria' });
    expect(await launchIn(district, { LoginId: 'maria' }, '')).toBe('');
    expect(await launchIn(district, { LoginId: 'Maria', UserId: 9 }, '')).toBe('no-sourced-id');
  });

  test('one tenant is one district', async () => {
    const district = await world.district();
    const other = await world.district();
    await expect(world.settings(other.districtId, { classLinkTenantId: district.tenantId })).rejects.toThrow(
      'another district',
    );
    await world.settings(district.districtId, { classLinkTenantId: null });
    await world.settings(other.districtId, { classLinkTenantId: district.tenantId });
    expect(await world.ports.tenants.districtOf(district.tenantId)).toBe(other.districtId);
    expect(await world.ports.tenants.districtOf(other.tenantId)).toBeNull();
  });
});
