import type { Finding } from '../../lib/core/oneroster/finding.ts';
import type { Command } from '../../lib/core/sync/command.ts';
import { LISTED_RECORDS } from '../../lib/core/sync/command.ts';
import type { Sync } from '../../lib/core/sync/sync.ts';
import { runCommand } from '../../lib/flows/commands/run-command.ts';
import { editSyncedRecord } from '../../lib/flows/portal.ts';
import { purgeRecords } from '../../lib/flows/purge/purge-records.ts';
import { edited, without } from '../support/plain-delivery.ts';
import type { SmallDelivery } from '../support/small-delivery.ts';
import { asZip, withStudents } from './exports.ts';
import { DISTRICT, FlowWorld, LEASE_SECONDS, PLENTY } from './flow-world.ts';
import { LeavingWorld } from './offboard/leaving-world.ts';

let world: FlowWorld;
beforeEach(async () => {
  world = await FlowWorld.open();
});

const MANY = LISTED_RECORDS + 20;
const CROWD = withStudents(30);
const IDS = Array.from({ length: 30 }, (_, at) => `s${at + 1}`);
const HALF = without(CROWD, 'user', ...IDS.slice(0, 28));

async function deliver(delivery: SmallDelivery): Promise<Sync> {
  world.clock.advanceSeconds(60);
  expect(await world.claim(world.put('export.zip', await asZip(delivery)))).toBe('received');
  await world.run();
  return (await world.syncs())[0]!;
}
async function held(): Promise<Sync> {
  await deliver(CROWD);
  const sync = await deliver(HALF);
  expect(sync.state).toBe('held');
  return sync;
}
const approve = (syncId: string, more: Partial<Extract<Command, { name: 'approve' }>> = {}): Command => ({
  ...{ name: 'approve', syncId, scope: 'as-shown', why: null, newerSeen: null },
  ...more,
});
const undo = (syncId: string, more: object = {}, dryRun = false): Command => ({
  name: 'undo',
  dryRun,
  undo: { syncId, onlySchool: null, user: null, force: false, ...more },
});
const rekey = (more: object = {}): Command => ({ name: 'rekey', from: 's1', to: 'n1', ...more });
const find = async (syncId: string) => (await world.log.get(DISTRICT, syncId))!;
const edit = (id: string, givenName: string) => {
  world.clock.advanceSeconds(10);
  return editSyncedRecord({ ...world.ports, portal: world.portal }, DISTRICT, 'user', id, { givenName });
};
async function setSuspended(suspended: boolean): Promise<void> {
  const found = (await world.ports.districts.get(DISTRICT))!;
  await world.ports.districts.save({ ...found.settings, suspended }, found.version);
}
const summaryOf = async ({ syncId, attempt }: Sync): Promise<Record<string, unknown>> =>
  JSON.parse((await world.ports.archive.readText(`plans/${DISTRICT}/${syncId}/${attempt}/summary.json`))!);

/** The user `s1` has become `n1`. */
const RENAMED: SmallDelivery = {
  ...CROWD,
  user: { ...CROWD.user, rows: CROWD.user.rows.map((row) => (row.id === 's1' ? { ...row, id: 'n1' } : row)) },
};

test('R11: the plan of a first sync says what each school will have, in its summary and not in its row', async () => {
  world = await FlowWorld.open({ firstSync: 'hold' });
  const sync = await deliver(CROWD);
  expect(sync.holds.map(({ code }) => code)).toEqual(['first-sync']);
  const { schoolCount, schools } = await summaryOf(sync);
  expect([schoolCount, schools]).toEqual([
    1,
    [{ sourcedId: 'school', name: 'Maple High', students: 31, staff: 1, classes: 1, enrollments: 2 }],
  ]);
  expect(JSON.stringify(sync)).not.toContain('Maple High');
});

describe('R13: what was edited since', () => {
  test('is listed by an approval', async () => {
    const sync = await held();
    await edit('s3', 'Zoe');
    await edit('s4', 'Zoe');
    const { overwrites, edited: listed } = (await world.command(approve(sync.syncId)))!;
    expect(overwrites).toBe(2);
    expect(listed).toHaveLength(2);
    expect(listed).toEqual(expect.arrayContaining(['s3', 's4'].map((sourcedId) => ({ kind: 'user', sourcedId }))));
  });

  test('is listed by an undo, by one that is only tried, and by one that finds nothing to do', async () => {
    await deliver(CROWD);
    const sync = await deliver(edited(without(CROWD, 'user', 's1'), 'user', 's9', { givenName: 'Kim' }));
    await edit('s9', 'Ida');
    const conflicting = [{ kind: 'user', sourcedId: 's9', forceHelps: true }];
    const found = { conflicts: 1, beyondForce: 0, conflicting };
    expect(await world.command(undo(sync.syncId, {}, true))).toMatchObject({ outcome: 'done', ...found });
    expect(await world.command(undo(sync.syncId, { user: 's9' }))).toMatchObject({ code: 'nothing-to-undo', ...found });
    expect(await world.command(undo(sync.syncId), 'c-9')).toMatchObject({ outcome: 'done', ...found });
    await world.run();
    // The same command after its answer was lost.
    world.store.commands.of(DISTRICT).delete('c-9');
    expect(await world.command(undo(sync.syncId), 'c-9')).toMatchObject({ outcome: 'done', ...found });
  });

  test('is listed up to a bound, and counted whole', async () => {
    const crowd = withStudents(MANY);
    await deliver(crowd);
    const ids = Array.from({ length: MANY }, (_, at) => `s${at + 1}`);
    const sync = await deliver(without(crowd, 'user', ...ids));
    for (const id of ids) await edit(id, 'Zoe');
    const { overwrites, edited: listed } = (await world.command(approve(sync.syncId)))!;
    expect([overwrites, listed?.length]).toEqual([MANY, LISTED_RECORDS]);
  });
});

