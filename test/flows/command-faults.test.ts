import type { Command } from '../../lib/core/sync/command.ts';
import type { Sync } from '../../lib/core/sync/sync.ts';
import { editSyncedRecord } from '../../lib/flows/portal.ts';
import { edited, inMode, PLAIN, without, withRow } from '../support/plain-delivery.ts';
import type { SmallDelivery } from '../support/small-delivery.ts';
import { asZip, deltaOf, withStudents } from './exports.ts';
import { DISTRICT, FlowWorld } from './flow-world.ts';

let world: FlowWorld;
beforeEach(async () => {
  world = await FlowWorld.open();
});
const CROWD = withStudents(30);
const IDS = Array.from({ length: 30 }, (_, at) => `s${at + 1}`);
const HALF = without(CROWD, 'user', ...IDS.slice(0, 28));
async function claimOnly(delivery: SmallDelivery, path = 'export.zip') {
  world.clock.advanceSeconds(60);
  expect(await world.claim(world.put(path, await asZip(delivery)))).toBe('received');
}
async function deliver(delivery: SmallDelivery, path = 'export.zip'): Promise<Sync> {
  await claimOnly(delivery, path);
  await world.run();
  return (await world.syncs())[0]!;
}
const approve = (syncId: string, more: object = {}): Command =>
  ({ name: 'approve', syncId, scope: 'as-shown', why: null, newerSeen: null, ...more }) as Command;
const undo = (syncId: string, more: object = {}): Command =>
  ({ name: 'undo', dryRun: false, undo: { syncId, onlySchool: null, user: null, force: false, ...more } }) as Command;
const find = async (syncId: string) => (await world.log.get(DISTRICT, syncId))!;
const named = (delivery: SmallDelivery): SmallDelivery =>
  IDS.reduce((all, id) => edited(all, 'user', id, { username: `${id}.lee`, givenName: id, familyName: 'L' }), delivery);
const renamed = (delivery: SmallDelivery, ids: string[]): SmallDelivery => ({
  ...delivery,
  user: {
    ...delivery.user,
    rows: delivery.user.rows.map((r) => (ids.includes(r.id) ? { ...r, id: `new-${r.id}` } : r)),
  },
});
const user = (id: string) => world.store.synced(DISTRICT, 'user').get(id);
const onlyOf = (delivery: SmallDelivery, mode: 'bulk' | 'delta', kind: 'org' | 'user'): SmallDelivery => {
  const others = (['org', 'academicSession', 'course', 'class', 'user', 'enrollment', 'demographics'] as const).filter(
    (k) => k !== kind,
  );
  return inMode(inMode(delivery, 'absent', ...others), mode, kind);
};

test('R14: undo of the sync before a re-key keeps the work with an active record', async () => {
  await deliver(named(CROWD));
  const work = user('s1')!.productId;
  const a = await deliver(renamed(named(CROWD), ['s1']));
  expect(a.state).toBe('applied');
  await world.command({ name: 'rekey', from: 's1', to: 'new-s1' });
  await world.run();
  expect(user('new-s1')).toMatchObject({ status: 'active', productId: work });
  await world.command(undo(a.syncId));
  await world.run();
  const holder = ['s1', 'new-s1'].map((id) => user(id)!).find((u) => u.productId === work)!;
  expect(holder.status).toBe('active');
});

test('a delta that a bulk export of other files passed by leaves a gap: later deltas wait for a full export', async () => {
  await deliver(CROWD);
  const held = await deliver(HALF);
  expect(held.state).toBe('held');
  await claimOnly(deltaOf(edited(CROWD, 'user', 's30', { givenName: 'Kim' })), 'delta.zip');
  expect(await world.run()).toEqual(['blocked']);
  await claimOnly(onlyOf(edited(CROWD, 'org', 'school', { name: 'Neu' }), 'bulk', 'org'), 'orgs.zip');
  await world.run();
  expect((await world.states()).deliveries).toEqual(['planned', 'planned', 'superseded', 'planned']);
  await world.command({ name: 'reject', syncId: held.syncId, why: 'half of the school' });
  await world.run();
  await claimOnly(deltaOf(edited(CROWD, 'user', 's29', { givenName: 'Tim' })), 'delta.zip');
  expect(await world.run()).toEqual(['blocked']);
  const full = edited(CROWD, 'user', 's30', { givenName: 'Kim' });
  await deliver(full);
  await claimOnly(deltaOf(edited(full, 'user', 's29', { givenName: 'Tim' })), 'delta2.zip');
  await world.run();
  expect([world.users()['s30'], world.users()['s29']]).toEqual(['active Kim', 'active Tim']);
});

