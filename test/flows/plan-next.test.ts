import { planPrefix, planSummaryKey } from '../../lib/contracts/object-keys.ts';
import { NEW_DISTRICT_STATE } from '../../lib/core/sync/new-district.ts';
import { createManualRecord, editSyncedRecord } from '../../lib/flows/portal.ts';
import { ServiceBusy } from '../../lib/ports/failure.ts';
import { edited, PLAIN, withCopy, without } from '../support/plain-delivery.ts';
import { filesOf, type SmallDelivery } from '../support/small-delivery.ts';
import { asZip, calling, deltaOf, PLAIN_RECORDS, withStudents } from './exports.ts';
import { DISTRICT, FlowWorld, LEASE_SECONDS, zipOf } from './flow-world.ts';

let world: FlowWorld;
beforeEach(async () => {
  world = await FlowWorld.open();
});

/** Uploads and claims a zip; its plan waits. */
async function deliver(delivery: SmallDelivery, path = 'export.zip'): Promise<void> {
  world.clock.advanceSeconds(10);
  expect(await world.claim(world.put(path, await asZip(delivery)))).toBe('received');
}

/** Delivers and lets everything run. */
async function sync(delivery: SmallDelivery): Promise<readonly string[]> {
  await deliver(delivery);
  return world.run();
}

describe('one district at a time (R15)', () => {
  test('two plan messages at once: the second finds the district busy and is sent again', async () => {
    await deliver(PLAIN);
    world.loseMessages();
    const [first, second] = await Promise.all([world.plan(), world.plan()]);
    expect([first, second]).toEqual(['applying', 'busy']);
    const now = world.clock.now().getTime();
    expect(world.queues.plans).toEqual([
      { message: { type: 'plan', districtId: DISTRICT, attempt: 1 }, dueMillis: now + LEASE_SECONDS * 1000 },
    ]);
    expect(await world.run()).toEqual(['applied', 'nothing-waits']);
    expect((await world.states()).syncs).toEqual(['applied']);
  });

  test('a message that comes again after the plan finds nothing to do', async () => {
    await sync(PLAIN);
    const written = world.writes.length;
    expect(await world.plan()).toBe('nothing-waits');
    expect(world.writes).toHaveLength(written);
  });

  test('an apply that began is finished first', async () => {
    await deliver(calling('Ann'));
    expect(await world.plan()).toBe('applying');
    world.loseMessages();
    await deliver(calling('Bea'));
    world.clock.advanceSeconds(LEASE_SECONDS);
    expect(await world.plan()).toBe('apply-first');
    expect(await world.run()).toEqual(expect.arrayContaining(['applied', 'applying', 'applied']));
    expect((await world.states()).syncs).toEqual(['applied', 'applied']);
    expect(world.users()['student']).toBe('active Bea');
  });

  test('a planner that sleeps while another takes over writes nothing more', async () => {
    await deliver(PLAIN);
    world.loseMessages();
    const { files } = world.ledger;
    world.ledger.files = async (districtId, deliveryId) => {
      world.ledger.files = files;
      world.clock.advanceSeconds(LEASE_SECONDS);
      expect(await world.plan()).toBe('applying');
      return files(districtId, deliveryId);
    };
    expect(await world.plan()).toBe('stale');
    const [planned] = await world.syncs();
    expect(planned).toMatchObject({ state: 'applying', attempt: 2 });
    expect(await world.run()).toEqual(['applied']);
  });
});

