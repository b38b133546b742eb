import { receiveUpload } from '../../lib/flows/receive-upload.ts';
import { FlowWorld, QUIET_SECONDS } from './flow-world.ts';

const HOME = 'home/maple-unified/';

test.each<[string, string, number, string]>([
  ['a zip', `${HOME}export.zip`, 9, 'scheduled'],
  ['a CSV in a folder, in capitals', `${HOME}fall/USERS.CSV`, 9, 'scheduled'],
  ['a name with blanks and accents', `${HOME}my é users.csv`, 9, 'scheduled'],
  ['a report of ours', `${HOME}reports/2026-11-23/findings.csv`, 9, 'report'],
  ['a folder that only begins like reports', `${HOME}reports2/users.csv`, 9, 'scheduled'],
  ['a folder marker', `${HOME}fall/`, 0, 'folder-marker'],
  ['a name of WinSCP while it uploads', `${HOME}users.csv.filepart`, 9, 'temporary-name'],
  ['another temporary name', `${HOME}export.zip.tmp`, 9, 'temporary-name'],
  ['a hidden file', `${HOME}.users.csv`, 9, 'temporary-name'],
  ['an empty object', `${HOME}users.csv`, 0, 'empty-object'],
  ['a file of another type', `${HOME}readme.txt`, 9, 'stray-file'],
  ['a key outside all homes', 'deliveries/maple-unified/users.csv', 9, 'not-an-upload'],
  ['a district that nobody knows', 'home/oak-hill/users.csv', 9, 'unknown-district'],
  ['a district whose name ours begins with', 'home/maple/users.csv', 9, 'unknown-district'],
])('%s: %s', async (_name, key, bytes, outcome) => {
  const world = await FlowWorld.open();
  expect(await receiveUpload(world.ports, { key, versionId: 'v1', bytes })).toBe(outcome);
  expect(world.queues.uploads).toHaveLength(outcome === 'scheduled' ? 1 : 0);
});

test('the message comes back for exactly this version after the quiet time, once for each event', async () => {
  const world = await FlowWorld.open();
  const object = world.put('users.csv', 'sourcedId\n');
  await receiveUpload(world.ports, object);
  await receiveUpload(world.ports, object);
  const { key, versionId } = object;
  const settle = {
    message: { type: 'settle', key, versionId },
    dueMillis: world.clock.now().getTime() + QUIET_SECONDS * 1000,
  };
  expect(world.queues.uploads).toEqual([settle, settle]);
});
