import type { QueuedMessage } from '../../lib/adapters/memory/queues.ts';
import type { ApplyMessage } from '../../lib/contracts/messages.ts';
import { RECORD_KINDS, type RecordKind } from '../../lib/core/oneroster/kinds.ts';
import type { Command } from '../../lib/core/sync/command.ts';
import type { Sync } from '../../lib/core/sync/sync.ts';
import { applySync } from '../../lib/flows/apply-sync.ts';
import type { SyncLog } from '../../lib/ports/ledger.ts';
import { edited, inMode, withCopy, without } from '../support/plain-delivery.ts';
import { filesOf, type SmallDelivery } from '../support/small-delivery.ts';
import { asZip, withStudents } from './exports.ts';
import { DISTRICT, FlowWorld, PLENTY, zipOf } from './flow-world.ts';

let world: FlowWorld;
beforeEach(async () => {
  world = await FlowWorld.open();
});

/** Thirty-one students: three of them are far below every limit. */
const CROWD = withStudents(30);

/** The rows of these users lack their sourcedId: nobody can say whom they name. */
const nameless = (delivery: SmallDelivery, ...ids: readonly string[]): SmallDelivery =>
  damaged(delivery, 'user', ids, (row) => ({ ...row, defect: 'id-missing' }));

/** These users have no username: their rows are errors and change nothing (R5). */
const invalid = (delivery: SmallDelivery, ...ids: readonly string[]): SmallDelivery =>
  damaged(delivery, 'user', ids, (row) => ({
    ...row,
    cells: { ...row.cells, username: { raw: '', means: null } },
  }));

type Row = SmallDelivery['user']['rows'][number];

function damaged(
  delivery: SmallDelivery,
  kind: RecordKind,
  ids: readonly string[],
  damage: (row: Row) => Row,
): SmallDelivery {
  const rows = delivery[kind].rows.map((row) => (ids.includes(row.id) ? damage(row) : row));
  return { ...delivery, [kind]: { ...delivery[kind], rows } };
}

const renamed = (delivery: SmallDelivery, id: string): SmallDelivery =>
  damaged(delivery, 'user', [id], (row) => ({
    ...row,
    cells: { ...row.cells, givenName: { raw: 'Kim', means: 'Kim' } },
  }));

/** One export a night. */
async function night(delivery: SmallDelivery) {
  world.clock.advanceSeconds(86_400);
  await world.claim(world.put('export.zip', await asZip(delivery)));
  await world.run();
  const [sync] = await world.syncs();
  return sync!;
}

const statusOf = (...ids: readonly string[]) => ids.map((id) => world.users()[id]?.split(' ')[0]);
const idsOf = (delivery: SmallDelivery, kind: RecordKind) => delivery[kind].rows.map(({ id }) => id);
const ids = (count: number) => Array.from({ length: count }, (_, at) => `s${at + 1}`);

describe('R5: rows that nobody can read are measured by the last applied delivery', () => {
  test('a night that changed nothing makes nothing usual: the second one removes nobody either', async () => {
    await night(CROWD);
    const rows = nameless(CROWD, 's1', 's2', 's3');
    for (const _ of [1, 2, 3]) {
      const sync = await night(rows);
      expect([sync.state, sync.findingCounts.byCode['removals-withheld']]).toEqual(['unchanged', 1]);
      expect(statusOf('s1', 's2', 's3')).toEqual(['active', 'active', 'active']);
    }
  });

  test('what was applied is usual: one stray row does not freeze a district', async () => {
    await night(CROWD);
    expect((await night(renamed(nameless(CROWD, 's1'), 's9'))).state).toBe('applied');
    expect((await night(nameless(CROWD, 's1'))).state).toBe('applied');
    expect(statusOf('s1', 's2')).toEqual(['inactive', 'active']);
  });

  test('a sound night lowers it, although nothing of it is applied', async () => {
    const withTotal = withCopy(CROWD, 'user', 's1');
    const last = withTotal.user.rows.length - 1;
    const rows = withTotal.user.rows.map((row, at) => (at === last ? { ...row, defect: 'id-missing' as const } : row));
    await night({ ...withTotal, user: { mode: 'bulk', rows } });
    expect((await night(CROWD)).state).toBe('unchanged');
    expect((await night(nameless(CROWD, 's1'))).state).toBe('unchanged');
    expect(statusOf('s1')).toEqual(['active']);
  });
});

