import { planPrefix, planPromiseKey } from '../../lib/contracts/object-keys.ts';
import { PLAN_SECTIONS } from '../../lib/core/plan/sections.ts';
import type { Command } from '../../lib/core/sync/command.ts';
import type { Sync } from '../../lib/core/sync/sync.ts';
import { closeStaleSet } from '../../lib/flows/close-stale-set.ts';
import { editSyncedRecord } from '../../lib/flows/portal.ts';
import { blockedDeltas } from '../../lib/flows/waiting-deliveries.ts';
import { edited, withCopy, without } from '../support/plain-delivery.ts';
import { filesOf, type SmallDelivery } from '../support/small-delivery.ts';
import { asZip, deltaOf, withStudents } from './exports.ts';
import { DISTRICT, FlowWorld, zipOf } from './flow-world.ts';

let world: FlowWorld;
beforeEach(async () => {
  world = await FlowWorld.open();
});

/** Thirty-one students: enough for limits to mean something. */
const CROWD = withStudents(30);
const IDS = Array.from({ length: 30 }, (_, at) => `s${at + 1}`);
const HALF = without(CROWD, 'user', ...IDS.slice(0, 28));

async function deliver(delivery: SmallDelivery, path = 'export.zip'): Promise<Sync> {
  world.clock.advanceSeconds(60);
  expect(await world.claim(world.put(path, await asZip(delivery)))).toBe('received');
  await world.run();
  return (await world.syncs())[0]!;
}

/** A sync that waits for a person. */
async function held(): Promise<Sync> {
  await deliver(CROWD);
  const sync = await deliver(HALF);
  expect(sync.state).toBe('held');
  return sync;
}

const approve = (syncId: string, more: Partial<Extract<Command, { name: 'approve' }>> = {}): Command => ({
  name: 'approve',
  syncId,
  scope: 'as-shown',
  why: null,
  newerSeen: null,
  ...more,
});
const undo = (syncId: string, more: object = {}): Command => ({
  name: 'undo',
  dryRun: false,
  undo: { syncId, onlySchool: null, user: null, force: false, ...more },
});

/** Everything that a sync writes, without its bookkeeping. */
function table(): Record<string, unknown> {
  const kinds = ['org', 'user', 'class', 'enrollment'] as const;
  const entries = kinds.flatMap((kind) =>
    [...world.store.synced(DISTRICT, kind)].map(([id, record]) => {
      const { status, productId, fields, movedTo } = record;
      return [`${kind} ${id}`, { status, productId, fields, movedTo }] as const;
    }),
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a > b ? 1 : -1)));
}

const active = () => Object.values(world.users()).filter((user) => user.startsWith('active')).length;
const find = async (syncId: string) => (await world.log.get(DISTRICT, syncId))!;

describe('R11: a plan that crosses a limit waits', () => {
  test('nothing is written, and it says what it saw', async () => {
    const before = (await deliver(CROWD)) && table();
    const sync = await deliver(HALF);
    expect(sync.state).toBe('held');
    expect(sync.holds.map(({ code }) => code)).toEqual(expect.arrayContaining(['removals', 'school-removals']));
    expect(sync.holds.map(({ message }) => message).join()).toContain('Maple High');
    expect(table()).toEqual(before);
    expect((await world.log.state(DISTRICT)).heldSyncIds).toEqual([sync.syncId]);
  });

  test('an unchanged or better export takes its place', async () => {
    const sync = await held();
    expect((await deliver(CROWD)).state).toBe('unchanged');
    expect((await find(sync.syncId)).state).toBe('superseded');
    expect((await world.log.state(DISTRICT)).heldSyncIds).toEqual([]);
  });

  test('a rejected one does not', async () => {
    const sync = await held();
    world.clock.advanceSeconds(60);
    await world.claim(world.put('export.zip', await asZip({ ...CROWD, user: { ...CROWD.user, mode: 'absent' } })));
    await world.run();
    await world.send({});
    expect((await find(sync.syncId)).state).not.toBe('applied');
  });
});

describe('a plan of which something has expired', () => {
  test.each(PLAN_SECTIONS.filter(({ kind, rekey }) => kind === 'user' && !rekey))(
    'is not approved: half of it would be worse than none ($name)',
    async (lost) => {
      // Removals, and an update.
      const before = await deliver(CROWD);
      const renamed = edited(HALF, 'user', HALF.user.rows[0]!.id, { givenName: 'Renamed' });
      const sync = await deliver(renamed);
      expect([before.state, sync.state]).toEqual(['applied', 'held']);
      const { readSection } = world.ports.plans;
      jest
        .spyOn(world.ports.plans, 'readSection')
        .mockImplementation((prefix, section, offset) =>
          section.name === lost.name ? nothing() : readSection(prefix, section, offset),
        );
      const kept = table();
      expect(await world.command(approve(sync.syncId))).toMatchObject({ outcome: 'refused', code: 'plan-expired' });
      await world.run();
      expect((await find(sync.syncId)).state).toBe('held');
      expect(table()).toEqual(kept);
    },
  );

  async function* nothing() {}
});

