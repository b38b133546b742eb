import { applySync } from '../../lib/flows/apply-sync.ts';
import { planNext } from '../../lib/flows/plan-next.ts';
import { MAX_HOURS, MAX_TRIES } from '../../lib/flows/tries.ts';
import { NotASyncedRecord, ServiceBusy } from '../../lib/ports/failure.ts';
import { PLAIN } from '../support/plain-delivery.ts';
import { filesOf, type SmallDelivery } from '../support/small-delivery.ts';
import { asZip, calling } from './exports.ts';
import { DISTRICT, FlowWorld, LEASE_SECONDS, PLENTY } from './flow-world.ts';

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

describe('a worker that is killed says nothing', () => {
  const never = () => new Promise<never>(() => {});
  /** Begins the work, and is killed while it waits for a port; its lease runs out. */
  const kill = async (work: Promise<unknown>, seconds = (MAX_HOURS * 3600) / MAX_TRIES + 1) => {
    void work;
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
    world.clock.advanceSeconds(seconds);
    world.loseMessages();
  };
  const hanging = () => ({ ...world.ports, roster: { ...world.ports.roster, writeChanges: never } });
  const plan = { type: 'plan', districtId: DISTRICT, attempt: 0 } as const;

  test('an apply that kills one worker after another ends as failed, and the next delivery gets its turn', async () => {
    await deliver(calling('Ann'));
    const syncId = await applyingSync();
    for (let worker = 1; worker <= MAX_TRIES; worker++) {
      await kill(applySync(hanging(), message(syncId), `killed-${worker}`, PLENTY));
      expect((await world.syncs())[0]).toMatchObject({ state: 'applying', tries: { count: worker } });
    }
    expect(await applySync(world.ports, message(syncId), 'the last', PLENTY)).toBe('failed');
    expect((await world.syncs())[0]).toMatchObject({ state: 'failed', failureCode: 'gave-up' });
    await deliver(calling('Bea'));
    await world.run();
    expect(world.users()['student']).toBe('active Bea');
  });

  test('a plan that kills one worker after another ends as failed', async () => {
    await deliver(calling('Ann'));
    const hung = { ...world.ports, reader: { open: never } };
    for (let worker = 1; worker <= MAX_TRIES; worker++) await kill(planNext(hung, plan, `killed-${worker}`));
    expect(await planNext(world.ports, plan, 'the last')).toBe('failed');
    expect((await world.syncs())[0]).toMatchObject({ state: 'failed', failureCode: 'gave-up' });
  });

  test('many within an hour are a bad hour, no defect', async () => {
    await deliver(calling('Ann'));
    const hung = { ...world.ports, reader: { open: never } };
    for (let worker = 1; worker <= 2 * MAX_TRIES; worker++) {
      await kill(planNext(hung, plan, `killed-${worker}`), LEASE_SECONDS + 1);
    }
    expect(await planNext(world.ports, plan, 'the last')).toBe('applying');
  });

  test('an apply that comes on a little each time is not given up', async () => {
    await deliver(calling('Ann'));
    const syncId = await applyingSync();
    await kill(applySync(hanging(), message(syncId), 'killed', PLENTY));
    expect((await world.syncs())[0]).toMatchObject({ tries: { count: 1 } });
    expect(await applySync(world.ports, message(syncId), 'short', () => 0)).toBe('continued');
    expect((await world.syncs())[0]).toMatchObject({ tries: null });
  });

  test('a service that is too busy takes no try, however often it says so', async () => {
    await deliver(calling('Ann'));
    const syncId = await applyingSync();
    const busy = new ServiceBusy('throttled');
    for (let worker = 0; worker < 3 * MAX_TRIES; worker++) {
      await expect(applySync(refusing(busy), message(syncId), `w${worker}`, PLENTY)).rejects.toBe(busy);
    }
    expect((await world.syncs())[0]).toMatchObject({ state: 'applying', tries: null });
    expect(await applySync(world.ports, message(syncId), 'w', PLENTY)).toBe('applied');
  });

  test('a defect has its five tries, also where every one is the first receipt of a message of watch', async () => {
    await deliver(calling('Ann'));
    const broken = { ...world.ports, reader: { open: () => Promise.reject(new Error('a defect')) } };
    for (let worker = 1; worker < 5; worker++) await expect(planNext(broken, plan, `w${worker}`)).rejects.toThrow();
    expect(await planNext(broken, plan, 'w5')).toBe('failed');
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
