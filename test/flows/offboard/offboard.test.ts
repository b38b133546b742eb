import { claimUpload } from '../../../lib/flows/claim-upload.ts';
import { runCommand } from '../../../lib/flows/commands/run-command.ts';
import { planNext } from '../../../lib/flows/plan-next.ts';
import { purgeNight } from '../../../lib/flows/purge/purge-night.ts';
import { receiveUpload } from '../../../lib/flows/receive-upload.ts';
import { PLAIN } from '../../support/plain-delivery.ts';
import { asZip, withStudents } from '../exports.ts';
import { DISTRICT } from '../flow-world.ts';
import { LeavingWorld, OTHER } from './leaving-world.ts';

let world: LeavingWorld;
beforeEach(async () => {
  world = await LeavingWorld.open();
});

const manualUsers = async (districtId: string): Promise<number> => {
  let count = 0;
  for await (const batch of world.flows.ports.roster.readManualUsers(districtId)) count += batch.length;
  return count;
};

/** The law: nothing of the district is left but what the certificate names, and the other district is as it was. */
async function expectGone(before: string): Promise<void> {
  expect(await world.leftOf(DISTRICT)).toEqual({});
  expect(await world.departure()).toMatchObject({ districtId: DISTRICT, goneAt: expect.any(String) });
  expect(await manualUsers(DISTRICT)).toBe(1);
  expect(world.snapshotOfOther()).toBe(before);
}

test('an order deletes the district, and certifies what there was', async () => {
  const before = world.snapshotOfOther();
  expect(await world.leftOf(DISTRICT)).toMatchObject({ user: 43, delivery: 3, sync: 2, district: 1 });
  expect(await world.offboard(await world.order())).toBe('gone');
  const goneAt = world.flows.clock.now();
  await expectGone(before);
  const days = (count: number) => new Date(goneAt.getTime() + count * 86_400_000).toISOString();
  expect(await world.departure()).toMatchObject({
    name: 'Maple',
    order: { who: 'tester' },
    found: { rows: { user: 43, delivery: 3, sync: 2 }, objects: { landing: 4, deliveries: 3 } },
    goneAt: goneAt.toISOString(),
    ends: { messages: days(14), backups: days(35), logs: days(90) },
    sweptAt: null,
    late: 0,
  });
  // It looks a second time, when every worker of then has ended.
  expect(await world.run()).toEqual(['gone']);
  expect(world.flows.clock.now().getTime() - goneAt.getTime()).toBe(900_000);
  expect(await world.departure()).toMatchObject({
    sweptAt: expect.any(String),
    late: 0,
    found: { rows: { user: 43 } },
  });
});

describe('an order is void', () => {
  test('once somebody has let the district go on: nothing is deleted', async () => {
    const order = await world.order();
    const { settings, version } = (await world.flows.ports.districts.get(DISTRICT))!;
    await world.flows.ports.districts.save({ ...settings, suspended: false }, version);
    expect(await world.offboard(order)).toBe('void');
    // Suspended again for another reason: the old order, redriven, is still void.
    await world.flows.ports.districts.save({ ...settings, suspended: true }, version + 1);
    expect(await world.offboard(order)).toBe('void');
    expect(await world.departure()).toBeNull();
    expect(await world.leftOf(DISTRICT)).toMatchObject({ user: 43 });
  });

  test('where the settings change in the very moment', async () => {
    const order = await world.order();
    const { roster, districts } = world.ports;
    const raiseFences: typeof roster.raiseFences = async (districtId, number) => {
      const { settings, version } = (await districts.get(DISTRICT))!;
      await districts.save({ ...settings, suspended: false }, version);
      return roster.raiseFences(districtId, number);
    };
    expect(await world.offboard(order, { ...world.ports, roster: { raiseFences } })).toBe('void');
    expect(await world.departure()).toBeNull();
    expect(await world.flows.leases.isFree(DISTRICT)).toBe(true);
  });

  test('of a district that there is not; and a sweep without a tombstone deletes nothing', async () => {
    const order = await world.order();
    expect(await world.offboard({ ...order, districtId: 'nowhere' })).toBe('unknown-district');
    await world.ports.purges.sendPurge({ type: 'sweep', districtId: OTHER, hop: 0 }, 0);
    const before = world.snapshotOfOther();
    expect(await world.run()).toEqual(['not-left']);
    expect(world.snapshotOfOther()).toBe(before);
  });
});

