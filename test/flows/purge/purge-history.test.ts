import type { RetentionMessage } from '../../../lib/contracts/messages.ts';
import { purgeRecords } from '../../../lib/flows/purge/purge-records.ts';
import { edited, without } from '../../support/plain-delivery.ts';
import type { SmallDelivery } from '../../support/small-delivery.ts';
import { asZip, withStudents } from '../exports.ts';
import { DISTRICT, FlowWorld, PLENTY } from '../flow-world.ts';
import { LeavingWorld, OTHER } from '../offboard/leaving-world.ts';

const DAY = 86_400;
const CROWD = withStudents(60);
const FEW = without(CROWD, 'user', ...Array.from({ length: 40 }, (_, at) => `s${at + 20}`));
const MESSAGE: RetentionMessage = { type: 'retention', districtId: DISTRICT, hop: 0, attempt: 0 };

let flows: FlowWorld;
let world: LeavingWorld;
beforeEach(async () => {
  flows = await FlowWorld.open();
  world = LeavingWorld.over(flows);
});

async function deliver(delivery: SmallDelivery): Promise<string> {
  flows.clock.advanceSeconds(60);
  await flows.claim(flows.put('export.zip', await asZip(delivery)));
  const state = (await flows.run()).at(-1) ?? '';
  for (const { syncId, untold } of await flows.syncs()) await flows.ports.log.markTold(DISTRICT, syncId, untold);
  return state;
}
const renamed = (givenName: string) => edited(CROWD, 'user', 's2', { givenName });
const purge = (timeLeft = PLENTY) => purgeRecords(world.ports, MESSAGE, flows.newWorker(), timeLeft);
const filesOf = (deliveryId: string) => flows.store.files.of(DISTRICT, deliveryId).size;

