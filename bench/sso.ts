/**
 * How fast a launch is: `npm run bench -- sso [LAUNCHES]` (default 2,000), one after the other. Runs the handler of
 * `lambdas/sso` with its real adapters, the AWS SDK and jose; ClassLink and the table are in this process and have no
 * network. Prints p50 and p99 of each call, launches a second, then the part towards ClassLink beside the same done with
 * openid-client in the same run, then bytes of the bundle and how long it takes to load. Other work on the machine
 * counts in the times, and hardly in those of the processor. Aims: p50 of /callback 5 ms and of /token 3 ms, 500 KB, 150 ms.
 */
import { createHash, randomBytes } from 'node:crypto';
import * as oidc from 'openid-client';
import { makeSsoHandler } from '../lambdas/sso/handler.ts';
import { wireSso } from '../lambdas/sso/wire.ts';
import { createRelyingParty } from '../lib/adapters/classlink/relying-party.ts';
import { systemClock } from '../lib/adapters/clock/system-clock.ts';
import { createDistricts } from '../lib/adapters/dynamodb/districts.ts';
import { createTableClient } from '../lib/adapters/dynamodb/table-client.ts';
import { hashClientSecret, newSignOnSecret } from '../lib/adapters/secrets/new-secret.ts';
import type { HttpResult } from '../lib/contracts/sign-on-http.ts';
import { districtPartition, STATE_SORT, syncedKey } from '../lib/contracts/table-keys.ts';
import { districtSettingsSchema } from '../lib/core/district/settings.ts';
import { measureBundle } from './sso/bundle.ts';
import { CLASSLINK, inProcessClassLink, type Person } from './sso/in-process-classlink.ts';
import { memoryTable } from './sso/memory-table.ts';
import { Timings } from './sso/timings.ts';
import { wholeNumber } from './whole-number.ts';

const launches = wholeNumber(2, 2_000);
const WARM_UP = Math.min(300, launches);
const PEOPLE = 500;
const TENANT = 2_284;
const DISTRICT = 'maple-unified';
const ISSUER = 'https://sso.rollcall.test';
const PRODUCT = {
  clientId: 'product',
  name: 'Product',
  redirectUris: ['https://product.test/signed-in'],
  initiateLoginUri: 'https://product.test/sign-in',
};
const REDIRECT_URI = PRODUCT.redirectUris[0] ?? '';
const CLIENT = { clientId: 'c-rollcall', clientSecret: 'classlink-says-so' };

const timings = new Timings();
const { fetchClassLink, authorize } = await inProcessClassLink(CLIENT.clientId);
globalThis.fetch = fetchClassLink;
const { secret } = newSignOnSecret([], new Date(), CLIENT);
const secrets = {
  read: async () => ({ ...secret, clientSecretHashes: { product: [hashClientSecret('product-secret')] } }),
};
const { client, put } = memoryTable();
await fillTable();
const handle = makeSsoHandler(
  wireSso(
    {
      TABLE_NAME: 'table',
      ISSUER_URL: ISSUER,
      SSO_SECRET_ID: 'unused',
      PRODUCT_CLIENTS: JSON.stringify([PRODUCT]),
      TILE: 'restart',
      CLASSLINK_ISSUER: CLASSLINK.issuer,
      CLASSLINK_AUTHORIZE_URL: CLASSLINK.authorizeUrl,
      CLASSLINK_TOKEN_URL: CLASSLINK.tokenUrl,
      CLASSLINK_JWKS_URL: CLASSLINK.jwksUrl,
      CLASSLINK_INFO_URL: CLASSLINK.infoUrl,
    },
    { dynamodb: client, secrets, logger: { info: () => {}, error: (_, thrown) => console.error(thrown) } },
  ),
);

async function fillTable(): Promise<void> {
  const settings = districtSettingsSchema.parse({ districtId: DISTRICT, name: 'Maple', classLinkTenantId: TENANT });
  await createDistricts(createTableClient(client, 'table')).save(settings, 0);
  const lastApplied = { syncId: 's', deliveryId: 'd', order: '1', appliedAt: '2026-01-01T00:00:00Z', profile: {} };
  const body = JSON.stringify({ applyingSyncId: null, lastApplied, syncPaused: false });
  put({ pk: { S: districtPartition(DISTRICT) }, sk: { S: STATE_SORT }, body: { S: body } });
  for (let i = 0; i < PEOPLE; i += 1) {
    const { pk, sk } = syncedKey(DISTRICT, 'user', `user-${i}`);
    const texts = {
      pk,
      sk,
      sourcedId: `user-${i}`,
      source: 'sis',
      status: 'active',
      productId: `pid-${i}`,
      role: 'student',
    };
    const attributes = Object.entries({ ...texts, username: `u${i}`, givenName: 'Maria', familyName: 'Garcia' });
    put({
      ...Object.fromEntries(attributes.map(([name, S]) => [name, { S }])),
      enabledUser: { BOOL: true },
      orgSourcedIds: { L: [{ S: 'school-1' }] },
    });
  }
}

const personAt = (i: number): Person => ({
  TenantId: TENANT,
  SourcedId: `user-${i % PEOPLE}`,
  UserId: 1_000_000 + (i % PEOPLE),
  LoginId: `u${i % PEOPLE}`,
  Role: 'Student',
});