test('R15: a district that is busy is waited for', async () => {
  const order = await world.order();
  const lease = await world.flows.leases.take(DISTRICT, 'apply', 120);
  expect(await world.offboard(order)).toBe('busy');
  expect(await world.leftOf(DISTRICT)).toMatchObject({ user: 43 });
  await world.flows.leases.release(lease!);
  expect(await world.run()).toEqual(['gone', 'gone']);
  await expectGone(world.snapshotOfOther());
});

test('R15: in slices of one batch each, doubled, it comes to the same end', async () => {
  const before = world.snapshotOfOther();
  const order = await world.order();
  expect(await world.offboard(order, world.ports, () => 0)).toBe('continued');
  // Late copies of the order among the slices.
  for (let copies = 0; copies < 3; copies++) world.flows.queues.purges.push({ message: order, dueMillis: 0 });
  const outcomes = await world.run(world.ports, () => 0);
  expect(outcomes.filter((outcome) => outcome === 'continued').length).toBeGreaterThan(10);
  await expectGone(before);
  expect(await world.departure()).toMatchObject({ found: { rows: { user: 43, delivery: 3 } }, late: 0 });
});

test('R15: two workers at the same time delete it once', async () => {
  const before = world.snapshotOfOther();
  const order = await world.order();
  const outcomes = await Promise.all([world.offboard(order), world.offboard(order), world.offboard(order)]);
  await world.run();
  expect(outcomes).toContain('gone');
  await expectGone(before);
});

