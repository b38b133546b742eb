import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchWithCurl, openCurl } from './curl.ts';
import {
  cleanUp,
  type Ended,
  type JsonLine,
  type RunningStack,
  rollcall,
  startLocal,
  temporaryFolder,
} from './rollcall-process.ts';
import { generateSignOnDistrict, type Rostered, type SignOnDistrict } from './sign-on-district.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');
const TENANT = '2284';
const MAPLE = 'maple-unified';
let district: SignOnDistrict;
let stack: RunningStack;
let student: Rostered;

beforeAll(async () => {
  district = await generateSignOnDistrict(folder);
  stack = await startLocal(['--data', data, '--quiet-seconds', '1', '--export', district.zip]);
  expect(await stack.nextSync()).toMatchObject({ state: 'applied' });
  student = district.students[0]!;
});
afterAll(cleanUp);

/** A command on the test's data folder. */
const run = (...args: readonly string[]): Promise<Ended> => rollcall([...args, '--local', '--data', data]);
const json = async (...args: readonly string[]): Promise<JsonLine> => (await run(...args, '--json')).json[0] ?? {};
const set = async (...pairs: readonly string[]) =>
  expect(await run('district', 'set', MAPLE, ...pairs)).toMatchObject({ code: 0 });
const sso = (settings: object) => `sso=${JSON.stringify(settings)}`;
const launch = async (user: string) =>
  JSON.parse((await launchWithCurl(stack.ready.launchpad, user, TENANT)).body) as Record<string, string>;

test('why says who could sign in now, and everything that keeps them out', async () => {
  const answer = await json('why', MAPLE, student.sourcedId);
  expect(answer['signOn']).toEqual({ couldSignIn: true, code: null, reasons: [] });
  expect((await run('why', MAPLE, student.sourcedId)).stdout).toContain('- Could sign in now');

  await set('suspended=true', sso({ roles: 'teachers' }), 'classLinkTenantId=null');
  const closed = await json('why', MAPLE, student.sourcedId);
  expect(closed['signOn']).toEqual({
    couldSignIn: false,
    code: 'unknown-tenant',
    reasons: [
      expect.stringContaining('has no classLinkTenantId'),
      expect.stringContaining(`rollcall district set ${MAPLE} suspended=false`),
      expect.stringContaining('lets other roles in'),
    ],
  });
  const { stdout, code } = await run('why', MAPLE, student.sourcedId);
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/- Could not sign in now: .*\[unknown-tenant\]\n {2}And then: /),
  ]);
  await set('suspended=false', sso({}), `classLinkTenantId=${TENANT}`);
  expect(await json('why', MAPLE, 'nobody@example.org')).toMatchObject({ user: null, signOn: null });
});

test('why --ref explains a reference of a page, and names nobody (R22)', async () => {
  const { reference = '', code } = await launch('nobody-we-know');
  const told = await run('why', '--ref', reference.toLowerCase(), '--json');
  expect(told).toMatchObject({ code: 0, json: [{ reference, code, known: true, district: MAPLE }] });
  expect(told.json[0]).toMatchObject({
    at: expect.stringMatching(/Z$/),
    means: expect.any(String),
    toDo: expect.any(String),
  });
  expect(told.stdout).not.toContain('nobody-we-know');
  const forPeople = await run('why', '--ref', reference);
  expect(forPeople.stdout).toMatch(
    new RegExp(`^${reference}: refused at .* UTC, district ${MAPLE} \\[not-in-roster\\]\n- No synced`),
  );

  expect(await run('why', '--ref', 'AC-0000-0000', '--json')).toMatchObject({
    code: 1,
    json: [{ known: false, code: 'anchor-conflict' }],
  });
  expect(await run('why', '--ref', 'what?', '--json')).toMatchObject({
    code: 1,
    json: [{ known: false, reference: null }],
  });
  expect(await run('why', MAPLE, '--ref', reference, '--json')).toMatchObject({
    code: 2,
    json: [{ error: { code: 'bad-options' } }],
  });
  expect(await run('why', MAPLE, '--json')).toMatchObject({ code: 2, json: [{ error: { code: 'missing-argument' } }] });
});

