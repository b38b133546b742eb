import { applySync } from '../../lib/flows/apply-sync.ts';
import { planNext } from '../../lib/flows/plan-next.ts';
import { NotASyncedRecord } from '../../lib/ports/failure.ts';
import { PLAIN } from '../support/plain-delivery.ts';
import { filesOf, type SmallDelivery } from '../support/small-delivery.ts';
import { asZip, calling } from './exports.ts';
import { DISTRICT, FlowWorld, PLENTY } from './flow-world.ts';

let world: FlowWorld;
beforeEach(async () => {
  world = await FlowWorld.open();
});

async function deliver(delivery: SmallDelivery): Promise<void> {
  world.clock.advanceSeconds(10);
  expect(await world.claim(world.put('export.zip', await asZip(delivery)))).toBe('received');
}

/** Ports whose table refuses every write as `thrown`. */
const refusing = (thrown: Error) => ({
  ...world.ports,
  roster: { ...world.ports.roster, writeChanges: () => Promise.reject(thrown) },
});

const message = (syncId: string) => ({ type: 'apply', districtId: DISTRICT, syncId, hop: 0, attempt: 0 }) as const;

/** The one sync that is being applied. */
async function applyingSync(): Promise<string> {
  expect(await world.plan()).toBe('applying');
  world.loseMessages();
  return (await world.syncs())[0]!.syncId;
}

describe('R15: what cannot be done holds nobody up', () => {
  test('a record that may not be written ends its sync as failed, and the next delivery is applied', async () => {
    await deliver(calling('Ann'));
    const syncId = await applyingSync();
    const poison = new NotASyncedRecord('1 record under a synced key is not a synced record');
    expect(await applySync(refusing(poison), message(syncId), 'w1', PLENTY)).toBe('failed');
    const [failed] = await world.syncs();
    expect(failed).toMatchObject({ state: 'failed', failureCode: 'not-a-synced-record' });
    expect((await world.log.state(DISTRICT)).applyingSyncId).toBeNull();
    await deliver(calling('Bea'));
    await world.run();
    expect((await world.states()).syncs).toEqual(['failed', 'applied']);
    expect(world.users()['student']).toBe('active Bea');
  });

  test('a failure that may pass is tried again, and only the last try gives up', async () => {
    await deliver(PLAIN);
    const syncId = await applyingSync();
    const fault = new Error('connection reset');
    await expect(applySync(refusing(fault), message(syncId), 'w1', PLENTY, false)).rejects.toBe(fault);
    expect((await world.syncs())[0]!.state).toBe('applying');
    expect(await applySync(refusing(fault), message(syncId), 'w2', PLENTY, true)).toBe('failed');
    expect((await world.syncs())[0]).toMatchObject({ state: 'failed', failureCode: 'defect: Error' });
  });

  test('a plan that cannot be made fails on its last try, and the next delivery gets its turn', async () => {
    await deliver(calling('Ann'));
    world.loseMessages();
    const broken = {
      ...world.ports,
      reader: { open: () => Promise.reject(new Error('an archived object is missing')) },
    };
    const plan = { type: 'plan', districtId: DISTRICT, attempt: 0 } as const;
    await expect(planNext(broken, plan, 'w1', false)).rejects.toThrow('missing');
    expect(await planNext(broken, plan, 'w2', true)).toBe('failed');
    await deliver(calling('Bea'));
    await world.run();
    expect((await world.states()).syncs).toEqual(['failed', 'applied']);
  });
});

describe('R16: days do not mix', () => {
  test('a set that did not become whole in its time takes no further file', async () => {
    const files = filesOf(PLAIN);
    const { 'users.csv': users = '', ...rest } = files;
    await world.send(rest);
    await world.run();
    world.clock.advanceSeconds(20 * 3600);
    await world.send({ 'users.csv': users });
    await world.run();
    expect((await world.states()).deliveries).toEqual(['incomplete', 'receiving']);
    await world.send(rest);
    await world.run();
    expect((await world.states()).deliveries).toEqual(['incomplete', 'planned']);
    expect((await world.states()).syncs).toEqual(['applied']);
  });
});
