import { WRITE_LANES } from '../../lib/contracts/table-keys.ts';
import type { Sync } from '../../lib/core/sync/sync.ts';
import { applySync } from '../../lib/flows/apply-sync.ts';
import { edited, PLAIN, without } from '../support/plain-delivery.ts';
import type { SmallDelivery } from '../support/small-delivery.ts';
import { asZip, PLAIN_RECORDS, withStudents } from './exports.ts';
import { DISTRICT, FlowWorld, LEASE_SECONDS, PLENTY } from './flow-world.ts';

/** Takes several transactions: a student takes two places of one, for the record and its school row. */
const STUDENTS = 300;
const RECORDS = PLAIN_RECORDS + STUDENTS;
const MANY = withStudents(STUDENTS);

let world: FlowWorld;
beforeEach(async () => {
  world = await FlowWorld.open();
});

/** A plan of this delivery that is to be applied. */
async function planned(delivery: SmallDelivery): Promise<Sync> {
  world.clock.advanceSeconds(10);
  await world.claim(world.put('export.zip', await asZip(delivery)));
  world.loseMessages();
  expect(await world.plan()).toBe('applying');
  world.loseMessages();
  return current();
}

async function current(): Promise<Sync> {
  const [sync] = await world.syncs();
  if (sync === undefined) throw new Error('no sync');
  return sync;
}

/** How often each record was written, most often first. */
function timesWritten(): number[] {
  const times = new Map<string, number>();
  for (const { changes } of world.writes)
    for (const { kind, after } of changes) {
      const key = `${kind} ${after.line.split('\u001f')[0]}`;
      times.set(key, (times.get(key) ?? 0) + 1);
    }
  return [...times.values()].sort((a, b) => b - a);
}

const image = () => structuredClone([...world.store.synced(DISTRICT, 'user')].sort());

/** What the table is after an apply without trouble, with the same productIds. */
async function undisturbed(delivery: SmallDelivery): Promise<ReturnType<typeof image>> {
  const { syncId } = await planned(delivery);
  expect(await world.apply(syncId)).toBe('applied');
  const users = image();
  world = await FlowWorld.open();
  return users;
}

test('writes are the changed records and a small constant', async () => {
  const { syncId } = await planned(MANY);
  expect(await world.apply(syncId)).toBe('applied');
  expect(timesWritten()).toEqual(Array(RECORDS).fill(1));
  // 98 places for 49 students, the five other kinds one each, and what is left over at the end of a section.
  expect(world.writes.length).toBeLessThanOrEqual(Math.ceil((STUDENTS * 2) / 98) + 7);
  expect(await current()).toMatchObject({ state: 'applied', recordsWritten: RECORDS });
  world.writes.splice(0);

  const next = await planned(without(MANY, 'user', 's7'));
  expect(await world.apply(next.syncId)).toBe('applied');
  expect(timesWritten()).toEqual([1]);
});

test('what is added comes in the order of references, what is removed in the reverse order', async () => {
  const order = () => world.writes.map(({ changes }) => changes[0]?.kind).filter((kind, i, all) => kind !== all[i - 1]);
  await world.apply((await planned(PLAIN)).syncId);
  expect(order()).toEqual(['org', 'academicSession', 'course', 'user', 'class', 'enrollment']);
  world.writes.splice(0);
  const left = without(without(PLAIN, 'user', 'teacher'), 'enrollment', 'desk');
  await world.apply((await planned(left)).syncId);
  expect(order()).toEqual(['enrollment', 'user']);
});

test('lanes run side by side, one transaction each at a time', async () => {
  const { syncId } = await planned(MANY);
  const { roster } = world.ports;
  const busy = new Set<number>();
  let most = 0;
  const { writeChanges } = roster;
  (roster as { writeChanges: typeof writeChanges }).writeChanges = async (districtId, fence, changes, stamp) => {
    expect(busy.has(fence.lane)).toBe(false);
    busy.add(fence.lane);
    most = Math.max(most, busy.size);
    await new Promise((resolve) => setImmediate(resolve));
    busy.delete(fence.lane);
    return writeChanges(districtId, fence, changes, stamp);
  };
  expect(await world.apply(syncId)).toBe('applied');
  expect(most).toBe(WRITE_LANES);
});

