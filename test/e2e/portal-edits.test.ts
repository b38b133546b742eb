import { join } from 'node:path';
import { createIds, systemClock } from '../../lib/adapters/clock/system-clock.ts';
import { createPortalRoster } from '../../lib/adapters/dynamodb/portal.ts';
import { createTableClient } from '../../lib/adapters/dynamodb/table-client.ts';
import { openLocalTarget } from '../../lib/cli/local-target.ts';
import { idOfLine, valuesOfLine } from '../../lib/core/oneroster/record-line.ts';
import { storedColumnsOf } from '../../lib/core/oneroster/tables.ts';
import { createManualRecord, editSyncedRecord } from '../../lib/flows/portal.ts';
import { LOCAL } from '../../lib/local/names.ts';
import { sftp } from './openssh.ts';
import { cleanUp, rollcall, startLocal, temporaryFolder } from './rollcall-process.ts';
import { differences, expectedRoster, rosterOf } from './roster-files.ts';
import { openTable, storedRecords } from './stored-records.ts';
import { unzip } from './unzip.ts';
import { outcomeOf } from './uploads.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');
const zip = join(folder, 'day-1.zip');

afterAll(cleanUp);

test('the same export again sets an edited record back and writes nothing else; a manual record stays (R1, R2)', async () => {
  await rollcall(['generate', folder, '--students', '200', '--seed', '5', '--zip']);
  const expected = expectedRoster(await unzip(zip, join(folder, 'day-1')));
  const stack = await startLocal(['--data', data, '--quiet-seconds', '1', '--export', zip]);
  const { districtId, endpoints, sftp: account } = stack.ready;
  const synced = () => storedRecords(endpoints.dynamodb, districtId);
  const manual = () => storedRecords(endpoints.dynamodb, districtId, 'M');
  expect(await stack.nextSync()).toMatchObject({ state: 'applied' });
  const before = await synced();

  const client = openTable(endpoints.dynamodb);
  const portal = createPortalRoster(createTableClient(client, LOCAL.table));
  const ports = { portal, clock: systemClock, ids: createIds(systemClock) };
  const { id: someone, username } = await someUser(districtId);
  expect(await editSyncedRecord(ports, districtId, 'user', someone, { givenName: 'Edited' })).toBe('edited');
  await createManualRecord(ports, districtId, 'user', {
    username,
    givenName: 'By',
    familyName: 'Hand',
    role: 'teacher',
  });
  client.destroy();
  const byHand = await manual();
  expect(byHand.size).toBe(1);
  expect(differences(expected, await rosterOf(districtId, data, join(folder, 'edited')))).toHaveLength(2);

  const { sync } = await outcomeOf(data, districtId, () => sftp(account, [`put ${zip} /day-1.zip`]));
  expect(sync).toMatchObject({ state: 'applied', recordsWritten: 1, changes: { users: { add: 0, update: 1 } } });
  expect(sync?.findingCounts.byCode).toMatchObject({ 'manual-lookalike': 1 });
  const after = await synced();
  const written = [...after].filter(([key, item]) => before.get(key) !== item).map(([key]) => key);
  expect(written).toEqual([expect.stringMatching(new RegExp(`\n${someone}$`))]);
  expect(after.size).toBe(before.size);
  expect(await manual()).toEqual(byHand);
  expect(differences(expected, await rosterOf(districtId, data, join(folder, 'after')))).toEqual([]);
  expect((await stack.interrupt()).code).toBe(0);
});

async function someUser(districtId: string): Promise<{ readonly id: string; readonly username: string }> {
  const target = await openLocalTarget(data, false);
  try {
    for await (const [record] of target.roster.readSynced(districtId, 'user')) {
      if (record === undefined) continue;
      const at = storedColumnsOf('user').findIndex(({ name }) => name === 'username');
      return { id: idOfLine(record.line), username: valuesOfLine(record.line)[at] ?? '' };
    }
    throw new Error('the district has no users');
  } finally {
    await target.close();
  }
}