test('sso-preflight says who could not sign in tomorrow, by school and reason', async () => {
  const open = await run('sso-preflight', MAPLE, '--json');
  expect(open).toMatchObject({
    code: 0,
    stderr: '',
    json: [{ district: MAPLE, couldNot: 0, doubtful: 0, closedBy: [], listed: [] }],
  });

  const [school = ''] = student.schools;
  await set(sso({ roles: 'students', allowedSchools: [school] }));
  const {
    code,
    json: [report = {}],
  } = await run('sso-preflight', MAPLE, '--limit', '3', '--json');
  expect(code).toBe(1);
  const { users, couldSignIn, couldNot, byCode, schools, listed, notListed } = report as Record<string, never>;
  expect(Number(couldSignIn) + Number(couldNot)).toBe(users);
  expect(byCode).toMatchObject({ 'role-not-allowed': expect.any(Number), 'school-not-allowed': expect.any(Number) });
  expect(listed).toHaveLength(3);
  expect(notListed).toBe(Number(couldNot) - 3);
  expect(schools).toContainEqual(
    expect.objectContaining({ sourcedId: school, name: expect.any(String), users: expect.any(Number) }),
  );

  const forPeople = await run('sso-preflight', MAPLE, '--limit', '3');
  expect(forPeople).toMatchObject({ code: 1, stderr: '' });
  expect(forPeople.stdout).toMatch(/could sign in.*\n.*could not\./);
  expect(forPeople.stdout).toMatch(/^school +sourcedId +users +could not +doubtful/m);
  expect(forPeople.stdout).toContain(`… and ${Number(couldNot) - 3} more`);

  await set(sso({ roles: 'off' }));
  expect(await json('sso-preflight', MAPLE)).toMatchObject({ closedBy: ['sso-off'], couldSignIn: 0, listed: [] });
  await set(sso({}));
  const unknown = await run('sso-preflight', 'oak-hill', '--json');
  expect(unknown).toMatchObject({ code: 2, json: [{ error: { code: 'unknown-district' } }] });
});

test('one ClassLink tenant is one district: `district add` and `set` say so', async () => {
  const error = { code: 'tenant-taken', message: expect.stringContaining(TENANT), hint: expect.stringMatching(/.+/) };
  const added = await run(
    'district',
    'add',
    'oak-hill',
    '--name',
    'Oak',
    '--set',
    `classLinkTenantId=${TENANT}`,
    '--json',
  );
  expect(added).toMatchObject({ code: 2, json: [{ error }] });
  expect(await run('district', 'show', 'oak-hill', '--json')).toMatchObject({ code: 2 });
  await run('district', 'add', 'oak-hill', '--name', 'Oak');
  const changed = await run('district', 'set', 'oak-hill', `classLinkTenantId=${TENANT}`, '--json');
  expect(changed).toMatchObject({ code: 2, json: [{ error }] });
  expect(await json('district', 'show', 'oak-hill')).toMatchObject({ classLinkTenantId: null });
});

test('sso-keys: a step of the rotation under a running stack', async () => {
  const file = join(data, 'sign-on-secret.json');
  const published = async (): Promise<string[]> => {
    const answer = await fetch(`${stack.ready.sso}/.well-known/jwks.json`);
    return ((await answer.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
  };
  const keysOf = (answer: JsonLine) => answer['keys'] as { role: string; kid: string; ageHours: number }[];
  const before = keysOf(await json('sso-keys', 'show'));
  expect(before.map(({ role, ageHours }) => [role, ageHours])).toEqual([
    ['current', 0],
    ['next', 0],
  ]);
  const early = await run('sso-keys', 'rotate', '--json');
  expect(early).toMatchObject({ code: 1, json: [{ rotated: false, notBefore: expect.stringMatching(/Z$/) }] });
  expect(keysOf(await json('sso-keys', 'show'))).toEqual(before);

  const curl = openCurl();
  await launchWithCurl(stack.ready.launchpad, student.sourcedId, TENANT, curl);
  // A day later, as far as the file knows.
  const yesterday = new Date(Date.now() - 25 * 3_600_000).toISOString();
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replaceAll(/"publishedAt": "[^"]+"/g, `"publishedAt": "${yesterday}"`));
  const rotated = await run('sso-keys', 'rotate', '--json');
  expect(rotated).toMatchObject({ code: 0, json: [{ rotated: true, done: 'promoted' }] });
  const after = keysOf(rotated.json[0] ?? {});
  const [current, next] = before.map(({ kid }) => kid);
  expect(after.map(({ role }) => role)).toEqual(['current', 'next', 'previous']);
  expect([after[0]?.kid, after[2]?.kid]).toEqual([next, current]);
  expect(await published()).toEqual(after.map(({ kid }) => kid));

  const secrets = JSON.parse(readFileSync(file, 'utf8')) as { signingKeys: Record<string, { jwk: { d: string } }> };
  const shown = (await run('sso-keys', 'show')).stdout + rotated.stdout;
  for (const { jwk } of Object.values(secrets.signingKeys)) expect(shown).not.toContain(jwk.d);

  // The session of before goes on, and new launches work.
  expect(JSON.parse((await curl.get(stack.ready.product)).body)).toMatchObject({ signedIn: true });
  expect(await launch(student.username)).toMatchObject({ signedIn: true });
  const empty = await rollcall(['sso-keys', 'show', '--local', '--data', join(folder, 'none'), '--json']);
  expect(empty).toMatchObject({ code: 2, json: [{ error: { code: 'secret-not-found' } }] });
});