describe('R13: approve', () => {
  test('applies what was shown, and remembers who and when', async () => {
    const sync = await held();
    const result = await world.command(approve(sync.syncId, { why: 'they left' }));
    expect(result).toMatchObject({ outcome: 'done', code: 'approve', overwrites: 0 });
    await world.run();
    const { state, decision } = await find(sync.syncId);
    expect({ state, who: decision?.who, why: decision?.why }).toEqual({
      state: 'applied',
      who: 'tester',
      why: 'they left',
    });
    expect(active()).toBe(5);
  });

  test('keeps the plan for its days from now on, however long it waited, or nothing is applied (R14)', async () => {
    const sync = await held();
    const prefix = `plans/${DISTRICT}/${sync.syncId}/${sync.attempt}/`;
    const renew = jest.spyOn(world.ports.plans, 'renew').mockRejectedValueOnce(new Error('S3 is gone'));
    await expect(world.command(approve(sync.syncId), 'c-1')).rejects.toThrow('S3 is gone');
    expect((await find(sync.syncId)).state).toBe('held');
    await world.command(approve(sync.syncId), 'c-1');
    expect(renew.mock.calls).toEqual([[prefix], [prefix]]);
    expect((await find(sync.syncId)).state).toBe('applying');
  });

  test('all but the removals', async () => {
    const sync = await held();
    await world.command(approve(sync.syncId, { scope: 'all-but-removals' }));
    await world.run();
    expect((await find(sync.syncId)).state).toBe('applied');
    expect(active()).toBe(33);
  });

  test('the same command twice is one decision', async () => {
    const sync = await held();
    await world.command(approve(sync.syncId), 'c-1');
    await world.command(approve(sync.syncId), 'c-1');
    await world.run();
    expect((await find(sync.syncId)).state).toBe('applied');
  });

  test('a second person comes too late', async () => {
    const sync = await held();
    await world.command(approve(sync.syncId));
    await world.run();
    expect(await world.command(approve(sync.syncId))).toMatchObject({ outcome: 'refused', code: 'not-held' });
  });

  test('refuses while a newer delivery waits, and names it', async () => {
    const sync = await held();
    world.clock.advanceSeconds(60);
    await world.claim(world.put('export.zip', await asZip(CROWD)));
    world.loseMessages();
    const result = await world.command(approve(sync.syncId));
    const [newest] = await world.deliveries();
    expect(result).toMatchObject({ outcome: 'refused', code: 'newer-delivery', newer: [newest!.deliveryId] });
  });

  test('refuses after the roster was changed', async () => {
    await deliver(CROWD);
    const first = (await world.syncs())[0]!;
    const sync = await deliver(HALF);
    await world.command(undo(first.syncId));
    await world.run();
    await world.command({ name: 'resume' });
    expect(await world.command(approve(sync.syncId))).toMatchObject({ outcome: 'refused', code: 'stale' });
  });

  test('refuses what is older than what is in the roster, though that changed nothing', async () => {
    const newer = { ...CROWD, user: { ...CROWD.user, mode: 'absent' } } as const;
    const sync = await held();
    expect((await deliver(newer)).state).toBe('unchanged');
    expect(await world.command(approve(sync.syncId))).toMatchObject({ outcome: 'refused', code: 'not-held' });
    // A delta is never superseded by a bulk delivery of other files (R15).
    const gone = IDS.reduce((all, id) => edited(all, 'user', id, { status: 'tobedeleted' }), CROWD);
    await deliver(CROWD);
    const delta = await deliver(deltaOf(gone));
    const { deliveryId } = await deliver(newer);
    expect((await find(delta.syncId)).state).toBe('held');
    const result = await world.command(approve(delta.syncId, { newerSeen: deliveryId }));
    expect(result).toMatchObject({ outcome: 'refused', code: 'stale', newer: [deliveryId] });
  });

  test('lists what the Portal edited since, and overwrites it', async () => {
    const sync = await held();
    world.clock.advanceSeconds(10);
    await editSyncedRecord({ ...world.ports, portal: world.portal }, DISTRICT, 'user', 's3', { givenName: 'Zoe' });
    expect(await world.command(approve(sync.syncId))).toMatchObject({ outcome: 'done', overwrites: 1 });
    await world.run();
    expect((await find(sync.syncId)).state).toBe('applied');
    expect(world.users()['s3']).toBe('inactive Ann');
  });

  test('refuses while paused, and for a sync that there is not', async () => {
    const sync = await held();
    await world.command({ name: 'pause' });
    expect(await world.command(approve(sync.syncId))).toMatchObject({ code: 'paused' });
    expect(await world.command(approve('s-none'))).toMatchObject({ code: 'unknown-sync' });
    expect(await world.command(approve(sync.syncId, { scope: 'as-rekey' }))).toMatchObject({ outcome: 'refused' });
  });
});

