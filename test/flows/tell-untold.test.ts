import { memoryWatchLog } from '../../lib/adapters/memory/watch-log.ts';
import type { RollcallEvent } from '../../lib/contracts/events.ts';
import { applySync } from '../../lib/flows/apply-sync.ts';
import { planNext } from '../../lib/flows/plan-next.ts';
import { watchDistricts } from '../../lib/flows/watch-districts.ts';
import { NotASyncedRecord } from '../../lib/ports/failure.ts';
import { edited, without } from '../support/plain-delivery.ts';
import type { SmallDelivery } from '../support/small-delivery.ts';
import { asZip, withStudents } from './exports.ts';
import { DISTRICT, FlowWorld, PLENTY, zipOf } from './flow-world.ts';

let world: FlowWorld;
beforeEach(async () => {
  world = await FlowWorld.open();
});

const CROWD = withStudents(30);
const HALF = without(CROWD, 'user', ...Array.from({ length: 28 }, (_, at) => `s${at + 1}`));

async function deliver(delivery: SmallDelivery): Promise<void> {
  world.clock.advanceSeconds(60);
  await world.claim(world.put('export.zip', await asZip(delivery)));
}

/** What was told since the last time. */
const told = (): RollcallEvent[] => world.events.emitted.splice(0);
const types = (): string[] => told().map(({ type }) => type);

const DEAD_BUS = { emit: () => Promise.reject(new Error('the bus does not answer')) };
const onDeadBus = () => ({ ...world.ports, events: DEAD_BUS });

/** One watch. */
const watch = (events = world.ports.events) =>
  watchDistricts({ ...world.ports, events, watchLog: memoryWatchLog(world.store) }, world.newWorker());

const applying = async (): Promise<string> => {
  expect(await world.plan()).toBe('applying');
  world.loseMessages();
  return (await world.syncs())[0]!.syncId;
};

const applyMessage = (syncId: string) => ({ type: 'apply', districtId: DISTRICT, syncId, hop: 0, attempt: 0 }) as const;
const PLAN_MESSAGE = { type: 'plan', districtId: DISTRICT, attempt: 0 } as const;

describe('what a sync came to is told', () => {
  test('applied: counts, and whether it is the first of the district', async () => {
    await deliver(CROWD);
    await world.run();
    expect(told()).toEqual([
      expect.objectContaining({
        type: 'rollcall.sync.applied',
        first: true,
        origin: 'delivery',
        changes: expect.objectContaining({ users: expect.objectContaining({ add: 33 }) }),
        findings: { error: 0, warning: expect.any(Number), info: 0 },
      }),
    ]);
    await deliver(edited(CROWD, 'user', 'student', { givenName: 'Bea' }));
    await world.run();
    expect(told()).toMatchObject([{ type: 'rollcall.sync.applied', first: false, changes: { users: { update: 1 } } }]);
    await deliver(edited(CROWD, 'user', 'student', { givenName: 'Bea' }));
    await world.run();
    expect(types()).toEqual([]);
  });

  test('held, then rejected by a person: codes of the hold', async () => {
    await deliver(CROWD);
    await deliver(CROWD);
    await world.run();
    told();
    await deliver(HALF);
    await world.run();
    const [held] = told();
    const codes = ['removals', 'school-removals', 'row-drop'];
    expect(held).toMatchObject({ type: 'rollcall.sync.held', codes, waitingDays: 0 });
    const { syncId } = (await world.syncs())[0]!;
    await world.command({ name: 'reject', syncId, why: 'half of them' });
    expect(told()).toMatchObject([{ type: 'rollcall.sync.rejected', syncId, by: 'person', codes }]);
  });

  test('rejected by the checks: codes of errors only, and nothing of the file (R22)', async () => {
    world.clock.advanceSeconds(60);
    await world.claim(world.put('export.zip', await zipOf({ 'users.csv': 'sourcedId,"never closed' })));
    await world.run();
    const [event] = told();
    expect(event).toMatchObject({
      type: 'rollcall.sync.rejected',
      by: 'checks',
      codes: ['unclosed-quote', 'rostering-file-missing'],
    });
    expect(JSON.stringify(event)).not.toMatch(/csv|never closed/);
  });

  test('failed: the code', async () => {
    await deliver(CROWD);
    const syncId = await applying();
    const poison = new NotASyncedRecord('1 record under a synced key is not a synced record');
    const roster = { ...world.ports.roster, writeChanges: () => Promise.reject(poison) };
    await applySync({ ...world.ports, roster }, applyMessage(syncId), 'w1', PLENTY);
    expect(told()).toEqual([
      { type: 'rollcall.sync.failed', districtId: DISTRICT, syncId, code: 'not-a-synced-record' },
    ]);
  });
});

describe('a bus that does not answer', () => {
  test('fails no sync; watch tells once what was left, and says so while it cannot', async () => {
    await deliver(CROWD);
    expect(await planNext(onDeadBus(), PLAN_MESSAGE, 'w1')).toBe('applying');
    world.loseMessages();
    const { syncId } = (await world.syncs())[0]!;
    expect(await applySync(onDeadBus(), applyMessage(syncId), 'w2', PLENTY)).toBe('applied');
    expect(await world.leases.isFree(DISTRICT)).toBe(true);
    expect(await watch(DEAD_BUS)).toMatchObject({ told: 0, failures: [{ districtId: DISTRICT }] });
    expect(await watch()).toMatchObject({ told: 1, failures: [] });
    expect(types()).toEqual(['rollcall.sync.applied']);
    expect(await watch()).toMatchObject({ told: 0 });
    expect((await world.syncs())[0]).toMatchObject({ state: 'applied', untold: [] });
  });

  test('told and not marked is told again: at least once', async () => {
    await deliver(CROWD);
    const syncId = await applying();
    const log = { ...world.log, markTold: () => Promise.reject(new Error('the table does not answer')) };
    await applySync({ ...world.ports, log }, applyMessage(syncId), 'w1', PLENTY);
    await watch();
    expect(types()).toEqual(['rollcall.sync.applied', 'rollcall.sync.applied']);
    await watch();
    expect(types()).toEqual([]);
  });
});

test('a row that an earlier version wrote is not told', async () => {
  await deliver(CROWD);
  await world.run();
  told();
  const [{ untold: _, ...old }] = (await world.syncs()) as [Awaited<ReturnType<typeof world.syncs>>[0]];
  world.store.syncs.of(DISTRICT).set(old.syncId, { ...old, untold: [] });
  await watch();
  expect(types()).toEqual([]);
});
