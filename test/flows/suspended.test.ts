import { planNext } from '../../lib/flows/plan-next.ts';
import { PLAIN, without } from '../support/plain-delivery.ts';
import type { SmallDelivery } from '../support/small-delivery.ts';
import { asZip, withStudents } from './exports.ts';
import { DISTRICT, FlowWorld } from './flow-world.ts';
import { MAPLE, WatchWorld } from './watch/watch-world.ts';

let world: FlowWorld;
beforeEach(async () => {
  world = await FlowWorld.open();
});

async function setSuspended(suspended: boolean): Promise<void> {
  const found = await world.ports.districts.get(DISTRICT);
  if (found === null) throw new Error('no district');
  await world.ports.districts.save({ ...found.settings, suspended }, found.version);
}

/** Uploads and claims a zip; its plan waits. */
async function deliver(delivery: SmallDelivery): Promise<void> {
  world.clock.advanceSeconds(10);
  expect(await world.claim(world.put('export.zip', await asZip(delivery)))).toBe('received');
}

/** As `rollcall district resume` does. */
async function resume(): Promise<readonly string[]> {
  await setSuspended(false);
  await world.ports.queues.sendPlan({ type: 'plan', districtId: DISTRICT, attempt: 0 }, 0);
  return world.run();
}

describe('a suspended district (R14)', () => {
  test('keeps what was delivered, plans nothing, and goes on where it was', async () => {
    await setSuspended(true);
    await deliver(PLAIN);
    await deliver(withStudents(2));
    expect(await world.run()).toEqual(['suspended', 'suspended']);
    expect([await world.syncs(), world.writes]).toEqual([[], []]);
    expect((await world.states()).deliveries).toEqual(['received', 'received']);

    expect(await resume()).toContain('applied');
    expect((await world.states()).syncs).toEqual(['applied']);
    expect(Object.keys(world.users())).toEqual(expect.arrayContaining(['s1', 's2']));
  });

  test('whose plan is being made when it is suspended applies nothing, and plans it anew afterwards', async () => {
    await deliver(PLAIN);
    const { roster } = world.ports;
    const readSynced: typeof roster.readSynced = async function* (districtId, kind) {
      if (kind === 'org') await setSuspended(true);
      yield* roster.readSynced(districtId, kind);
    };
    const message = { type: 'plan', districtId: DISTRICT, attempt: 0 } as const;
    expect(await planNext({ ...world.ports, roster: { ...roster, readSynced } }, message, 'worker')).toBe('planning');
    expect(await world.run()).toEqual(['suspended', 'suspended']);
    expect(world.writes).toEqual([]);
    expect(await resume()).toContain('applied');
    expect((await world.states()).syncs).toEqual(['applied']);
  });

  test('whose apply began finishes it (R15)', async () => {
    await deliver(PLAIN);
    expect(await world.plan()).toBe('applying');
    await setSuspended(true);
    expect(await world.run()).toContain('applied');
    expect(Object.keys(world.users())).not.toEqual([]);
  });

  test('has no held plan approved', async () => {
    const many = withStudents(60);
    await deliver(many);
    await world.run();
    await deliver(without(many, 'user', ...Array.from({ length: 55 }, (_, at) => `s${at + 1}`)));
    await world.run();
    const [{ syncId = '' } = {}] = await world.syncs();
    const approve = { name: 'approve', syncId, scope: 'as-shown', why: null, newerSeen: null } as const;
    await setSuspended(true);
    expect(await world.command(approve)).toMatchObject({ outcome: 'refused', code: 'suspended' });
    await setSuspended(false);
    expect(await world.command(approve)).toMatchObject({ outcome: 'done' });
  });

  test('is not stuck: the watch leaves what waits alone, and starts it when the district goes on', async () => {
    const watched = new WatchWorld();
    await watched.district(MAPLE, { suspended: true });
    await watched.leaveWaiting(MAPLE);
    watched.wait(30);
    await watched.watch();
    expect([watched.queues.plans, watched.told()]).toEqual([[], []]);
    await watched.district(MAPLE);
    await watched.watch();
    expect(watched.queues.plans).toHaveLength(1);
  });
});