describe('who comes late', () => {
  test('an apply that slept writes nothing', async () => {
    const { flows } = world;
    flows.clock.advanceSeconds(60);
    await flows.claim(flows.put('day-3.zip', await asZip(withStudents(60))));
    expect(await flows.plan()).toBe('applying');
    const { applyingSyncId } = await flows.log.state(DISTRICT);
    const { roster } = flows.ports;
    const before = world.snapshotOfOther();
    // It wakes up in the middle of its first write, an hour later: the district has left.
    const writeChanges: typeof roster.writeChanges = async (...args) => {
      if ((await world.departure()) === null) {
        flows.clock.advanceSeconds(3_600);
        expect(await world.offboard(await world.order())).toBe('gone');
      }
      const answer = await roster.writeChanges(...args);
      expect(answer).toBe('fenced');
      return answer;
    };
    Object.assign(flows.ports, { roster: { ...roster, writeChanges } });
    expect(await flows.apply(applyingSyncId!)).toBe('stale');
    await expectGone(before);
    Object.assign(flows.ports, { roster });
    expect(await flows.apply(applyingSyncId!)).toBe('unknown-sync');
  });

  test('an apply that had not begun finds nothing to apply, also while rows are still being deleted', async () => {
    const { flows } = world;
    flows.clock.advanceSeconds(60);
    await flows.claim(flows.put('day-3.zip', await asZip(withStudents(60))));
    expect(await flows.plan()).toBe('applying');
    const { applyingSyncId } = await flows.log.state(DISTRICT);
    flows.clock.advanceSeconds(3_600);
    const before = world.snapshotOfOther();
    expect(await world.offboard(await world.order(), world.ports, () => 0)).toBe('continued');
    const writes = flows.writes.length;
    expect(['already-done', 'unknown-sync']).toContain(await flows.apply(applyingSyncId!));
    expect(flows.writes.length).toBe(writes);
    await world.run();
    await expectGone(before);
  });

  test('a plan and a command that read the settings before are refused under the lease', async () => {
    const { flows } = world;
    const before = world.snapshotOfOther();
    const { districts, leases } = flows.ports;
    const held = (await flows.log.state(DISTRICT)).heldSyncIds[0]!;
    const settings = await districts.get(DISTRICT);
    const order = await world.order();
    let looks = 0;
    /** The district leaves between the first look at the settings and the lease. */
    const late = {
      ...flows.ports,
      districts: { ...districts, get: async (id: string) => (looks++ === 0 ? settings : districts.get(id)) },
      leases: {
        ...leases,
        take: async (...args: Parameters<typeof leases.take>) => {
          await world.offboard(order);
          return leases.take(...args);
        },
      },
    };
    expect(await planNext(late, { type: 'plan', districtId: DISTRICT, attempt: 0 }, 'late')).toBe('unknown-district');
    looks = 0;
    const approve = { name: 'approve', syncId: held, scope: 'as-shown', why: null, newerSeen: null } as const;
    expect(await runCommand(late, flows.commandMessage(approve, 'c-late'), 'late')).toBe('refused');
    expect(flows.queues.plans).toEqual([]);
    await expectGone(before);
    expect(await flows.ports.commands.get(DISTRICT, 'c-late')).toBeNull();
  });

  test('an upload is ignored; one that a worker was just taking is swept away', async () => {
    const { flows } = world;
    const before = world.snapshotOfOther();
    const bytes = await asZip(PLAIN);
    const late = flows.put('late.zip', bytes);
    const settings = (await flows.ports.districts.get(DISTRICT))!;
    expect(await world.offboard(await world.order())).toBe('gone');
    // Over a connection that was still open.
    const after = flows.put('after.zip', bytes);
    expect(await receiveUpload(flows.ports, after)).toBe('unknown-district');
    expect(await flows.claim(after)).toBe('unknown-district');
    // A worker that had read the settings, and has just copied the object.
    const copyToArchive = async (_: unknown, key: string) => {
      const writer = flows.ports.archive.writer(key);
      await writer.write(bytes);
      await writer.end();
      return 'copied' as const;
    };
    const districts = { ...flows.ports.districts, get: async () => settings };
    for (const key of [late.key, `home/${DISTRICT}/late.csv`]) {
      const object = { ...late, key };
      const landing = { ...flows.ports.landing, head: async () => object, copyToArchive };
      const claimed = claimUpload({ ...flows.ports, districts, landing }, { type: 'settle', ...object });
      await expect(claimed).rejects.toMatchObject({ code: 'district-has-left' });
    }
    expect(await world.leftOf(DISTRICT)).toEqual({ files: 2 });
    expect(await world.run()).toEqual(['gone']);
    await expectGone(before);
    expect(await world.departure()).toMatchObject({ late: 2 });
  });

  test('a late copy of the order, or another one, changes nothing of the certificate', async () => {
    const order = await world.order();
    await world.offboard(order);
    await world.run();
    const { sweptAt: _, ...certified } = (await world.departure())!;
    expect(await world.offboard(order)).toBe('gone');
    expect(await world.offboard({ ...order, order: { ...order.order, orderId: 'c-2' } })).toBe('gone');
    await world.run();
    expect(await world.departure()).toMatchObject(certified);
  });
});

describe('every night', () => {
  const names = () => world.flows.queues.purges.splice(0).map(({ message }) => `${message.type} ${message.districtId}`);

  test('asks for every district, and for those that have left, as long as something may come late', async () => {
    expect(await purgeNight(world.ports)).toBe(2);
    expect(names()).toEqual([`retention ${DISTRICT}`, `retention ${OTHER}`]);
    await world.offboard(await world.order());
    world.flows.queues.purges.splice(0);
    await purgeNight(world.ports);
    expect(names()).toEqual([`sweep ${DISTRICT}`, `retention ${OTHER}`]);
    world.flows.clock.advanceSeconds(46 * 86_400);
    await purgeNight(world.ports);
    expect(names()).toEqual([`retention ${OTHER}`]);
  });

  test('goes on with an off-boarding whose message was lost, however long ago', async () => {
    const before = world.snapshotOfOther();
    await world.offboard(await world.order(), world.ports, () => 0);
    world.flows.loseMessages();
    world.flows.queues.purges.splice(0);
    world.flows.clock.advanceSeconds(90 * 86_400);
    await purgeNight(world.ports);
    await world.run();
    expect(await world.leftOf(DISTRICT)).toEqual({});
    expect(await manualUsers(DISTRICT)).toBe(1);
    expect(world.snapshotOfOther()).toBe(before);
  });
});