describe('deliveries and syncs (R22)', () => {
  test('go with their files when they ended so long ago; younger ones stay', async () => {
    for (const name of ['Kim', 'Lee', 'Ann']) await deliver(renamed(name));
    const old = await flows.deliveries();
    flows.clock.advanceSeconds(200 * DAY);
    await deliver(renamed('Bob'));
    flows.clock.advanceSeconds(199 * DAY);
    expect(await purge()).toMatchObject({ outcome: 'done', history: 0 });
    flows.clock.advanceSeconds(2 * DAY);
    expect(await purge()).toMatchObject({ outcome: 'done', history: 3 });
    expect((await flows.deliveries()).length).toBe(1);
    expect((await flows.syncs()).length).toBe(1);
    expect(old.map(({ deliveryId }) => filesOf(deliveryId))).toEqual([0, 0, 0]);
    expect(await flows.ports.log.find(old[0]?.syncId ?? '')).toBeNull();
    expect(await purge()).toMatchObject({ history: 0 });
  });

  test('of another district nothing goes (R3)', async () => {
    await deliver(CROWD);
    const before = world.snapshotOfOther();
    flows.store.deliveries.of(OTHER).set('d-0', { ...(await flows.deliveries())[0]!, districtId: OTHER });
    const other = world.snapshotOfOther();
    expect(other).not.toBe(before);
    flows.clock.advanceSeconds(500 * DAY);
    await purge();
    expect(world.snapshotOfOther()).toBe(other);
  });

  test('the last applied one stays, however old, with its files; the next export is read as ever', async () => {
    await deliver(renamed('Kim'));
    await deliver(renamed('Lee'));
    const { lastApplied } = await flows.ports.log.state(DISTRICT);
    flows.clock.advanceSeconds(1_000 * DAY);
    expect(await purge()).toMatchObject({ history: 1 });
    const [left] = await flows.deliveries();
    expect(left?.deliveryId).toBe(lastApplied?.deliveryId);
    expect(filesOf(left!.deliveryId)).toBe(1);
    expect(await deliver(renamed('Ann'))).toBe('applied');
    expect(await deliver(renamed('Ann'))).toBe('unchanged');
  });

  test('what is held stays, and can still be rejected; then it is kept as long as any other', async () => {
    await deliver(CROWD);
    expect(await deliver(FEW)).toBe('held');
    const held = (await flows.syncs())[0]!;
    flows.clock.advanceSeconds(1_000 * DAY);
    expect(await purge()).toMatchObject({ history: 0 });
    expect(await flows.ports.log.get(DISTRICT, held.syncId)).toMatchObject({ state: 'held' });
    expect(filesOf(held.deliveryId)).toBe(1);
    const reject = { name: 'reject', syncId: held.syncId, why: 'half of them' } as const;
    expect(await flows.command(reject)).toMatchObject({ outcome: 'done' });
    expect(await purge()).toMatchObject({ history: 0 });
  });

  test('what waits, and an open set, stay', async () => {
    flows.put('users.csv', 'sourcedId\n');
    await flows.claim(flows.put('orgs.csv', 'sourcedId\n'));
    await flows.claim(flows.put('export.zip', await asZip(CROWD)));
    flows.loseMessages();
    flows.clock.advanceSeconds(1_000 * DAY);
    expect(await purge()).toMatchObject({ history: 0 });
    expect((await flows.states()).deliveries.toSorted()).toEqual(['received', 'receiving']);
  });

  test('R15: what was not told yet stays until it is', async () => {
    await deliver(renamed('Kim'));
    await deliver(renamed('Lee'));
    const first = (await flows.syncs()).at(-1)!;
    flows.store.syncs.of(DISTRICT).set(first.syncId, { ...first, untold: ['applied'] });
    flows.clock.advanceSeconds(401 * DAY);
    expect(await purge()).toMatchObject({ history: 0 });
    await flows.ports.log.markTold(DISTRICT, first.syncId, ['applied']);
    expect(await purge()).toMatchObject({ history: 1 });
  });

  test('an undo has no delivery of its own, and goes by itself', async () => {
    await deliver(renamed('Kim'));
    await deliver(renamed('Lee'));
    const [second] = await flows.syncs();
    const undo = { syncId: second!.syncId, onlySchool: null, user: null, force: false };
    expect(await flows.command({ name: 'undo', undo, dryRun: false })).toMatchObject({ outcome: 'done' });
    await flows.run();
    for (const { syncId, untold } of await flows.syncs()) await flows.ports.log.markTold(DISTRICT, syncId, untold);
    expect((await flows.syncs()).map(({ origin, state }) => `${origin} ${state}`)).toContain('undo applied');
    flows.clock.advanceSeconds(401 * DAY);
    expect(await purge()).toMatchObject({ history: 2 });
    // The undone one is still what came last (R15).
    expect((await flows.syncs()).map(({ state }) => state)).toEqual(['undone']);
  });
});

test('R15: in slices, a lost lease in between, it comes to the same end', async () => {
  for (const name of ['Kim', 'Lee', 'Ann', 'Bob']) await deliver(renamed(name));
  flows.clock.advanceSeconds(401 * DAY);
  expect(await purge(() => 0)).toMatchObject({ outcome: 'continued', history: 1 });
  const { history } = world.ports;
  // It sleeps before its next deletion, and a newer worker takes the district.
  const removeDelivery: typeof history.removeDelivery = async (...args) => {
    flows.clock.advanceSeconds(3_600);
    await flows.leases.take(DISTRICT, 'newer', 60);
    return history.removeDelivery(...args);
  };
  const ports = { ...world.ports, history: { ...history, removeDelivery } };
  expect(await purgeRecords(ports, MESSAGE, flows.newWorker(), PLENTY)).toMatchObject({ outcome: 'stale', history: 0 });
  expect((await flows.deliveries()).map(({ deliveryId }) => filesOf(deliveryId))).toEqual([1, 1, 1]);
  flows.clock.advanceSeconds(3_600);
  expect(await purge()).toMatchObject({ outcome: 'done', history: 2 });
  expect(await flows.deliveries()).toHaveLength(1);
});
