import { join } from 'node:path';
import { type Fetched, launchWithCurl, openCurl } from './curl.ts';
import { sftp } from './openssh.ts';
import { cleanUp, type RunningStack, startLocal, temporaryFolder } from './rollcall-process.ts';
import { generateSignOnDistrict, type Rostered, type SignOnDistrict } from './sign-on-district.ts';
import { storedRecords } from './stored-records.ts';
import { outcomeOf } from './uploads.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');
const TENANT = '2284';
let district: SignOnDistrict;
let stack: RunningStack;

beforeAll(async () => {
  district = await generateSignOnDistrict(folder);
  stack = await startLocal(['--data', data, '--quiet-seconds', '1', '--export', district.zip]);
  expect(await stack.nextSync()).toMatchObject({ state: 'applied' });
});
afterAll(cleanUp);

const launch = (user: string, tenant = TENANT, curl = openCurl()) =>
  launchWithCurl(stack.ready.launchpad, user, tenant, curl);
const json = ({ body }: Fetched): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;
const switchTo = (name: string, value: 'on' | 'off') =>
  openCurl().post(`${stack.ready.launchpad}/switches`, { [name]: value });

async function productIdOf({ sourcedId }: Rostered): Promise<string> {
  const records = await storedRecords(stack.ready.endpoints.dynamodb, stack.ready.districtId);
  const [, item = '[]'] =
    [...records].find(([key]) => /#R#user#\d+\n/.test(key) && key.endsWith(`\n${sourcedId}`)) ?? [];
  return (Object.fromEntries(JSON.parse(item)) as Record<string, { S: string }>)['productId']?.S ?? '';
}

test.each([
  ['student', 'sourcedId'],
  ['student', 'username'],
  ['teacher', 'sourcedId'],
] as const)('a %s who signs in by %s and clicks is in, with role, schools and classes (R18)', async (role, by) => {
  const person = (role === 'student' ? district.students : district.teachers)[0]!;
  const page = await launch(person[by]);
  expect(json(page)).toEqual({
    signedIn: true,
    sub: await productIdOf(person),
    role,
    schools: person.schools,
    classes: person.classes,
  });
  expect([page.status, page.url]).toEqual([200, stack.ready.product]);
});

test.each([
  ['somebody of no roster', 'nobody-we-know', TENANT, 'not-in-roster'],
  ['somebody of a tenant that nobody has', 'nobody-we-know', '4711', 'unknown-tenant'],
])('%s gets 403 with a code and a reference, and no session (R18)', async (_, user, tenant, code) => {
  const curl = openCurl();
  const answer = await launch(user, tenant, curl);
  expect(answer.status).toBe(403);
  expect(json(answer)).toEqual({ code, reference: expect.stringMatching(/^[A-Z]{2}-\w{4}-\w{4}$/) });
  expect(json(await curl.get(stack.ready.product))).toEqual({ signedIn: false });
});

test.each([
  ['blank-sourced-id', 'no-sourced-id'],
  ['wrong-key', 'token-invalid'],
  ['wrong-aud', 'token-invalid'],
  ['down', 'classlink-unavailable'],
  ['slow', 'classlink-unavailable'],
  ['access-denied', 'access-denied'],
])('with the switch %s nobody is signed in: %s', async (name, code) => {
  await switchTo(name, 'on');
  const answer = await launch(district.students[3]!.sourcedId);
  await switchTo(name, 'off');
  expect(json(answer)).toMatchObject({ code });
});

test('ClassLink may rotate its key', async () => {
  await switchTo('rotated-key', 'on');
  const page = await launch(district.students[1]!.sourcedId);
  await switchTo('rotated-key', 'off');
  expect(json(page)).toMatchObject({ signedIn: true });
});

test('the second person of a browser replaces the first', async () => {
  const curl = openCurl();
  const [first, second] = district.students as [Rostered, Rostered];
  expect(json(await launch(first.sourcedId, TENANT, curl))).toMatchObject({ sub: await productIdOf(first) });
  expect(json(await launch(second.sourcedId, TENANT, curl))).toMatchObject({ sub: await productIdOf(second) });
  expect(json(await curl.get(stack.ready.product))).toMatchObject({ sub: await productIdOf(second) });
});

test("an attacker's code in the victim's browser signs the attacker in nowhere (R19)", async () => {
  const [mallory, victim] = district.students as [Rostered, Rostered];
  const attacker = openCurl();
  await attacker.post(`${stack.ready.launchpad}/sign-in`, { user: mallory.sourcedId, tenant: TENANT });
  const link = await attacker.locationOf(`${stack.ready.launchpad}/tile`);
  expect(link).toMatch(/\/callback\?code=[^&]+&response_type=code$/);

  const signedOut = openCurl();
  expect((await signedOut.get(link)).url).toContain('/launchpad/request/');
  expect(json(await signedOut.get(stack.ready.product))).toEqual({ signedIn: false });

  const browser = openCurl();
  await browser.post(`${stack.ready.launchpad}/sign-in`, { user: victim.sourcedId, tenant: TENANT });
  expect(json(await browser.get(link))).toMatchObject({ sub: await productIdOf(victim) });
});

test('a student whom a sync removes loses the session, and cannot come back (R21)', async () => {
  const curl = openCurl();
  const gone = district.students[2]!;
  expect(json(await launch(gone.sourcedId, TENANT, curl))).toMatchObject({ signedIn: true });
  const zip = await district.without(gone.sourcedId);
  const { sync } = await outcomeOf(data, stack.ready.districtId, () =>
    sftp(stack.ready.sftp, [`put ${zip} /without.zip`]),
  );
  expect(sync).toMatchObject({ state: 'applied' });
  // The product asks again after five seconds.
  await new Promise((resolve) => setTimeout(resolve, 5_500));
  expect(json(await curl.get(stack.ready.product))).toEqual({ signedIn: false });
  const again = await launch(gone.sourcedId, TENANT, curl);
  expect([again.status, json(again)['code']]).toEqual([403, 'inactive']);
});

test('a restart keeps the addresses, and the next click works', async () => {
  const { launchpad, sso, product } = stack.ready;
  expect((await stack.interrupt()).code).toBe(0);
  stack = await startLocal(['--data', data, '--quiet-seconds', '1']);
  expect(stack.ready).toMatchObject({ launchpad, sso, product });
  expect(json(await launch(district.students[0]!.sourcedId))).toMatchObject({ signedIn: true });
  expect((await stack.interrupt()).code).toBe(0);
});