describe('which delivery runs', () => {
  test('of several waiting bulk exports only the newest; the others are superseded', async () => {
    for (const name of ['Ann', 'Bea', 'Cal']) await deliver(calling(name));
    expect(await world.run()).toEqual(['applying', 'busy', 'busy', 'applied', 'nothing-waits', 'nothing-waits']);
    expect(await world.states()).toEqual({ deliveries: ['superseded', 'superseded', 'planned'], syncs: ['applied'] });
    expect(world.users()['student']).toBe('active Cal');
  });

  test('an older export is put aside only once the newer one has ended well: until then that may come out otherwise', async () => {
    await deliver(calling('Older'), 'a.zip');
    await deliver(calling('Newer'), 'b.zip');
    world.loseMessages();
    const { save } = world.log;
    // The newer one is good, but its end cannot be written; then Transfer reports that its upload had failed (R16).
    world.log.save = async (lease, planned, from, state) => {
      if (planned.state === 'applying') throw new ServiceBusy('not now');
      return save(lease, planned, from, state);
    };
    await expect(world.plan()).rejects.toThrow('not now');
    world.log.save = save;
    const [, newer] = (await world.deliveries()).toSorted((a, b) => (a.order < b.order ? -1 : 1));
    const [file] = await world.ledger.files(DISTRICT, newer!.deliveryId);
    const { name, eTag, lastModified: endedAt } = file!;
    await world.ledger.bar(DISTRICT, { folder: '', name, eTag, endedAt });
    world.clock.advanceSeconds(LEASE_SECONDS);
    expect(await world.plan()).toBe('incomplete');
    expect(await world.run()).toEqual(['applying', 'applied']);
    expect(world.users()['student']).toBe('active Older');
  });

  test('a worker that ends while it puts an older export aside: the next one does it', async () => {
    await deliver(calling('Older'), 'a.zip');
    await deliver(calling('Newer'), 'b.zip');
    world.loseMessages();
    const [older] = (await world.deliveries()).toSorted((a, b) => (a.order < b.order ? -1 : 1));
    const { settle } = world.ledger;
    world.ledger.settle = async (...args) => {
      if (args[2] === 'superseded') throw new Error('killed');
      return settle(...args);
    };
    await expect(world.plan()).rejects.toThrow('killed');
    world.ledger.settle = settle;
    expect((await world.log.state(DISTRICT)).replacedDeliveryIds).toEqual([older!.deliveryId]);
    expect(await world.plan()).toBe('apply-first');
    expect((await world.states()).deliveries).toEqual(['superseded', 'planned']);
    await world.run();
    expect(await world.states()).toEqual({ deliveries: ['superseded', 'planned'], syncs: ['applied'] });
    expect(world.users()['student']).toBe('active Newer');
    // The next plan forgets their names.
    await sync(calling('Next'));
    expect((await world.log.state(DISTRICT)).replacedDeliveryIds).toEqual([]);
  });

  test('deltas are never superseded: they run in order', async () => {
    await sync(PLAIN);
    await deliver(deltaOf(calling('Bea')));
    await deliver(deltaOf(edited(PLAIN, 'user', 'teacher', { givenName: 'Tom' })));
    await deliver(deltaOf(without(calling('Cal'), 'user', 'teacher', 'parent')));
    await world.run();
    expect((await world.states()).deliveries).toEqual(['planned', 'planned', 'planned', 'planned']);
    expect(world.users()).toEqual({ parent: 'active Ann', student: 'active Cal', teacher: 'active Tom' });
  });

  test('a bulk export that waits between deltas runs in its turn', async () => {
    await sync(PLAIN);
    await deliver(deltaOf(calling('Bea')));
    await deliver(without(PLAIN, 'user', 'parent'));
    await deliver(deltaOf(without(calling('Cal'), 'user', 'parent')));
    await world.run();
    expect((await world.states()).syncs).toEqual(['applied', 'applied', 'applied', 'applied']);
    expect(world.users()).toEqual({ parent: 'inactive Ann', student: 'active Cal', teacher: 'active Ann' });
  });

  test('an older export whose event comes after a newer one was applied is superseded', async () => {
    const late = world.put('old.zip', await asZip(calling('Old')));
    await sync(calling('New'));
    const written = world.writes.length;
    expect(await world.claim(late)).toBe('received');
    expect(await world.run()).toEqual(['nothing-waits']);
    expect(
      (await world.deliveries()).find(({ deliveryId }) => deliveryId.startsWith(`d-${late.lastModified}`)),
    ).toMatchObject({
      state: 'superseded',
      syncId: null,
    });
    expect([world.users()['student'], world.writes.length]).toEqual(['active New', written]);
  });

  test('`unchanged` counts as applied: what is older than it does not run any more', async () => {
    await sync(PLAIN);
    world.clock.advanceSeconds(10);
    const late = world.put('late.zip', await asZip(calling('Late')));
    expect(await sync(PLAIN)).toEqual(['unchanged']);
    await world.claim(late);
    expect(await world.run()).toEqual(['nothing-waits']);
    expect(world.users()['student']).toBe('active Ann');
  });
});