describe('messages', () => {
  test('the same message again finds it done, and writes nothing', async () => {
    const { syncId } = await planned(PLAIN);
    expect(await world.apply(syncId)).toBe('applied');
    const written = world.writes.length;
    expect(await world.apply(syncId)).toBe('already-done');
    expect(world.writes).toHaveLength(written);
  });

  test('two at once: one applies, the other is sent again after the lease', async () => {
    const { syncId } = await planned(MANY);
    expect(await Promise.all([world.apply(syncId), world.apply(syncId)])).toEqual(['applied', 'busy']);
    expect(timesWritten()[0]).toBe(1);
    expect(world.queues.applies).toEqual([
      {
        message: { type: 'apply', districtId: DISTRICT, syncId, hop: 0, attempt: 1 },
        dueMillis: world.clock.now().getTime() + LEASE_SECONDS * 1000,
      },
    ]);
    expect(await world.run()).toEqual(['already-done']);
  });

  test('of a sync that there is not', async () => {
    expect(await world.apply('s-none')).toBe('unknown-sync');
  });

  test('the end of an apply starts the delivery that waits', async () => {
    const { syncId } = await planned(MANY);
    world.clock.advanceSeconds(10);
    await world.claim(world.put('next.zip', await asZip(edited(MANY, 'user', 'student', { givenName: 'Zoe' }))));
    world.loseMessages();
    expect(await world.apply(syncId)).toBe('applied');
    expect(world.queues.plans).toHaveLength(1);
    expect(await world.run()).toEqual(['applying', 'applied']);
  });
});

describe('when time is up', () => {
  /** Time is up after so many transactions. */
  const timeFor = (writes: number) => {
    const end = world.writes.length + writes;
    return () => (world.writes.length >= end ? 59_999 : 60_000);
  };

  test('the rest is sent on, and every change is written once', async () => {
    const expected = await undisturbed(MANY);
    const { syncId } = await planned(MANY);
    let hops = 0;
    let outcome = await world.apply(syncId, timeFor(2));
    while (outcome === 'continued' && hops < 20) {
      const sync = await current();
      expect(sync).toMatchObject({ state: 'applying', recordsWritten: world.writes.flatMap((w) => w.changes).length });
      expect(world.queues.applies.splice(0)).toMatchObject([{ message: { syncId, hop: 1, attempt: 0 } }]);
      hops += 1;
      outcome = await world.apply(syncId, timeFor(2));
    }
    expect(outcome).toBe('applied');
    expect(hops).toBeGreaterThan(1);
    expect(timesWritten()).toEqual(Array(RECORDS).fill(1));
    expect(image()).toEqual(expected);
    expect(await current()).toMatchObject({ recordsWritten: RECORDS });
  });

  test('nobody else gets the lease in between, and the next worker need not wait for it', async () => {
    const { syncId } = await planned(MANY);
    expect(await world.apply(syncId, timeFor(2))).toBe('continued');
    expect(await world.plan()).toBe('busy');
    expect(await world.apply(syncId)).toBe('applied');
  });

  test('an apply that only continues itself is a defect', async () => {
    const { syncId } = await planned(PLAIN);
    const message = { type: 'apply', districtId: DISTRICT, syncId, hop: 200, attempt: 0 } as const;
    await expect(applySync(world.ports, message, 'w', PLENTY)).rejects.toThrow('too often');
    expect(world.writes).toEqual([]);
  });
});

