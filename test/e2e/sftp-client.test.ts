import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLocalTarget } from '../../lib/cli/local-target.ts';
import { sftp, startSftp } from './openssh.ts';
import { cleanUp, type RunningStack, rollcall, startLocal, temporaryFolder, until } from './rollcall-process.ts';
import { differences, expectedRoster, rosterOf } from './roster-files.ts';
import { storedRecords } from './stored-records.ts';
import { unzip } from './unzip.ts';
import { outcomeOf } from './uploads.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');
const DAY_1 = join(folder, 'small/day-1.zip');
const DAY_2 = join(folder, 'small/day-2.zip');
/** Of another size, so that there is time to kill who sends it. */
const LARGE = join(folder, 'large/day-1.zip');
/** Slow enough for the same, kilobits a second. */
const SLOW = 400;

let stack: RunningStack;
let day2: string;

beforeAll(async () => {
  const days = ['--days', '2', '--churn', '0.1', '--zip'];
  await rollcall(['generate', join(folder, 'small'), '--students', '100', '--seed', '9', ...days]);
  await rollcall(['generate', join(folder, 'large'), '--students', '3000', '--seed', '8', '--zip']);
  day2 = await unzip(DAY_2, join(folder, 'day-2'));
  stack = await startLocal(['--data', data, '--quiet-seconds', '1', '--export', DAY_1]);
  expect(await stack.nextSync()).toMatchObject({ state: 'applied' });
});
afterAll(cleanUp);

const send = async (...commands: string[]) => expect(await sftp(stack.ready.sftp, commands)).toMatchObject({ code: 0 });
const outcome = (upload: () => Promise<unknown>) => outcomeOf(data, stack.ready.districtId, upload);
const records = () => storedRecords(stack.ready.endpoints.dynamodb, stack.ready.districtId);
const puts = (from: string) => readdirSync(from).map((name) => `put ${join(from, name)} /${name}`);

async function expectRoster(from: string): Promise<void> {
  const roster = await rosterOf(stack.ready.districtId, data, join(folder, 'out'));
  expect(differences(expectedRoster(from), roster)).toEqual([]);
}

/** Sends a file, and is killed while it is on its way: some bytes have come, not all. */
async function dieUploading(file: string, to: string): Promise<void> {
  const spool = join(data, 'sftp-spool');
  const client = startSftp(stack.ready.sftp, [`put ${file} ${to}`], SLOW);
  const ended = once(client, 'exit');
  const large = (name: string) => statSync(join(spool, name), { throwIfNoEntry: false })?.size ?? 0;
  await until('the first bytes are there', () => readdirSync(spool).some((name) => large(name) > 60_000));
  client.kill('SIGKILL');
  await ended;
}

/** The state of the set that took this file, some quiet times after it did. */
async function takenWith(file: string): Promise<string | undefined> {
  const { districtId } = stack.ready;
  const target = await openLocalTarget(data, false);
  try {
    const [set] = await target.ledger.openSets(districtId);
    const deliveryId = set?.deliveryId ?? '';
    await until('the file is taken', async () =>
      (await target.ledger.files(districtId, deliveryId)).some(({ name }) => name === file),
    );
    await sleep(3_000);
    return (await target.ledger.get(districtId, deliveryId))?.state;
  } finally {
    await target.close();
  }
}

test('a zip', async () => {
  const { delivery, sync } = await outcome(() => send(`put ${DAY_1} /export.zip`));
  expect(delivery.packaging).toBe('zip');
  expect(sync?.state).toBe('unchanged');
});

test('loose files one by one', async () => {
  const { delivery, sync } = await outcome(() => send(...puts(day2)));
  expect(delivery.packaging).toBe('files');
  expect(sync?.state).toBe('applied');
  await expectRoster(day2);
});

test('under a temporary name, then renamed; again with the next export', async () => {
  const tonight = () => send(`put ${DAY_1} /export.zip.filepart`, 'rename /export.zip.filepart /export.zip');
  expect((await outcome(tonight)).sync?.state).toBe('applied');
  const tomorrow = () => send(`put ${DAY_2} /export.zip.filepart`, 'rename /export.zip.filepart /export.zip');
  expect((await outcome(tomorrow)).sync?.state).toBe('applied');
  await expectRoster(day2);
});

test('into a folder; a dry run changes nothing', async () => {
  const before = await records();
  const { sync } = await outcome(() => send('mkdir test', 'cd test', `put ${DAY_1} day-1.zip`));
  expect(sync).toMatchObject({ state: 'checked', recordsWritten: 0 });
  expect(sync?.changes.users?.update).toBeGreaterThan(0);
  expect(await records()).toEqual(before);
});

test('a wrong password and an unknown user are refused', async () => {
  const commands = [`put ${DAY_1} /refused.zip`];
  const wrong = await sftp({ ...stack.ready.sftp, password: 'not-the-password' }, commands);
  expect(wrong).toMatchObject({ code: 255, output: expect.stringContaining('Permission denied') });
  const unknown = await sftp({ ...stack.ready.sftp, username: 'oak-hill' }, commands);
  expect(unknown).toMatchObject({ code: 255, output: expect.stringContaining('Permission denied') });
});

test('a client that is killed while it sends a zip changes nothing', async () => {
  const before = await records();
  const { delivery, sync } = await outcome(() => dieUploading(LARGE, '/day-1.zip'));
  expect([delivery.state, sync]).toEqual(['incomplete', null]);
  expect(await records()).toEqual(before);
});

test('a client that is killed while it sends the last loose file: the set waits until that file comes whole', async () => {
  const before = await records();
  const files = await unzip(LARGE, join(folder, 'large-files'));
  const last = join(files, 'enrollments.csv');
  // A dry run: nobody has to approve the roster of another district.
  const others = readdirSync(files).filter((name) => name !== 'enrollments.csv');
  const { delivery, sync } = await outcome(async () => {
    await send('-mkdir /test', ...others.map((name) => `put ${join(files, name)} /test/${name}`));
    await dieUploading(last, '/test/enrollments.csv');
    expect(await takenWith('enrollments.csv')).toBe('receiving');
    await send(`put ${last} /test/enrollments.csv`);
  });
  expect([delivery.packaging, sync?.state]).toEqual(['files', 'checked']);
  expect(sync?.findingCounts.error).toBe(0);
  expect(await records()).toEqual(before);
});

test('after all that the next whole export is applied', async () => {
  const { sync } = await outcome(() => send(`put ${DAY_1} /export.zip`));
  expect(sync?.state).toBe('applied');
  await expectRoster(await unzip(DAY_1, join(folder, 'day-1')));
  expect((await stack.interrupt()).code).toBe(0);
});