describe('R13: a refusal names what changed the roster since', () => {
  test('an undo, not what it took back', async () => {
    const first = await deliver(CROWD);
    const sync = await deliver(HALF);
    world.clock.advanceSeconds(10);
    const { syncId } = (await world.command(undo(first.syncId)))!;
    await world.run();
    await world.command({ name: 'resume' });
    expect(await world.command(approve(sync.syncId))).toMatchObject({ code: 'stale', newer: [syncId] });
  });

  test('a re-key by hand and an undo of it, newest first', async () => {
    await deliver(CROWD);
    await deliver(RENAMED);
    const sync = await deliver(without(RENAMED, 'user', ...IDS.slice(1, 28)));
    expect(sync.state).toBe('held');
    const moved = (await world.command(rekey()))!;
    await world.run();
    world.clock.advanceSeconds(10);
    const back = (await world.command(undo(moved.syncId!)))!;
    await world.run();
    await world.command({ name: 'resume' });
    const refusal = await world.command(approve(sync.syncId));
    expect(refusal).toMatchObject({ code: 'stale', newer: [back.syncId, moved.syncId] });
  });

  test('only a purge: no sync, and the message says so', async () => {
    await deliver(CROWD);
    await deliver(without(CROWD, 'user', 's30'));
    world.clock.advanceSeconds(401 * 86_400);
    const sync = await deliver(without(HALF, 'user', 's30'));
    expect(sync.state).toBe('held');
    world.clock.advanceSeconds(8 * 86_400);
    const message = { type: 'retention', districtId: DISTRICT, hop: 0, attempt: 0 } as const;
    await purgeRecords(LeavingWorld.over(world).ports, message, world.newWorker(), PLENTY);
    const refusal = await world.command(approve(sync.syncId));
    expect(refusal).toMatchObject({ code: 'stale', newer: [] });
    expect(refusal?.message).toContain('outlived their retention');
  });
});

describe('R14: a suspended district keeps its roster', () => {
  async function suspended() {
    await deliver(CROWD);
    const applied = await deliver(RENAMED);
    const waits = await deliver(without(RENAMED, 'user', ...IDS.slice(1, 28)));
    await setSuspended(true);
    return { applied, waits };
  }
  type Syncs = Awaited<ReturnType<typeof suspended>>;

  test.each<[string, (syncs: Syncs) => Command]>([
    ['approve', ({ waits }) => approve(waits.syncId)],
    ['undo', ({ applied }) => undo(applied.syncId)],
    ['rekey', () => rekey()],
  ])('%s is refused, and done after it goes on', async (code, commandOf) => {
    const syncs = await suspended();
    const before = world.writes.length;
    expect(await world.command(commandOf(syncs))).toMatchObject({ outcome: 'refused', code: 'suspended' });
    await world.run();
    expect(world.writes).toHaveLength(before);
    await setSuspended(false);
    expect(await world.command(commandOf(syncs))).toMatchObject({ outcome: 'done', code });
  });

  test.each<[string, (syncs: Syncs) => Command]>([
    ['approve', ({ waits }) => approve(waits.syncId)],
    ['undo', ({ applied }) => undo(applied.syncId)],
    ['rekey', () => rekey()],
  ])('%s is refused where the district is suspended while it reads the table', async (_code, commandOf) => {
    const syncs = await suspended();
    await setSuspended(false);
    const { roster } = world.ports;
    const readSynced: typeof roster.readSynced = async function* (districtId, kind) {
      if (kind === 'user') await setSuspended(true);
      yield* roster.readSynced(districtId, kind);
    };
    const message = world.commandMessage(commandOf(syncs), 'c-late');
    await runCommand({ ...world.ports, roster: { ...roster, readSynced } }, message, world.newWorker());
    expect(await world.ports.commands.get(DISTRICT, 'c-late')).toMatchObject({ code: 'suspended' });
    expect((await world.log.state(DISTRICT)).applyingSyncId).toBeNull();
  });

  test('may be looked at, and a plan may be rejected', async () => {
    const { applied, waits } = await suspended();
    expect(await world.command(undo(applied.syncId, {}, true))).toMatchObject({ outcome: 'done', syncId: null });
    expect(await world.command(rekey({ dryRun: true }))).toMatchObject({ outcome: 'done', syncId: null });
    expect(await world.command({ name: 'reject', syncId: waits.syncId, why: 'old' })).toMatchObject({
      outcome: 'done',
    });
  });
});

