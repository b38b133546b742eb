import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openTarget } from '../../lib/cli/target.ts';
import type { Sync } from '../../lib/core/sync/sync.ts';
import { childrenOf, cleanUp, isRunning, rollcall, startLocal, temporaryFolder, until } from './rollcall-process.ts';
import { differences, expectedRoster, rosterOf } from './roster-files.ts';
import { unzip } from './unzip.ts';

/** Enough that the apply takes a few seconds: about 30,000 records. */
const STUDENTS = '3000';

const folder = temporaryFolder();
const data = join(folder, 'data');
const zip = join(folder, 'day-1.zip');

beforeAll(async () => {
  expect((await rollcall(['generate', folder, '--students', STUDENTS, '--seed', '4', '--zip'])).code).toBe(0);
});
afterAll(cleanUp);

/** The newest sync of the sample district, from the running stack. */
async function newestSync(): Promise<Sync | null> {
  const target = await openTarget({ local: true, data });
  try {
    return (await target.log.list('maple-unified', 1))[0] ?? null;
  } finally {
    await target.close();
  }
}

test('killed in mid-apply: the next start finishes it by itself', async () => {
  const first = await startLocal(['--data', data, '--quiet-seconds', '1', '--export', zip]);
  const caught = await until('some records are written', async () => {
    const sync = await newestSync();
    return sync?.state === 'applying' && (await writtenUsers()) > 0 ? sync : null;
  });
  const children = childrenOf(first.pid);
  await first.kill();
  await until('its children have gone too', () => !children.some(isRunning), 10);
  expect(caught.recordsWritten).toBeLessThan(30_000);

  const second = await startLocal(['--data', data, '--quiet-seconds', '1', '--export', zip]);
  const finished = await until('the apply is finished', async () => {
    const sync = await newestSync();
    return sync?.state === 'applied' ? sync : null;
  });
  expect(finished.syncId).toBe(caught.syncId);
  // Sent again meanwhile: there is nothing left to write.
  expect(await second.nextSync()).toMatchObject({ state: 'unchanged' });
  const roster = await rosterOf('maple-unified', data, join(folder, 'out'));
  expect(differences(expectedRoster(await unzip(zip, join(folder, 'day-1'))), roster)).toEqual([]);
  expect((await second.interrupt()).code).toBe(0);
});

test('Ctrl-C in mid-apply stops everything within ten seconds; the next start goes on', async () => {
  const other = join(folder, 'other');
  const stack = await startLocal(['--data', other, '--quiet-seconds', '1', '--export', zip]);
  const children = childrenOf(stack.pid);
  expect(children.length).toBeGreaterThan(0);
  expect(existsSync(join(other, 'stack.json'))).toBe(true);
  const { code, seconds } = await stack.interrupt();
  expect(code).toBe(0);
  expect(seconds).toBeLessThan(10);
  expect(children.filter(isRunning)).toEqual([]);
  expect(existsSync(join(other, 'stack.json'))).toBe(false);
});