describe('what a plan leads to', () => {
  test("a dry run under test/ ends `checked`, changes nothing, and is nobody's predecessor", async () => {
    await deliver(PLAIN, 'test/export.zip');
    expect(await world.run()).toEqual(['checked']);
    const [checked] = await world.syncs();
    expect(checked).toMatchObject({ recordsWritten: 0, changes: { users: { add: 3 } } });
    expect(checked?.endedAt).not.toBeNull();
    expect(world.writes).toEqual([]);
    expect(await world.log.state(DISTRICT)).toEqual(NEW_DISTRICT_STATE);
  });

  test('the first sync of a district is held unless its settings say otherwise (R11)', async () => {
    world = await FlowWorld.open({ firstSync: 'hold' });
    expect(await sync(PLAIN)).toEqual(['held']);
    expect(await world.syncs()).toMatchObject([{ holds: [{ code: 'first-sync' }], endedAt: null }]);
    expect(world.writes).toEqual([]);
    // It keeps no lease and no delivery waits for it.
    expect(await world.plan()).toBe('nothing-waits');
  });

  test('an export of another product is rejected, and the next one is planned', async () => {
    await sync(PLAIN);
    const written = world.writes.length;
    world.clock.advanceSeconds(10);
    await world.claim(world.put('sds.zip', await zipOf({ 'School.csv': 'SIS ID,Name\n1,Oak\n' })));
    expect(await world.run()).toEqual(['rejected']);
    expect(world.writes).toHaveLength(written);
    expect(await sync(calling('Bea'))).toEqual(['applying', 'applied']);
  });

  test('a zip with a damaged entry is not applied (R7, R16)', async () => {
    const bytes = await asZip(PLAIN);
    const { length } = 'PK__'; // The first entry's data begins behind its header of 30 bytes and its name.
    const damaged = bytes.map((byte, at) => (at === 30 + 'orgs.csv'.length + length + 20 ? byte ^ 1 : byte));
    await world.claim(world.put('export.zip', damaged));
    expect(await world.run()).toEqual([]);
    expect(world.writes).toEqual([]);
    expect((await world.states()).deliveries).toEqual(['incomplete']);
  });

  test('a zip that lacks a listed file is incomplete', async () => {
    const { 'users.csv': _users, ...files } = filesOf(PLAIN);
    await world.claim(world.put('export.zip', await zipOf(files)));
    expect(await world.run()).toEqual(['incomplete']);
    expect(world.writes).toEqual([]);
  });

  test('the summary in the archive says what the sync says', async () => {
    await sync(PLAIN);
    const [{ syncId, attempt, changes } = { syncId: '', attempt: 0, changes: {} }] = await world.syncs();
    const key = planSummaryKey(planPrefix({ districtId: DISTRICT, syncId, attempt }));
    const summary = JSON.parse((await world.objects.archive.readText(key)) ?? 'null');
    expect(summary).toMatchObject({ syncId, state: 'applying', changes, verdict: 'accepted' });
    expect(changes.users).toEqual({ add: 3, update: 0, deactivate: 0, reactivate: 0, unchanged: 0 });
  });
});