/** A request of a browser with its cookies, or of the product's server. */
async function send(
  name: string,
  path: string,
  jar: Map<string, string>,
  form?: Record<string, string>,
): Promise<HttpResult> {
  const { pathname, search } = new URL(path, ISSUER);
  const result = await timings.time(name, () =>
    handle({
      rawPath: pathname,
      rawQueryString: search.slice(1),
      headers: form
        ? {
            'content-type': 'application/x-www-form-urlencoded',
            authorization: `Basic ${Buffer.from('product:product-secret').toString('base64')}`,
          }
        : { accept: 'text/html' },
      cookies: [...jar].map(([cookie, value]) => `${cookie}=${value}`),
      requestContext: { http: { method: form ? 'POST' : 'GET' } },
      ...(form ? { body: new URLSearchParams(form).toString() } : {}),
    }),
  );
  if (result.statusCode !== (form ? 200 : 303)) throw new Error(`${name}: ${result.statusCode} ${result.body}`);
  for (const line of result.cookies) {
    const [, cookie = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (line.includes('Max-Age=0')) jar.delete(cookie);
    else jar.set(cookie, value);
  }
  return result;
}

const CALLS = [
  'GET /callback (tile click)',
  'GET /callback (ClassLink answers)',
  'GET /authorize',
  'POST /token (code)',
  'POST /token (refresh)',
] as const;
const OF_A_LAUNCH = CALLS.slice(0, 4);

async function launch(person: Person): Promise<void> {
  const jar = new Map<string, string>();
  const verifier = randomBytes(32).toString('base64url');
  const begun = await send(CALLS[0], '/callback?code=of-the-tile', jar);
  const back = await authorize(begun.headers['location'] ?? '', person);
  await send(CALLS[1], back.href, jar);
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: PRODUCT.clientId,
    redirect_uri: REDIRECT_URI,
    scope: 'openid',
    state: randomBytes(16).toString('base64url'),
    nonce: randomBytes(16).toString('base64url'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const coded = await send(CALLS[2], `/authorize?${query}`, jar);
  const code = new URL(coded.headers['location'] ?? '').searchParams.get('code') ?? '';
  const form = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: REDIRECT_URI };
  const { refresh_token } = JSON.parse((await send(CALLS[3], '/token', new Map(), form)).body) as {
    refresh_token: string;
  };
  await send(CALLS[4], '/token', new Map(), { grant_type: 'refresh_token', refresh_token });
}

const redirectUri = `${ISSUER}/callback`;
const relyingParty = createRelyingParty({ addresses: CLASSLINK, redirectUri, secrets, clock: systemClock });
const RELYING = ['towards ClassLink: ours', 'towards ClassLink: openid-client'] as const;

/** Where to send the browser, then code to identity: without cookies, roster and session, which openid-client has not. */
async function rely(person: Person): Promise<void> {
  const [state, nonce, verifier] = [1, 2, 3].map(() => randomBytes(32).toString('base64url')) as [
    string,
    string,
    string,
  ];
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const url = await relyingParty.authorizeUrl({ state, nonce, challenge });
  const code = (await authorize(url, person)).searchParams.get('code') ?? '';
  const answer = await timings.time(RELYING[0], () => relyingParty.identify(code, { nonce, verifier }));
  if (!answer.ok) throw new Error(answer.code);
}

const config = new oidc.Configuration(
  {
    issuer: CLASSLINK.issuer,
    authorization_endpoint: CLASSLINK.authorizeUrl,
    token_endpoint: CLASSLINK.tokenUrl,
    jwks_uri: CLASSLINK.jwksUrl,
  },
  CLIENT.clientId,
  { id_token_signed_response_alg: 'RS256' },
  oidc.ClientSecretPost(CLIENT.clientSecret),
);
// It trusts the id_token's TLS connection otherwise, and checks no signature.
oidc.enableNonRepudiationChecks(config);

async function relyWithLibrary(person: Person): Promise<void> {
  const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid profile oneroster',
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const back = await authorize(url.href, person);
  await timings.time(RELYING[1], async () => {
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
    const tokens = await oidc.authorizationCodeGrant(config, back, checks);
    const info = await oidc.fetchProtectedResource(config, tokens.access_token, new URL(CLASSLINK.infoUrl), 'GET');
    const { SourcedId } = (await info.json()) as Person;
    if (SourcedId !== person.SourcedId) throw new Error('somebody else');
  });
}

async function repeat(times: number, run: (person: Person) => Promise<void>): Promise<void> {
  for (let i = 0; i < times; i += 1) await run(personAt(i));
}

const ALONE = 'one read of the table, alone';
const table = createTableClient(client, 'table');

/** What a call of the SDK costs on this machine now: a launch makes some ten, and they are most of its time. */
const readOnce = async ({ SourcedId }: Person): Promise<void> => {
  await timings.time(ALONE, () => table.get(syncedKey(DISTRICT, 'user', SourcedId)));
};

for (const run of [launch, rely, relyWithLibrary, readOnce]) await repeat(WARM_UP, run);
timings.forget();
await repeat(launches, launch);
// In turns, so that whatever else the machine does hits both alike.
for (let i = 0; i < launches; i += 1) {
  await rely(personAt(i));
  await relyWithLibrary(personAt(i));
}
await repeat(launches, readOnce);
for (const name of [...CALLS, ...RELYING, ALONE]) console.log(timings.line(name));
const perSecond = (by: 'wall' | 'processor') => ((1000 * launches) / timings.total(OF_A_LAUNCH, by)).toFixed(0);
console.log(
  `${perSecond('wall')} launches/s one after the other; ${perSecond('processor')} for each second of processor`,
);
const { bytes, loads } = await measureBundle(Math.min(15, launches));
const at = (index: number) => (loads[index] ?? Number.NaN).toFixed(0);
console.log(
  `bundle ${bytes.toLocaleString('en-US')} bytes; load ${at(0)} ms at best, ${at(loads.length >> 1)} ms median`,
);
