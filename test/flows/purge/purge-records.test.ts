import type { RetentionMessage } from '../../../lib/contracts/messages.ts';
import { purgeRecords } from '../../../lib/flows/purge/purge-records.ts';
import { edited, without } from '../../support/plain-delivery.ts';
import type { SmallDelivery } from '../../support/small-delivery.ts';
import { asZip, withStudents } from '../exports.ts';
import { DISTRICT, FlowWorld, PLENTY } from '../flow-world.ts';
import { crashingPorts } from '../offboard/crashing-ports.ts';
import { LeavingWorld, OTHER, type PurgePorts } from '../offboard/leaving-world.ts';

const DAY = 86_400;
const CROWD = withStudents(60);
const MESSAGE: RetentionMessage = { type: 'retention', districtId: DISTRICT, hop: 0, attempt: 0 };

let world: LeavingWorld;
let flows: FlowWorld;
beforeEach(async () => {
  flows = await FlowWorld.open();
  world = LeavingWorld.over(flows);
});

async function deliver(delivery: SmallDelivery): Promise<string> {
  flows.clock.advanceSeconds(60);
  await flows.claim(flows.put('export.zip', await asZip(delivery)));
  return (await flows.run()).at(-1) ?? '';
}
const purge = (ports: PurgePorts = world.ports, timeLeft = PLENTY) =>
  purgeRecords(ports, MESSAGE, flows.newWorker(), timeLeft);
const users = () => Object.keys(flows.users());
const user = (id: string) => flows.store.synced(DISTRICT, 'user').get(id);

describe('records of the SIS (R22)', () => {
  test('go when they have been inactive for longer than they are kept; all others stay', async () => {
    await deliver(CROWD);
    const fields = { username: 'x', role: 'student', orgSourcedIds: 'school' };
    const createdAt = flows.clock.now().toISOString();
    await flows.portal.create({ districtId: DISTRICT, kind: 'user', productId: 'm1', fields, createdAt });
    expect(await deliver(without(CROWD, 'user', 's1', 's2'))).toBe('applied');
    flows.clock.advanceSeconds(200 * DAY);
    expect(await deliver(without(CROWD, 'user', 's1', 's2', 's3'))).toBe('applied');
    flows.clock.advanceSeconds(199 * DAY);
    expect(await purge()).toMatchObject({ outcome: 'done', deleted: 0 });
    flows.clock.advanceSeconds(DAY);
    expect(await purge()).toMatchObject({ outcome: 'done', deleted: 2 });
    expect([user('s1'), user('s2')]).toEqual([undefined, undefined]);
    expect(user('s3')).toMatchObject({ status: 'inactive' });
    expect(users()).toHaveLength(61);
    expect(flows.store.manual(DISTRICT, 'user').size).toBe(1);
    expect(await purge()).toMatchObject({ outcome: 'done', deleted: 0 });
  });

  test('the next exports are planned and proven as ever; an id that comes back is a new record', async () => {
    await deliver(CROWD);
    const before = user('s1')?.productId;
    await deliver(without(CROWD, 'user', 's1'));
    flows.clock.advanceSeconds(401 * DAY);
    expect(await purge()).toMatchObject({ deleted: 1 });
    expect(await deliver(edited(CROWD, 'user', 's2', { givenName: 'Kim' }))).toBe('applied');
    expect(user('s1')).toMatchObject({ status: 'active', productId: expect.not.stringMatching(`^${before}$`) });
    expect((await flows.syncs())[0]?.changes.users).toMatchObject({ add: 1, reactivate: 0, update: 1 });
  });

  test('R12, R20: an old record of a re-key stays while the one that it leads to is there', async () => {
    await deliver(CROWD);
    await deliver(without(CROWD, 'user', 's1'));
    Object.assign(user('s1')!, { movedTo: 's2' });
    flows.clock.advanceSeconds(401 * DAY);
    expect(await purge()).toMatchObject({ deleted: 0 });
    await deliver(without(CROWD, 'user', 's1', 's2'));
    flows.clock.advanceSeconds(401 * DAY);
    expect(await purge()).toMatchObject({ deleted: 1 });
    expect(await purge()).toMatchObject({ deleted: 1 });
    expect([user('s1'), user('s2')]).toEqual([undefined, undefined]);
  });
});