test('reject: nothing is applied, with who and why', async () => {
  const sync = await held();
  const before = table();
  expect(await world.command({ name: 'reject', syncId: sync.syncId, why: 'broken filter' })).toMatchObject({
    outcome: 'done',
  });
  expect(await find(sync.syncId)).toMatchObject({
    state: 'rejected',
    decision: { why: 'broken filter', who: 'tester' },
  });
  expect(table()).toEqual(before);
  expect(await world.command(approve(sync.syncId))).toMatchObject({ code: 'not-held' });
});

describe('R14: undo', () => {
  const FEWER = without(edited(CROWD, 'user', 's9', { givenName: 'Zoe' }), 'user', 's1', 's2');

  test('gives back what was before, and pauses', async () => {
    await deliver(CROWD);
    const before = table();
    const sync = await deliver(withCopy(FEWER, 'user', 'teacher', {}));
    expect(sync.state).toBe('applied');
    expect(table()).not.toEqual(before);
    const result = await world.command(undo(sync.syncId));
    expect(result).toMatchObject({ outcome: 'done', code: 'undo', conflicts: 0 });
    await world.run();
    expect(await find(sync.syncId)).toMatchObject({ state: 'undone', undoneBy: result!.syncId });
    const after = table();
    const added = Object.keys(after).filter((key) => !(key in before));
    expect(added.map((key) => (after[key] as { status: string }).status)).toEqual(added.map(() => 'inactive'));
    for (const key of added) delete after[key];
    expect(after).toEqual(before);
    expect((await world.log.state(DISTRICT)).syncPaused).toBe(true);
  });

  test('is undone itself', async () => {
    await deliver(CROWD);
    const sync = await deliver(FEWER);
    const done = table();
    const first = await world.command(undo(sync.syncId));
    await world.run();
    await world.command(undo(first!.syncId!));
    await world.run();
    expect(table()).toEqual(done);
  });

  test('leaves alone what changed since, and counts it, unless forced', async () => {
    await deliver(CROWD);
    const sync = await deliver(FEWER);
    world.clock.advanceSeconds(10);
    await editSyncedRecord({ ...world.ports, portal: world.portal }, DISTRICT, 'user', 's9', { givenName: 'Ida' });
    expect(await world.command(undo(sync.syncId))).toMatchObject({ outcome: 'done', conflicts: 1 });
    await world.run();
    expect(world.users()['s9']).toBe('active Ida');
    expect(world.users()['s1']).toBe('active Ann');
  });

  test('force sets those back too', async () => {
    await deliver(CROWD);
    const sync = await deliver(FEWER);
    world.clock.advanceSeconds(10);
    await editSyncedRecord({ ...world.ports, portal: world.portal }, DISTRICT, 'user', 's9', { givenName: 'Ida' });
    await world.command(undo(sync.syncId, { force: true }));
    await world.run();
    expect(world.users()['s9']).toBe('active Ann');
  });

  test('of one user only', async () => {
    await deliver(CROWD);
    const sync = await deliver(FEWER);
    await world.command(undo(sync.syncId, { user: 's1' }));
    await world.run();
    expect(world.users()['s1']).toBe('active Ann');
    expect(world.users()['s2']).toBe('inactive Ann');
    expect((await find(sync.syncId)).state).toBe('applied');
  });

  test('of another school only: nothing to do', async () => {
    await deliver(CROWD);
    const sync = await deliver(FEWER);
    expect(await world.command(undo(sync.syncId, { onlySchool: 'district' }))).toMatchObject({
      code: 'nothing-to-undo',
    });
    expect((await world.log.state(DISTRICT)).syncPaused).toBe(false);
  });

  test('a dry run changes nothing', async () => {
    await deliver(CROWD);
    const sync = await deliver(FEWER);
    const before = table();
    const result = await world.command({ ...undo(sync.syncId), dryRun: true } as Command);
    expect(result).toMatchObject({ outcome: 'done', changes: { users: { reactivate: 2, update: 1 } } });
    await world.run();
    expect(table()).toEqual(before);
    expect((await find(sync.syncId)).state).toBe('applied');
  });

  test("tonight's export is held while syncs are paused, and goes on after", async () => {
    await deliver(CROWD);
    const sync = await deliver(FEWER);
    await world.command(undo(sync.syncId));
    await world.run();
    const again = await deliver(FEWER);
    expect(again.holds.map(({ code }) => code)).toEqual(['paused']);
    await world.command({ name: 'resume' });
    await world.command(approve(again.syncId));
    await world.run();
    expect((await find(again.syncId)).state).toBe('applied');
  });
});