describe('R11: rows with an error are measured by the last applied delivery', () => {
  test('a night that changed nothing makes nothing usual: a change among as many errors is held', async () => {
    await night(CROWD);
    const rows = invalid(CROWD, ...ids(12));
    expect((await night(rows)).state).toBe('unchanged');
    const sync = await night(renamed(rows, 's20'));
    expect([sync.state, sync.holds.map(({ code }) => code)]).toEqual(['held', ['invalid-rows']]);
  });

  test('where nothing was ever applied, none are usual', async () => {
    const nobody = RECORD_KINDS.reduce(
      (delivery, kind) => damaged(delivery, kind, idsOf(delivery, kind), (row) => ({ ...row, defect: 'id-missing' })),
      CROWD,
    );
    expect((await night(nobody)).state).toBe('unchanged');
    const { profile } = (await world.log.state(DISTRICT)).lastApplied!;
    const counts = [...Object.values(profile.unreadableRows), ...Object.values(profile.invalidRows)];
    expect(counts).toEqual(counts.map(() => 0));
    expect(profile.bulkRows).toMatchObject({ users: 33 });
  });
});

describe('R11, R13, R14: what is usual when people decide', () => {
  const DAMAGED = invalid(CROWD, ...ids(12));
  const codesOf = ({ holds }: Sync) => holds.map(({ code }) => code);

  /** Gives it; returns the sync that it is about or makes. */
  async function command(given: Command): Promise<string> {
    const result = await world.command(given);
    expect(result).toMatchObject({ outcome: 'done' });
    await world.run();
    return result!.syncId!;
  }
  const approve = ({ syncId }: Sync) =>
    command({ name: 'approve', syncId, scope: 'as-shown', why: null, newerSeen: null });
  const undoOf = ({ syncId }: Pick<Sync, 'syncId'>): Command => ({
    name: 'undo',
    dryRun: false,
    undo: { syncId, onlySchool: null, user: null, force: false },
  });
  const undo = (syncId: string) => command(undoOf({ syncId }));

  /** Of users.csv: invalid rows, and rows. */
  async function usualUsers() {
    const { invalidRows, bulkRows } = (await world.log.state(DISTRICT)).lastApplied!.profile;
    return [invalidRows.users, bulkRows.users];
  }

  /** A night with twelve damaged rows, which a person approves: they are usual from then on. */
  async function twelveUsual(): Promise<Sync> {
    await night(CROWD);
    const sync = await night(renamed(DAMAGED, 's20'));
    expect([sync.state, codesOf(sync)]).toEqual(['held', ['invalid-rows']]);
    await approve(sync);
    return sync;
  }

  /** As many damaged rows again, with a change, are measured: they wait for a person, so twelve are not usual. */
  async function expectNotUsual(): Promise<void> {
    const sync = await night(renamed(DAMAGED, 's21'));
    expect([sync.state, codesOf(sync)]).toEqual(['held', ['invalid-rows']]);
  }

  test('a plan that was held before its own counts were kept is approved as it was, and both are written', async () => {
    await night(CROWD);
    await world.command({ name: 'pause' });
    const held = await night(inMode(edited(CROWD, 'org', 'school', { name: 'Maple High School' }), 'absent', 'user'));
    // A worker of before reads `profile` alone.
    expect([held.profile?.bulkRows.users, held.ownProfile?.bulkRows.users]).toEqual([33, undefined]);
    const { ownProfile: _, ...before } = held;
    world.store.syncs.of(DISTRICT).set(held.syncId, before);
    await world.command({ name: 'resume' });
    await approve(held);
    expect((await world.log.get(DISTRICT, held.syncId))?.state).toBe('applied');
    expect(await usualUsers()).toEqual([0, 33]);
  });

  test('twelve that were approved are usual', async () => {
    await twelveUsual();
    expect((await night(renamed(DAMAGED, 's21'))).state).toBe('applied');
  });

  test.each([
    ['sound', 0],
    ['with three damaged rows', 3],
  ])('an export that was found %s after a plan was held counts when that plan is approved', async (_name, damaged) => {
    await twelveUsual();
    const late = world.put('late.zip', await asZip(renamed(invalid(CROWD, ...ids(damaged)), 's20')));
    await world.command({ name: 'pause' });
    const held = await night(inMode(edited(CROWD, 'org', 'school', { name: 'Maple High School' }), 'absent', 'user'));
    expect([held.state, codesOf(held)]).toEqual(['held', ['paused']]);
    await world.command({ name: 'resume' });
    await world.claim(late);
    expect(await world.run()).toEqual(['unchanged']);
    await approve(held);

    const usual = await usualUsers();
    expect(usual).toEqual([damaged, CROWD.user.rows.length]);
    if (damaged === 0) await expectNotUsual();
    await undo(held.syncId);
    expect(await usualUsers()).toEqual(usual);
  });

  test('what was undone is not usual, though the same file came again and changed nothing', async () => {
    const damaged = await twelveUsual();
    expect((await night(renamed(DAMAGED, 's20'))).state).toBe('unchanged');
    await undo(damaged.syncId);
    await world.command({ name: 'resume' });
    await expectNotUsual();
  });

  test('nor are its lengths: the export as it was before is not held for what it lacks', async () => {
    await night(CROWD);
    const grown = await night(withStudents(150));
    expect(grown.state).toBe('applied');
    expect((await night(withStudents(150))).state).toBe('unchanged');
    await undo(grown.syncId);
    expect(await usualUsers()).toEqual([0, CROWD.user.rows.length]);
    await world.command({ name: 'resume' });
    expect((await night(renamed(CROWD, 's21'))).state).toBe('applied');
  });

  test('nor did a night lower what was usual that changed nothing of a table that is no more', async () => {
    await twelveUsual();
    const sound = await night(renamed(CROWD, 's22'));
    expect((await night(renamed(CROWD, 's22'))).state).toBe('unchanged');
    await undo(sound.syncId);
    expect(await usualUsers()).toEqual([12, CROWD.user.rows.length]);
  });

  test('what was brought back by the undo of an undo is usual again', async () => {
    await twelveUsual();
    const sound = await night(renamed(CROWD, 's22'));
    const taken = await undo(sound.syncId);
    expect(await usualUsers()).toEqual([12, CROWD.user.rows.length]);
    await undo(taken);
    await world.command({ name: 'resume' });
    await expectNotUsual();
  });

  test('an undo that fails at its very end has taken back what it marked', async () => {
    const damaged = await twelveUsual();
    await world.command(undoOf(damaged));
    const [{ message }] = world.queues.applies.splice(0) as [QueuedMessage<ApplyMessage>];
    const save: SyncLog['save'] = (lease, sync, from, state) =>
      sync.state === 'applied' ? Promise.reject(new Error('defect')) : world.log.save(lease, sync, from, state);
    const ports = { ...world.ports, log: { ...world.log, save } };
    expect(await applySync(ports, message, world.newWorker(), PLENTY, true)).toBe('failed');
    expect((await world.log.get(DISTRICT, damaged.syncId))?.state).toBe('undone');
    expect(await usualUsers()).toEqual([0, CROWD.user.rows.length]);
  });

  test.each(['newest first', 'oldest first'])('two syncs that are undone, %s: what was before both', async (order) => {
    const damaged = await twelveUsual();
    const next = await night(renamed(renamed(DAMAGED, 's20'), 's21'));
    const both = [damaged.syncId, next.syncId];
    for (const syncId of order === 'oldest first' ? both : both.toReversed()) await undo(syncId);
    await world.command({ name: 'resume' });
    await expectNotUsual();
  });
});

test('R16: an export that changed nothing does not make a missing last line end usual', async () => {
  const put = async (files: Readonly<Record<string, string>>) => {
    world.clock.advanceSeconds(86_400);
    await world.claim(world.put('export.zip', await zipOf(files)));
    await world.run();
    return (await world.syncs())[0]!;
  };
  const whole = filesOf(CROWD);
  const bare = (files: Readonly<Record<string, string>>) => ({
    ...files,
    'users.csv': files['users.csv']!.replace(/\r?\n$/, ''),
  });
  await put(whole);
  expect((await put(bare(whole))).state).toBe('unchanged');
  const cut = await put(bare(filesOf(without(CROWD, 'user', 's29', 's30'))));
  expect([cut.state, cut.holds.map(({ code }) => code)]).toEqual(['held', ['perhaps-cut']]);
});