describe('plans and applies', () => {
  const few = without(CROWD, 'user', 's1', ...Array.from({ length: 40 }, (_, at) => `s${at + 20}`));

  test('R13: a held plan keeps its records a week longer; then it cannot be approved any more', async () => {
    await deliver(CROWD);
    await deliver(without(CROWD, 'user', 's1'));
    flows.clock.advanceSeconds(396 * DAY);
    await deliver(few);
    const held = (await flows.syncs())[0]!;
    expect(held.state).toBe('held');
    flows.clock.advanceSeconds(10 * DAY);
    expect(await purge()).toMatchObject({ outcome: 'done', deleted: 0 });
    flows.clock.advanceSeconds(2 * DAY);
    expect(await purge()).toMatchObject({ outcome: 'done', deleted: 1 });
    const approve = { name: 'approve', syncId: held.syncId, scope: 'as-shown', why: null, newerSeen: null } as const;
    expect(await flows.command(approve)).toMatchObject({ outcome: 'refused', code: 'stale' });
  });

  test('R15: an apply that began is finished first, also one whose worker is gone', async () => {
    await deliver(CROWD);
    await deliver(without(CROWD, 'user', 's1'));
    flows.clock.advanceSeconds(401 * DAY);
    await flows.claim(flows.put('export.zip', await asZip(edited(CROWD, 'user', 's2', { givenName: 'Kim' }))));
    expect(await flows.plan()).toBe('applying');
    expect(await purge()).toMatchObject({ outcome: 'busy', deleted: 0 });
    flows.clock.advanceSeconds(3_600);
    expect(await purge()).toMatchObject({ outcome: 'apply-first', deleted: 0 });
    flows.queues.purges.splice(0);
    expect(await flows.run()).toContain('applied');
  });

  test('R15: a worker that a newer one has followed deletes nothing', async () => {
    await deliver(CROWD);
    await deliver(without(CROWD, 'user', 's1'));
    flows.clock.advanceSeconds(401 * DAY);
    const { expired } = world.ports;
    // It sleeps before its first deletion; a plan works meanwhile, and its export has the student again.
    const remove: typeof expired.remove = async (...args) => {
      flows.clock.advanceSeconds(3_600);
      expect(await deliver(CROWD)).toBe('applied');
      return expired.remove(...args);
    };
    expect(await purge({ ...world.ports, expired: { ...expired, remove } })).toMatchObject({
      outcome: 'stale',
      deleted: 0,
    });
    expect(user('s1')).toMatchObject({ status: 'active' });
  });
});

test('R15: in slices, and with a worker that ends at any call, it comes to the same end', async () => {
  const leavers = Array.from({ length: 50 }, (_, at) => `s${at + 1}`);
  for (const when of ['before', 'after'] as const) {
    for (let call = 1; ; call++) {
      flows = await FlowWorld.open();
      world = LeavingWorld.over(flows);
      for (const districtId of [DISTRICT, OTHER])
        for (const id of leavers) flows.store.synced(districtId, 'user').set(id, expiredUser(id));
      const { ports, calls } = crashingPorts(world.ports, { call, when });
      await world.ports.purges.sendPurge(MESSAGE, 0);
      await world.run(ports, () => 0);
      expect([call, flows.store.synced(DISTRICT, 'user').size]).toEqual([call, 0]);
      expect(flows.store.synced(OTHER, 'user').size).toBe(leavers.length);
      expect(await flows.leases.isFree(DISTRICT)).toBe(true);
      if (calls() < call) break;
    }
  }
}, 60_000);

const expiredUser = (id: string) => ({
  ...{ source: 'sis', status: 'inactive', productId: `p-${id}`, fields: {}, indexed: '', schoolRows: [] },
  ...{ syncId: 's', syncedAt: '2024-01-01T00:00:00.000Z', inactiveSince: '2024-01-01T00:00:00.000Z' },
  ...{ editedAt: null, movedTo: null },
});
