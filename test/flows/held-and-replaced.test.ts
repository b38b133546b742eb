import type { RecordKind } from '../../lib/core/oneroster/kinds.ts';
import type { Sync } from '../../lib/core/sync/sync.ts';
import { edited, inMode, without } from '../support/plain-delivery.ts';
import type { SmallDelivery } from '../support/small-delivery.ts';
import { asZip, deltaOf, withStudents } from './exports.ts';
import { DISTRICT, FlowWorld, zipOf } from './flow-world.ts';

let world: FlowWorld;
beforeEach(async () => {
  world = await FlowWorld.open({ storeDemographics: true });
});

const CROWD = withStudents(30);
const IDS = Array.from({ length: 30 }, (_, at) => `s${at + 1}`);
/** Would remove 28 of 33 users: held. */
const HALF = without(CROWD, 'user', ...IDS.slice(0, 28));
const SOME: readonly RecordKind[] = ['demographics', 'enrollment'];
/** Full, but two of the files that the others have are absent. */
const fewerFiles = (delivery: SmallDelivery): SmallDelivery => inMode(delivery, 'absent', ...SOME);
const calling = (delivery: SmallDelivery, givenName: string) => edited(delivery, 'user', 's30', { givenName });

async function deliver(delivery: SmallDelivery): Promise<Sync> {
  world.clock.advanceSeconds(60);
  expect(await world.claim(world.put('export.zip', await asZip(delivery)))).toBe('received');
  await world.run();
  return (await world.syncs())[0]!;
}

const stateOf = async ({ syncId }: Sync) => (await world.log.get(DISTRICT, syncId))!.state;
const held = async (): Promise<readonly string[]> => (await world.log.state(DISTRICT)).heldSyncIds;
const approve = ({ syncId }: Sync, newerSeen: string | null = null) =>
  world.command({ name: 'approve', syncId, scope: 'as-shown', why: null, newerSeen });

describe('R11: a held bulk plan that nobody can approve any more gives way to a newer bulk delivery of other files', () => {
  test.each([
    ['applied', (delivery: SmallDelivery) => calling(delivery, 'Kim')],
    ['unchanged', (delivery: SmallDelivery) => delivery],
  ])('that is %s', async (state, change) => {
    await deliver(CROWD);
    const first = await deliver(HALF);
    expect(first.state).toBe('held');
    expect((await deliver(fewerFiles(change(CROWD)))).state).toBe(state);
    expect([await stateOf(first), await held()]).toEqual(['superseded', []]);
  });

  test('one that is held beside it leaves it, until a person approves that one', async () => {
    await deliver(CROWD);
    const first = await deliver(HALF);
    const second = await deliver(fewerFiles(HALF));
    expect([await stateOf(first), await stateOf(second)]).toEqual(['held', 'held']);
    expect(await approve(second)).toMatchObject({ outcome: 'done' });
    expect([await stateOf(first), await held()]).toEqual(['superseded', []]);
    await world.run();
    expect(await stateOf(second)).toBe('applied');
  });

  test('one that is held beside it leaves it to a person who has seen both', async () => {
    await deliver(CROWD);
    const first = await deliver(HALF);
    const second = await deliver(fewerFiles(HALF));
    expect(await approve(first, second.deliveryId)).toMatchObject({ outcome: 'done' });
    await world.run();
    expect([await stateOf(first), await stateOf(second)]).toEqual(['applied', 'held']);
  });

  test('one that is held after the roster was changed takes its place at once', async () => {
    const base = await deliver(CROWD);
    const first = await deliver(HALF);
    const undo = { syncId: base.syncId, onlySchool: null, user: 's1', force: false };
    await world.command({ name: 'undo', dryRun: false, undo });
    await world.run();
    const second = await deliver(fewerFiles(HALF));
    expect([await stateOf(first), await stateOf(second)]).toEqual(['superseded', 'held']);
  });

  test('a rejected one, and a delta, take no place', async () => {
    await deliver(CROWD);
    const first = await deliver(HALF);
    await deliver(deltaOf(calling(CROWD, 'Kim')));
    world.clock.advanceSeconds(60);
    await world.claim(world.put('sds.zip', await zipOf({ 'School.csv': 'SIS ID,Name\n1,Oak\n' })));
    await world.run();
    expect((await world.syncs())[0]?.state).toBe('rejected');
    expect(await stateOf(first)).toBe('held');
  });
});

describe('R15: what only the superseded one had stays a gap', () => {
  /** A delta of users that waits behind everything else. */
  async function delta(): Promise<string> {
    await deliver(deltaOf(calling(CROWD, 'Zoe')));
    return (await world.deliveries())[0]!.state;
  }

  test('a delta waits behind it as it would behind the held one, until all of its files come in full', async () => {
    await deliver(CROWD);
    await deliver(HALF);
    await deliver(fewerFiles(calling(CROWD, 'Kim')));
    expect(await delta()).toBe('received');
    await deliver(calling(CROWD, 'Lea'));
    await world.run();
    // Older than the bulk delivery that freed it: passed by, and no gap, since that one has all of its files.
    expect((await world.states()).deliveries.at(-2)).toBe('superseded');
    expect(await delta()).toBe('planned');
    expect(world.users()['s30']).toBe('active Zoe');
  });

  test('what was replaced by a bulk delivery of the same files blocks nothing', async () => {
    await deliver(CROWD);
    const first = await deliver(HALF);
    await deliver(calling(CROWD, 'Kim'));
    expect(await stateOf(first)).toBe('superseded');
    expect(await delta()).toBe('planned');
  });
});