test('the first plan with anything in it is held, also after an empty export', async () => {
  world = await FlowWorld.open({ firstSync: 'hold' });
  const empty = inMode(
    CROWD,
    'header-only',
    'org',
    'academicSession',
    'course',
    'class',
    'user',
    'enrollment',
    'demographics',
  );
  await deliver(empty);
  const s = await deliver(CROWD);
  expect(s.state).toBe('held');
});

test('undo --user of a re-keyed user gives the classes back too', async () => {
  const base = named(CROWD);
  const withSeats = IDS.slice(0, 12).reduce((d, id) => withCopy2(d, id), base);
  await deliver(withSeats);
  const next = renamed(withSeats, IDS.slice(0, 12));
  const moved = {
    ...next,
    enrollment: {
      ...next.enrollment,
      rows: next.enrollment.rows.map((r) =>
        r.id.startsWith('e-')
          ? {
              ...r,
              id: `new-${r.id}`,
              cells: {
                ...r.cells,
                userSourcedId: {
                  raw: `new-${r.cells['userSourcedId']!.raw}`,
                  means: `new-${r.cells['userSourcedId']!.raw}`,
                },
              },
            }
          : r,
      ),
    },
  };
  const h = await deliver(moved);
  expect(h.state).toBe('held');
  await world.command(approve(h.syncId, { scope: 'as-rekey' }));
  await world.run();
  await world.command(undo(h.syncId, { user: 'new-s1' }));
  await world.run();
  const e = (id: string) => world.store.synced(DISTRICT, 'enrollment').get(id)?.status;
  expect([user('s1')!.status, e('e-s1')]).toEqual(['active', 'active']);
});
function withCopy2(d: SmallDelivery, id: string): SmallDelivery {
  const seat = d.enrollment.rows[0]!;
  return withRow(d, 'enrollment', {
    ...seat,
    id: `e-${id}`,
    cells: { ...seat.cells, userSourcedId: { raw: id, means: id } },
  });
}

test('undo of the undo of a re-key', async () => {
  await deliver(named(CROWD));
  const h = await deliver(renamed(named(CROWD), IDS.slice(0, 12)));
  await world.command(approve(h.syncId, { scope: 'as-rekey' }));
  await world.run();
  const snap = () =>
    Object.fromEntries(
      [...world.store.synced(DISTRICT, 'user')].map(([id, { status, productId, fields, movedTo }]) => [
        id,
        { status, productId, fields, movedTo },
      ]),
    );
  const after = snap();
  const u = await world.command(undo(h.syncId));
  await world.run();
  await world.command(undo(u!.syncId!));
  await world.run();
  expect(snap()).toEqual(after);
  // What was undone stays undone (R14): deltas wait for a full export.
  expect((await find(h.syncId)).state).toBe('undone');
});

test('R5 baseline after an undo is that of the last sync in effect', async () => {
  await deliver(CROWD);
  const bad = without(
    withRow(CROWD, 'user', { ...CROWD.user.rows[0]!, id: '', defect: 'id-missing' }),
    'user',
    's1',
    's2',
  );
  const a = await deliver(edited(bad, 'user', 's3', { givenName: 'Kim' }));
  expect(a.state).toBe('applied');
  expect(user('s1')!.status).toBe('active');
  await world.command(undo(a.syncId));
  await world.run();
  await world.command({ name: 'resume' });
  await deliver(edited(bad, 'user', 's3', { givenName: 'Kim' }));
  expect(user('s1')!.status).toBe('active');
});