describe('R14: an undo of a part', () => {
  test.each([
    ['a user whom the sync did not change', { user: 'nobody' }, 'That sync changed nothing of the user nobody.'],
    ['a school', { onlySchool: 'nowhere' }, 'That sync changed nothing of the school nowhere.'],
    ['both', { onlySchool: 'nowhere', user: 'u' }, 'That sync changed nothing of the user u in the school nowhere.'],
  ])('of %s says so', async (_name, part, says) => {
    await deliver(CROWD);
    const sync = await deliver(without(CROWD, 'user', 's1'));
    const refusal = await world.command(undo(sync.syncId, part));
    expect(refusal).toMatchObject({ code: 'nothing-to-undo', message: `${says} Nothing was changed.` });
  });

  test('of a user whom it changed, and who is back already, does not', async () => {
    await deliver(CROWD);
    const sync = await deliver(without(CROWD, 'user', 's1'));
    await deliver(CROWD);
    const refusal = await world.command(undo(sync.syncId, { user: 's1' }));
    expect(refusal).toMatchObject({ code: 'nothing-to-undo', message: expect.stringContaining('still as that sync') });
  });
});

test('why a user was re-keyed and why a sync was undone are kept', async () => {
  await deliver(CROWD);
  const sync = await deliver(RENAMED);
  const moved = await world.command(rekey({ why: 'same child' }));
  await world.run();
  const back = await world.command({ ...undo(sync.syncId, { user: 's5' }), why: 'x' } as Command);
  expect(back).toMatchObject({ code: 'nothing-to-undo' });
  const whole = await world.command({ ...undo(moved!.syncId!), why: 'two children' } as Command);
  expect((await find(moved!.syncId!)).decision).toMatchObject({ why: 'same child', who: 'tester' });
  expect((await find(whole!.syncId!)).decision).toMatchObject({ why: 'two children', who: 'tester' });
});

test('R12: a re-key that is only tried changes nothing, and refuses what would be refused', async () => {
  await deliver(CROWD);
  expect(await world.command(rekey({ dryRun: true }))).toMatchObject({ code: 'unknown-user' });
  await deliver(RENAMED);
  const before = world.writes.length;
  const tried = await world.command(rekey({ dryRun: true }));
  expect(tried).toMatchObject({ outcome: 'done', code: 'rekey', syncId: null, changes: { users: { update: 2 } } });
  await world.run();
  expect(world.writes).toHaveLength(before);
  expect((await world.syncs()).map(({ origin }) => origin)).toEqual(['delivery', 'delivery']);
});

test('R15: an approval whose plan takes long to read keeps the lease', async () => {
  const sync = await held();
  const { plans } = world.ports;
  const free: boolean[] = [];
  const readSection: typeof plans.readSection = async function* (...args) {
    for await (const batch of plans.readSection(...args))
      for (const change of batch) {
        free.push(await world.leases.isFree(DISTRICT));
        world.clock.advanceSeconds(LEASE_SECONDS * 0.6);
        yield [change];
      }
  };
  const message = world.commandMessage(approve(sync.syncId, { scope: 'all-but-removals' }), 'c-long');
  const slow = { ...world.ports, plans: { ...plans, readSection } };
  expect(await runCommand(slow, message, world.newWorker())).toBe('done');
  expect(free.length).toBeGreaterThan(1);
  expect(free).not.toContain(true);
});

test('R12: users who agree, but not one to one, are named on both sides, and kept with the plan', async () => {
  const [student] = CROWD.user.rows.filter(({ id }) => id === 'student');
  const twins = (prefix: string, count: number): SmallDelivery => {
    const rows = Array.from({ length: count }, (_, at) => ({ ...student!, id: `${prefix}${at}` }));
    const crowd: SmallDelivery = { ...CROWD, user: { ...CROWD.user, rows: [...CROWD.user.rows, ...rows] } };
    return rows.reduce((all, { id }) => edited(all, 'user', id, { username: 'twin', identifier: '' }), crowd);
  };
  await deliver(twins('old', 7));
  const sync = await deliver(twins('new', 2));
  const { findings, ambiguous, pairs } = await summaryOf(sync);
  const [finding] = (findings as Finding[]).filter(({ code }) => code === 'rekey-ambiguous');
  expect(finding?.message).toContain('(old0, old1, old2, old3, old4 and 2 more)');
  expect(finding?.message).toContain('(new0, new1)');
  expect(pairs).toEqual([]);
  expect(ambiguous).toMatchObject([{ by: 'username', to: ['new0', 'new1'] }]);
});