test('R14: resume says where nothing was paused', async () => {
  expect(await world.command({ name: 'resume' })).toMatchObject({
    outcome: 'done',
    code: 'resume',
    message: expect.stringMatching(/were not paused.*rollcall district resume/),
  });
  await world.command({ name: 'pause' });
  expect(await world.command({ name: 'resume' })).toMatchObject({ message: 'Syncs go on with the next export.' });
});

describe('R12: re-key', () => {
  const RENAMED = IDS.slice(0, 12);
  const rekeyed = (delivery: SmallDelivery): SmallDelivery => {
    const rows = delivery.user.rows.map((row) => (RENAMED.includes(row.id) ? { ...row, id: `new-${row.id}` } : row));
    return { ...delivery, user: { ...delivery.user, rows } };
  };
  /** Users whose usernames tell them apart. */
  const named = (delivery: SmallDelivery): SmallDelivery =>
    IDS.reduce(
      (all, id) => edited(all, 'user', id, { username: `${id}.lee`, givenName: id, familyName: 'L' }),
      delivery,
    );
  const productId = (id: string) => world.store.synced(DISTRICT, 'user').get(id)?.productId;

  test('more than ten pairs hold the plan, and approved as a re-key the work moves', async () => {
    await deliver(named(CROWD));
    const before = Object.fromEntries(RENAMED.map((id) => [id, productId(id)]));
    const sync = await deliver(rekeyed(named(CROWD)));
    expect(sync).toMatchObject({ state: 'held', pairs: 12 });
    expect(sync.holds.map(({ code }) => code)).toContain('rekey');
    expect(await world.command(approve(sync.syncId, { scope: 'as-rekey' }))).toMatchObject({ outcome: 'done' });
    await world.run();
    expect((await find(sync.syncId)).state).toBe('applied');
    for (const id of RENAMED) {
      expect(productId(`new-${id}`)).toBe(before[id]);
      expect(world.store.synced(DISTRICT, 'user').get(id)).toMatchObject({ status: 'inactive', movedTo: `new-${id}` });
    }
    const ids = [...world.store.synced(DISTRICT, 'user').values()].map((user) => user.productId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('it is undone with its productIds', async () => {
    await deliver(named(CROWD));
    const before = table();
    const sync = await deliver(rekeyed(named(CROWD)));
    await world.command(approve(sync.syncId, { scope: 'as-rekey' }));
    await world.run();
    await world.command(undo(sync.syncId));
    await world.run();
    expect((await find(sync.syncId)).state).toBe('undone');
    expect(table()).toMatchObject(before);
  });

  test('an old id that comes back is a hold', async () => {
    await deliver(named(CROWD));
    const sync = await deliver(rekeyed(named(CROWD)));
    await world.command(approve(sync.syncId, { scope: 'as-rekey' }));
    await world.run();
    const back = withCopy(rekeyed(named(CROWD)), 'user', 'teacher', {});
    const rows = back.user.rows.map((row, at) => (at === back.user.rows.length - 1 ? { ...row, id: 's1' } : row));
    const again = await deliver({ ...back, user: { ...back.user, rows } });
    expect(again.holds.map(({ code }) => code)).toContain('moved-id-returns');
  });

  test('one by hand', async () => {
    await deliver(named(CROWD));
    const old = productId('s1');
    const rows = named(CROWD).user.rows.map((row) => (row.id === 's1' ? { ...row, id: 'n1' } : row));
    await deliver({ ...named(CROWD), user: { ...CROWD.user, rows } });
    expect(await world.command({ name: 'rekey', from: 's1', to: 'n1' })).toMatchObject({ outcome: 'done' });
    await world.run();
    expect(productId('n1')).toBe(old);
    expect((await world.syncs()).map(({ state }) => state)).toEqual(['applied', 'applied', 'applied']);
    expect(await world.command({ name: 'rekey', from: 's1', to: 'n1' })).toMatchObject({ code: 'already-moved' });
    expect(await world.command({ name: 'rekey', from: 's2', to: 'n1' })).toMatchObject({ code: 'old-user-active' });
    expect(await world.command({ name: 'rekey', from: 's99', to: 'n1' })).toMatchObject({ code: 'unknown-user' });
  });
});

test('R16: a file that lacks the end of its last line, which it had last time, is held', async () => {
  await deliver(CROWD);
  const files = filesOf(edited(CROWD, 'org', 'school', { name: 'Maple Hill' }));
  world.clock.advanceSeconds(60);
  const cut = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, name === 'orgs.csv' ? text.replace(/\r?\n$/, '') : text]),
  );
  await world.claim(world.put('export.zip', await zipOf(cut)));
  await world.run();
  const [sync] = await world.syncs();
  expect(sync).toMatchObject({ state: 'held', holds: [{ code: 'perhaps-cut', file: 'orgs' }] });
});

