import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { sftp } from './openssh.ts';
import { cleanUp, type Ended, rollcall, startLocal, temporaryFolder, until } from './rollcall-process.ts';

afterAll(cleanUp);

const folder = temporaryFolder();
const data = join(folder, 'data');

/** `rollcall district …` on the test's data folder. */
const district = (...args: string[]): Promise<Ended> =>
  rollcall(['district', ...args, '--local', '--data', data, '--json']);

const errorOf = ({ json }: Ended) => json[0]?.['error'] as { code: string; message: string; hint: string };

/** Exit code 2, one JSON object on stdout, with words for what to do. */
function expectRefused(ended: Ended, code: string, message: RegExp): void {
  expect(ended.code).toBe(2);
  expect(ended.json).toHaveLength(1);
  expect(Object.keys(ended.json[0] ?? {})).toEqual(['error']);
  expect(errorOf(ended)).toEqual({ code, message: expect.stringMatching(message), hint: expect.stringMatching(/.+/) });
}

/** Passwords are shown by `add` alone. */
let login: { username: string; password: string };

test('where no stack runs, the data folder itself is changed', async () => {
  const added = await district(
    'add',
    'oak-hill',
    '--name',
    'Oak Hill',
    '--set',
    'quietSeconds=1',
    'contacts=["a@b.org"]',
  );
  expect(added.code).toBe(0);
  login = added.json[0]?.['sftp'] as typeof login;
  expect(login).toEqual({ username: 'oak-hill', password: expect.stringMatching(/^\S{16,}$/) });
  const settings = {
    districtId: 'oak-hill',
    name: 'Oak Hill',
    firstSync: 'hold',
    quietSeconds: 1,
    contacts: ['a@b.org'],
  };
  expect((await district('show', 'oak-hill')).json[0]).toMatchObject(settings);
  expect((await district('set', 'oak-hill', 'classLinkTenantId=77', 'name=Oak')).json[0]).toMatchObject({
    ...settings,
    name: 'Oak',
    classLinkTenantId: 77,
  });
  const { json } = await district('list');
  expect(json[0]?.['districts']).toMatchObject([{ districtId: 'oak-hill', classLinkTenantId: 77 }]);
});

test('one setting inside another is changed, and the others stay', async () => {
  const limitsOf = async () => (await district('show', 'oak-hill')).json[0]?.['limits'];
  const before = (await limitsOf()) as { readonly removals: object };
  const set = [
    'limits.removals.share=0.05',
    'limits.rekeyPairs=3',
    'calendar.days=["mon","tue"]',
    'calendar.time=02:30',
  ];
  const ended = await rollcall(['district', 'set', 'oak-hill', ...set, '--local', '--data', data]);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const lines = ended.stdout.split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      '- limits.removals.share = 0.1',
      '+ limits.removals.share = 0.05',
      '+ calendar.time = "02:30"',
    ]),
  );
  expect(lines.filter((line) => line.includes('floors'))).toEqual([]);
  expect(await limitsOf()).toEqual({ ...before, rekeyPairs: 3, removals: { ...before.removals, share: 0.05 } });
});

/** The same at a terminal, where a person types. */
function atTerminal(typed: string, ...args: readonly string[]): string {
  const command = [process.execPath, 'bin/rollcall.mjs', 'district', ...args, '--local', '--data', data].join(' ');
  return execFileSync('script', ['-qec', command, '/dev/null'], { input: typed }).toString();
}

test('a person is asked before anything is saved; --yes is the answer of a script', async () => {
  const name = async () => (await district('show', 'oak-hill')).json[0]?.['name'];
  const before = await name();
  expect(atTerminal('n\n', 'set', 'oak-hill', 'name=Elm')).toMatch(
    /\+ name = "Elm"[\s\S]*Save\? \[y\/N\][\s\S]*Nothing was saved/,
  );
  expect(await name()).toBe(before);
  expect(atTerminal('y\n', 'set', 'oak-hill', 'name=Elm')).toContain('Save?');
  expect(await name()).toBe('Elm');
  expect(atTerminal('', 'set', 'oak-hill', 'name=Oak', '--yes')).not.toContain('Save?');
  expect(await name()).toBe('Oak');
});