describe('workers that die or wake up late', () => {
  test('killed at any write, the next one ends with the same table', async () => {
    const expected = await undisturbed(MANY);
    const { syncId: whole } = await planned(MANY);
    await world.apply(whole);
    const writes = world.writes.length;
    for (let nth = 1; nth <= writes; nth++) {
      world = await FlowWorld.open();
      const { syncId } = await planned(MANY);
      const { roster } = world.ports;
      const { writeChanges } = roster;
      const end = world.writes.length + nth;
      (roster as { writeChanges: typeof writeChanges }).writeChanges = async (...args) => {
        const written = await writeChanges(...args);
        if (world.writes.length >= end) throw new Error('killed');
        return written;
      };
      await expect(world.apply(syncId)).rejects.toThrow('killed');
      (roster as { writeChanges: typeof writeChanges }).writeChanges = writeChanges;
      world.clock.advanceSeconds(LEASE_SECONDS);
      expect(await world.apply(syncId)).toBe('applied');
      expect(image()).toEqual(expected);
      expect(await current()).toMatchObject({ state: 'applied', recordsWritten: RECORDS });
    }
  });

  test('killed before or after the last save: applied once, and the next delivery starts', async () => {
    for (const when of ['before', 'after'] as const) {
      world = await FlowWorld.open();
      const { syncId } = await planned(PLAIN);
      const { save } = world.log;
      world.log.save = async (lease, sync, from, state) => {
        if (sync.state === 'applied' && when === 'before') throw new Error('killed');
        const saved = await save(lease, sync, from, state);
        if (sync.state === 'applied') throw new Error('killed');
        return saved;
      };
      await expect(world.apply(syncId)).rejects.toThrow('killed');
      world.log.save = save;
      world.clock.advanceSeconds(LEASE_SECONDS);
      expect(await world.apply(syncId)).toBe(when === 'before' ? 'applied' : 'already-done');
      expect(await world.log.state(DISTRICT)).toMatchObject({ applyingSyncId: null, lastApplied: { syncId } });
    }
  });

  test('a zombie that wakes up after another worker took over is fenced, and changes nothing', async () => {
    const { syncId } = await planned(MANY);
    const { roster } = world.ports;
    const { writeChanges } = roster;
    let slept = false;
    (roster as { writeChanges: typeof writeChanges }).writeChanges = async (...args) => {
      if (!slept) {
        slept = true;
        world.clock.advanceSeconds(LEASE_SECONDS);
        expect(await world.apply(syncId)).toBe('applied');
        // A newer sync, in which a student is gone and another is called otherwise.
        const next = await planned(without(MANY, 'user', 's1'));
        expect(await world.apply(next.syncId)).toBe('applied');
      }
      return writeChanges(...args);
    };
    const zombie = await world.apply(syncId);
    expect(zombie).toBe('stale');
    expect(world.users()['s1']).toBe('inactive Ann');
    expect((await world.states()).syncs).toEqual(['applied', 'applied']);
  });

  test('a zombie that wakes up at the proof does not judge a table that others have changed since', async () => {
    const { syncId: whole } = await planned(MANY);
    await world.apply(whole);
    const all = world.writes.length;
    world = await FlowWorld.open();
    const { syncId } = await planned(MANY);
    // The first worker writes everything, and leaves the proof to the next.
    expect(await world.apply(syncId, () => (world.writes.length >= all ? 59_999 : 60_000))).toBe('continued');
    expect(world.writes).toHaveLength(all);
    const { save } = world.log;
    world.log.save = async (...args) => {
      world.log.save = save;
      const saved = await save(...args);
      world.clock.advanceSeconds(LEASE_SECONDS);
      expect(await world.apply(syncId)).toBe('applied');
      const next = await planned(without(MANY, 'user', 's1'));
      expect(await world.apply(next.syncId)).toBe('applied');
      return saved;
    };
    expect(await world.apply(syncId)).toBe('stale');
    expect((await world.states()).syncs).toEqual(['applied', 'applied']);
  });
});