describe('the plan compares with the table itself', () => {
  test('R1: what the Portal edited is set back by the same export, and nothing else is written', async () => {
    await sync(PLAIN);
    await editSyncedRecord({ ...world.ports, portal: world.portal }, DISTRICT, 'user', 'student', {
      givenName: 'Edited',
    });
    world.writes.splice(0);
    expect(await sync(PLAIN)).toEqual(['applying', 'applied']);
    expect(world.users()['student']).toBe('active Ann');
    expect(world.writes.flatMap(({ changes }) => changes)).toMatchObject([{ op: 'update', kind: 'user' }]);
  });

  test('R2: a manual record that looks the same is reported, never touched', async () => {
    await createManualRecord({ ...world.ports, portal: world.portal }, DISTRICT, 'user', {
      username: 'student.name',
      givenName: 'By hand',
    });
    const before = structuredClone(world.store.manual(DISTRICT, 'user'));
    await sync(PLAIN);
    expect(world.store.manual(DISTRICT, 'user')).toEqual(before);
    expect((await world.syncs())[0]?.findingCounts.byCode).toMatchObject({ 'manual-lookalike': 1 });
  });

  test('R4: who is missing becomes inactive and keeps its productId until it comes back', async () => {
    await sync(PLAIN);
    const productId = world.store.synced(DISTRICT, 'user').get('parent')?.productId;
    await sync(without(PLAIN, 'user', 'parent'));
    expect(world.users()['parent']).toBe('inactive Ann');
    await sync(PLAIN);
    expect(world.store.synced(DISTRICT, 'user').get('parent')).toMatchObject({ status: 'active', productId });
    expect((await world.syncs())[0]?.changes.users).toMatchObject({ add: 0, reactivate: 1 });
  });
});

describe('a planner that dies', () => {
  /** The last call of each kind; the first `save` says `planning`. */
  const LAST_CALLS = ['save', 'settle', 'handOver', 'sendApply'] as const;

  test.each(LAST_CALLS.flatMap((call) => [['before', call] as const, ['after', call] as const]))(
    '%s its %s leaves one sync that is applied once',
    async (when, call) => {
      await deliver(PLAIN);
      world.loseMessages();
      const owner = { save: world.log, settle: world.ledger, handOver: world.leases, sendApply: world.queues }[call];
      dieOnce(owner as never, call, when, call === 'save' ? 2 : 1);
      await expect(world.plan()).rejects.toThrow('killed');
      // The message comes again, at the latest when the lease has run out.
      world.clock.advanceSeconds(LEASE_SECONDS);
      await world.plan();
      await world.run();
      expect(await world.states()).toEqual({ deliveries: ['planned'], syncs: ['applied'] });
      expect(world.writes.flatMap(({ changes }) => changes)).toHaveLength(PLAIN_RECORDS);
    },
  );

  test('and is followed by a newer export leaves no plan open', async () => {
    await deliver(calling('Ann'));
    dieOnce(world.log as never, 'save', 'after', 1);
    await expect(world.plan()).rejects.toThrow('killed');
    expect((await world.states()).syncs).toEqual(['planning']);
    world.clock.advanceSeconds(LEASE_SECONDS);
    await sync(calling('Bea'));
    expect(await world.states()).toEqual({ deliveries: ['superseded', 'planned'], syncs: ['superseded', 'applied'] });
  });
});

/** The n-th call of a method throws as if the worker had been killed, before or after it did its work. */
function dieOnce(
  target: Record<string, (...args: never[]) => Promise<unknown>>,
  method: string,
  when: 'before' | 'after',
  nth: number,
): void {
  const original = target[method]!;
  let calls = 0;
  target[method] = async (...args: never[]) => {
    calls += 1;
    if (calls === nth && when === 'before') throw new Error('killed');
    const result = await original.apply(target, args);
    if (calls === nth) throw new Error('killed');
    return result;
  };
}

test('many students in one delivery, with a copied id, are each planned once', async () => {
  const delivery = withCopy(withStudents(250), 'user', 'teacher');
  expect(await sync(delivery)).toEqual(['applying', 'applied']);
  expect(Object.keys(world.users())).toHaveLength(253);
});