test('the same district is not added twice: its password would change', async () => {
  expectRefused(await district('add', 'oak-hill', '--name', 'Oak Hill'), 'district-exists', /oak-hill/);
  await district('set', 'oak-hill', 'name=Oak Hill');
  const same = ['--set', 'quietSeconds=1', 'contacts=["a@b.org"]', 'classLinkTenantId=77'];
  expectRefused(await district('add', 'oak-hill', '--name', 'Oak Hill', ...same), 'district-exists', /oak-hill/);
});

test.each<[string, string[], string, RegExp]>([
  ['an unknown setting', ['set', 'oak-hill', 'quietSecnods=5'], 'settings-invalid', /quietSecnods/],
  ['a number out of bounds', ['set', 'oak-hill', 'quietSeconds=0'], 'settings-invalid', /quietSeconds/],
  ['a part of a list', ['set', 'oak-hill', 'contacts.0=a@b.org'], 'settings-invalid', /contacts\.0/],
  [
    'a limit as a whole that has parts',
    ['set', 'oak-hill', 'limits.removals=5'],
    'bad-assignment',
    /limits\.removals.*share, floors/,
  ],
  ['a zone without summer time', ['set', 'oak-hill', 'timeZone=EST'], 'settings-invalid', /America\/Chicago/],
  ['the id', ['set', 'oak-hill', 'districtId=other'], 'bad-assignment', /districtId/],
  ['a bad id', ['add', 'Oak_Hill', '--name', 'x'], 'settings-invalid', /districtId/],
  [
    'a choice that is none',
    ['add', 'elm-town', '--name', 'x', '--first-sync', 'maybe'],
    'settings-invalid',
    /firstSync/,
  ],
  ['no name', ['add', 'elm-town'], 'usage', /--name/],
  ['a district that is not there', ['show', 'elm-town'], 'unknown-district', /elm-town/],
])('%s is refused', async (_name, args, code, message) => {
  expectRefused(await district(...args), code, message);
});

test('against a running stack: settings count at once, the login works, and the first plan is held', async () => {
  await rollcall(['generate', folder, '--students', '50', '--seed', '1', '--zip']);
  const zip = join(folder, 'day-1.zip');
  const stack = await startLocal(['--data', data, '--quiet-seconds', '1', '--export', zip]);
  expect(await stack.nextSync()).toMatchObject({ state: 'applied' });
  // Three at once: each change is whole, and whoever comes second is told.
  const edits = await Promise.all([2, 3, 4].map((n) => district('set', 'oak-hill', `maxRowBytes=${n * 1024}`)));
  const refused = edits.filter(({ code }) => code !== 0);
  for (const edit of refused) expectRefused(edit, 'settings-changed', /meanwhile/);
  const kept = (await district('show', 'oak-hill')).json[0]?.['maxRowBytes'];
  const accepted = edits.filter(({ code }) => code === 0).map(({ json }) => json[0]?.['maxRowBytes']);
  expect(accepted).toContain(kept);
  expect((await district('set', 'oak-hill', 'maxRowBytes=262144')).code).toBe(0);

  const account = { ...stack.ready.sftp, ...login };
  expect(await sftp(account, [`put ${zip} /day-1.zip`])).toMatchObject({ code: 0 });
  const [sync] = await until('the plan of Oak Hill is held', async () => {
    const { json } = await rollcall(['syncs', 'oak-hill', '--local', '--data', data, '--json']);
    const syncs = json[0]?.['syncs'] as readonly { readonly state: string }[];
    return syncs.some(({ state }) => state === 'held') && syncs;
  });
  expect(sync).toMatchObject({
    holds: [{ code: 'first-sync' }],
    recordsWritten: 0,
    changes: { orgs: { add: 2 } },
  });
  const { json } = await rollcall([
    'roster',
    'oak-hill',
    '--local',
    '--data',
    data,
    '--json',
    '--out',
    join(folder, 'out'),
  ]);
  expect(json[0]?.['records']).toMatchObject({ orgs: 0, users: 0 });
  const listed = (await district('list')).json[0]?.['districts'] as readonly { districtId: string }[];
  // Oak Hill's first plan is held; the sample district's was applied.
  expect(listed.find(({ districtId }) => districtId === 'oak-hill')).toMatchObject({ lastAppliedAt: null });
  expect(listed.filter(({ districtId }) => districtId !== 'oak-hill')).toMatchObject([
    { lastAppliedAt: expect.stringMatching(/^20\d\d-.*Z$/) },
  ]);
  expect((await stack.interrupt()).code).toBe(0);
});
