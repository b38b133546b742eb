import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openLocalTarget } from '../../lib/cli/local-target.ts';
import type { Sync } from '../../lib/core/sync/sync.ts';
import { childrenOf, cleanUp, isRunning, rollcall, startLocal, temporaryFolder, until } from './rollcall-process.ts';
import { countsOf, differences, expectedRoster, type RosterRows, rosterOf } from './roster-files.ts';
import { unzip } from './unzip.ts';

/** Enough that an apply goes on for seconds: about 30,000 records. */
const STUDENTS = '3000';
const DISTRICT = 'maple-unified';

const folder = temporaryFolder();
const data = join(folder, 'data');
const zip = join(folder, 'day-1.zip');
let expected: RosterRows;

beforeAll(async () => {
  expect((await rollcall(['generate', folder, '--students', STUDENTS, '--seed', '4', '--zip'])).code).toBe(0);
  expected = expectedRoster(await unzip(zip, join(folder, 'day-1')));
});
afterAll(cleanUp);

/** The newest sync of the running stack, once it is in `state` and enrollments, the last kind, are in the table. */
async function whenWriting(state: Sync['state']): Promise<Sync> {
  const target = await openLocalTarget(data, false);
  try {
    return await until(`the sync is ${state}`, async () => {
      const [sync] = await target.log.list(DISTRICT, 1);
      if (sync?.state !== state) return null;
      for await (const batch of target.roster.readSynced(DISTRICT, 'enrollment')) if (batch.length > 0) return sync;
      return null;
    });
  } finally {
    await target.close();
  }
}

/** Nothing runs on the data folder: its roster has only a part of the records. */
async function expectHalfWritten(): Promise<void> {
  const roster = countsOf(await rosterOf(DISTRICT, data, join(folder, 'half')));
  expect(roster.user).toBe(expected.user.length);
  expect(roster.enrollment).toBeGreaterThan(0);
  expect(roster.enrollment).toBeLessThan(expected.enrollment.length);
}

test('an apply is stopped by Ctrl-C, then killed, then finished by the next start', async () => {
  const first = await startLocal(['--data', data, '--quiet-seconds', '1', '--export', zip]);
  const { syncId } = await whenWriting('applying');
  const children = childrenOf(first.pid);
  expect(children.length).toBeGreaterThan(0);
  const { code, seconds } = await first.interrupt();
  expect(code).toBe(0);
  expect(seconds).toBeLessThan(10);
  expect(children.filter(isRunning)).toEqual([]);
  expect(existsSync(join(data, 'stack.json'))).toBe(false);
  expect(readdirSync(join(data, 'sftp-spool'))).toEqual([]);
  await expectHalfWritten();

  const second = await startLocal(['--data', data, '--quiet-seconds', '1']);
  const left = childrenOf(second.pid);
  expect((await whenWriting('applying')).syncId).toBe(syncId);
  await second.kill();
  await until('its children have gone too', () => !left.some(isRunning), 10);
  await expectHalfWritten();

  const third = await startLocal(['--data', data, '--quiet-seconds', '1']);
  expect((await whenWriting('applied')).syncId).toBe(syncId);
  expect(differences(expected, await rosterOf(DISTRICT, data, join(folder, 'out')))).toEqual([]);
  // A start uploads the sample to an empty district only.
  const { json } = await rollcall(['syncs', DISTRICT, '--local', '--data', data, '--json']);
  expect(json[0]?.['syncs']).toMatchObject([{ id: syncId, recordsWritten: total(expected) }]);
  expect((await third.interrupt()).code).toBe(0);
});

const total = (rows: RosterRows): number => Object.values(countsOf(rows)).reduce((sum, count) => sum + count, 0);

test('a second stack on the same data is refused', async () => {
  const stack = await startLocal(['--data', join(folder, 'other'), '--export', zip]);
  const refused = await rollcall(['local', '--once', '--json', '--data', join(folder, 'other')]);
  expect(refused.code).toBe(2);
  expect(refused.json).toMatchObject([{ error: { code: 'already-running' } }]);
  // Also Ctrl-C while the export is on its way is a clean end.
  expect(await stack.interrupt()).toMatchObject({ code: 0 });
});