describe('R15: deltas', () => {
  test('a held bulk export blocks the delta behind it, until a person decides', async () => {
    const sync = await held();
    world.clock.advanceSeconds(60);
    await world.claim(world.put('delta.zip', await asZip(deltaOf(edited(CROWD, 'user', 's30', { givenName: 'Kim' })))));
    expect(await world.run()).toEqual(['blocked']);
    await world.command(approve(sync.syncId));
    expect(await world.run()).toEqual(['applied', 'applying', 'applied']);
    expect(world.users()['s30']).toBe('active Kim');
    expect(active()).toBe(33);
  });

  test('a bulk export of the same files frees it', async () => {
    await held();
    world.clock.advanceSeconds(60);
    await world.claim(world.put('delta.zip', await asZip(deltaOf(edited(CROWD, 'user', 's30', { givenName: 'Kim' })))));
    await world.run();
    expect((await deliver(CROWD)).state).toBe('unchanged');
    world.clock.advanceSeconds(60);
    await world.claim(world.put('delta.zip', await asZip(deltaOf(edited(CROWD, 'user', 's29', { givenName: 'Kim' })))));
    await world.run();
    expect(world.users()['s29']).toBe('active Kim');
  });
});

describe('R15: a delta behind a set of loose files that is not whole yet', () => {
  const delta = (id: string) => deltaOf(edited(CROWD, 'user', id, { givenName: 'Kim' }));
  /** The first delta lacks its users; the second comes as a zip. */
  const open = async () => {
    await deliver(CROWD);
    const { 'users.csv': users, ...others } = filesOf(delta('s30'));
    world.clock.advanceSeconds(60);
    for (const [name, text] of Object.entries(others)) await world.claim(world.put(name, text));
    world.clock.advanceSeconds(60);
    await world.claim(world.put('delta.zip', await asZip(delta('s29'))));
    expect(await world.run()).toEqual(['blocked']);
    return users!;
  };

  test('waits until it is, and both run', async () => {
    const users = await open();
    world.clock.advanceSeconds(60);
    await world.claim(world.put('users.csv', users));
    await world.run();
    // The set's last file came last, so it runs last; each delta has the rows of all users.
    expect((await world.syncs()).map(({ state }) => state)).toEqual(['applied', 'applied', 'applied']);
    expect(world.users()['s30']).toBe('active Kim');
  });

  test('is no news for anybody while it may still become whole, and blocked once it did not', async () => {
    await open();
    expect(await blockedDeltas(world.ports, DISTRICT)).toEqual([]);
    world.clock.advanceSeconds(6 * 3600 + 1);
    const [set] = await world.ledger.openSets(DISTRICT);
    await closeStaleSet(world.ports, DISTRICT, set!.deliveryId);
    expect(await world.plan()).toBe('blocked');
    expect(await blockedDeltas(world.ports, DISTRICT)).toMatchObject([{ by: [{ deliveryId: set!.deliveryId }] }]);
    expect(world.users()['s29']).toBe('active Ann');
  });
});

test('the proof: a table that is not what the plan promised fails the sync', async () => {
  world.clock.advanceSeconds(60);
  await world.claim(world.put('export.zip', await asZip(CROWD)));
  await world.plan();
  const [sync] = await world.syncs();
  const { districtId, syncId, attempt } = sync!;
  const key = planPromiseKey(planPrefix({ districtId, syncId, attempt }));
  const promise = JSON.parse((await world.ports.archive.readText(key))!) as Record<string, { active: number }>;
  promise['user']!.active++;
  await world.ports.archive.writeText(key, JSON.stringify(promise));
  await world.run();
  expect(await find(syncId)).toMatchObject({ state: 'failed', failureCode: 'proof-mismatch' });
});