test('a re-key that was undone can be approved as one when the export comes again', async () => {
  await deliver(named(CROWD));
  const h = await deliver(renamed(named(CROWD), IDS.slice(0, 12)));
  await world.command(approve(h.syncId, { scope: 'as-rekey' }));
  await world.run();
  await world.command(undo(h.syncId));
  await world.run();
  await world.command({ name: 'resume' });
  const again = await deliver(renamed(named(CROWD), IDS.slice(0, 12)));
  expect(again.pairs).toBe(12);
});

test('all-but-removals of a re-key keeps the pairs findable', async () => {
  await deliver(named(CROWD));
  const h = await deliver(renamed(named(CROWD), IDS.slice(0, 12)));
  await world.command(approve(h.syncId, { scope: 'all-but-removals' }));
  await world.run();
  const again = await deliver(edited(renamed(named(CROWD), IDS.slice(0, 12)), 'user', 's30', { givenName: 'Kim' }));
  expect(again.pairs).toBe(12);
});

test('demographics switched off between plan and approval are not written', async () => {
  world = await FlowWorld.open({ storeDemographics: true, firstSync: 'hold' });
  const h = await deliver(CROWD);
  expect(h.state).toBe('held');
  const d = (await world.ports.districts.get(DISTRICT))!;
  await world.ports.districts.save({ ...d.settings, storeDemographics: false }, d.version);
  await world.run();
  expect(world.store.synced(DISTRICT, 'demographics').size).toBe(0);
});

test('approving an older held delivery after a newer unchanged one does not turn the order back', async () => {
  await deliver(CROWD);
  const held = await deliver(HALF);
  const b = await deliver(onlyOf(CROWD, 'bulk', 'org'), 'orgs.zip');
  expect(b.state).toBe('unchanged');
  const before = (await world.log.state(DISTRICT)).lastApplied!.order;
  expect(await world.command(approve(held.syncId))).toMatchObject({ outcome: 'refused' });
  await world.run();
  const after = (await world.log.state(DISTRICT)).lastApplied!.order;
  expect(after >= before).toBe(true);
});

test('R13: a bulk delivery that waits behind a delta refuses an approval too', async () => {
  await deliver(CROWD);
  const held = await deliver(HALF);
  expect(held.state).toBe('held');
  await claimOnly(deltaOf(CROWD), 'delta.zip');
  await claimOnly(onlyOf(CROWD, 'bulk', 'org'), 'orgs.zip');
  world.loseMessages();
  const result = await world.command(approve(held.syncId));
  expect(result).toMatchObject({ outcome: 'refused', code: 'newer-delivery' });
  expect((await find(held.syncId)).state).toBe('held');
});

test('re-key of a user whose productId was destroyed', async () => {
  await deliver(named(CROWD));
  user('s1')!.productId = '';
  const h = await deliver(renamed(named(CROWD), IDS.slice(0, 12)));
  await world.command(approve(h.syncId, { scope: 'as-rekey' }));
  await world.run();
  const s = await find(h.syncId);
  expect(s.state).toBe('applied');
});

test('usual errors are remembered over a delta', async () => {
  world = await FlowWorld.open();
  const bad = IDS.slice(0, 15).reduce((d, id) => edited(d, 'user', id, { role: 'nonsense' }), CROWD);
  const first = await deliver(CROWD);
  void first;
  const s1 = await deliver(edited(bad, 'user', 's30', { givenName: 'A' }));
  await world.command(approve(s1.syncId));
  await world.run();
  const s2 = await deliver(edited(bad, 'user', 's30', { givenName: 'B' }));
  expect(s2.state).toBe('applied');
  const dd = await deliver(
    deltaOf({
      ...CROWD,
      user: {
        ...CROWD.user,
        rows: CROWD.user.rows
          .filter((r) => r.id === 's29')
          .map((r) => ({ ...r, cells: { ...r.cells, givenName: { raw: 'X', means: 'X' } } })),
      },
    }),
    'delta.zip',
  );
  expect(dd.state).toBe('applied');
  const s3 = await deliver(edited(bad, 'user', 's30', { givenName: 'C' }));
  expect(s3.state).toBe('applied');
});
void editSyncedRecord;
void PLAIN;
