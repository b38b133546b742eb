import { MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import { memoryPortal } from '../../lib/adapters/memory/portal.ts';
import { memoryRosterTable } from '../../lib/adapters/memory/roster-table.ts';
import { createManualRecord, editSyncedRecord } from '../../lib/flows/portal.ts';
import { active, change, STAMP, userLine } from '../adapters/conformance/changes.ts';
import { collect, TestClock } from '../adapters/conformance/world.ts';

const open = async () => {
  const store = new MemoryStore();
  const roster = memoryRosterTable(store);
  await roster.raiseFences('maple', 1);
  await roster.writeChanges(
    'maple',
    { lane: 0, number: 1 },
    [change('user', 'p1', null, active(userLine('u1', 's1')))],
    STAMP,
  );
  const ids = { next: () => 'd-1', deliveryOf: () => 'd-1', productId: () => 'm1' };
  return { store, roster, ports: { portal: memoryPortal(store), clock: new TestClock(), ids } };
};

test('R2: a manual record gets a productId and is never a synced one', async () => {
  const { roster, ports } = await open();
  const fields = { username: 'name-u1', email: 'maria@example.org' };
  expect(await createManualRecord(ports, 'maple', 'user', fields)).toBe('m1');
  expect(await collect(roster.readManualUsers('maple'))).toEqual([{ productId: 'm1', ...fields }]);
  expect(await collect(roster.readSynced('maple', 'user'))).toHaveLength(1);
});

test('R1: an edit is what the next sync reads', async () => {
  const { roster, store, ports } = await open();
  expect(await editSyncedRecord(ports, 'maple', 'user', 'u1', { givenName: 'Mary' })).toBe('edited');
  const [record] = await collect(roster.readSynced('maple', 'user'));
  expect(record).toMatchObject({ line: userLine('u1', 's1', { givenName: 'Mary' }), productId: 'p1', sound: true });
  expect(store.synced('maple', 'user').get('u1')?.editedAt).toBe('2026-11-23T18:00:00.000Z');
  expect(await editSyncedRecord(ports, 'maple', 'user', 'u2', {})).toBe('missing');
});

test.each(['pk', 'source', 'productId', 'status', 'sourcedId', 'schoolRows', 'gsi1pk', 'password', 'className'])(
  'R2: the Portal does not write %s',
  async (name) => {
    const { ports } = await open();
    const refused = { name: 'FieldNotEditable', code: 'field-not-editable' };
    await expect(editSyncedRecord(ports, 'maple', 'user', 'u1', { [name]: 'x' })).rejects.toMatchObject(refused);
    await expect(createManualRecord(ports, 'maple', 'user', { [name]: 'x' })).rejects.toMatchObject(refused);
  },
);
