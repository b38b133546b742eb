import { closeStaleSet } from '../../../lib/flows/close-stale-set.ts';
import { watchDistricts } from '../../../lib/flows/watch-districts.ts';
import { CEDAR, MAPLE, SCHOOL_NIGHTS, WatchWorld } from './watch-world.ts';

let world: WatchWorld;
beforeEach(async () => {
  world = new WatchWorld();
  await world.district(MAPLE);
});

describe('R16: what never became whole', () => {
  test('an open set is looked at again at each watch: who does that ends it', async () => {
    await world.district(CEDAR);
    const [first, dry, other] = [
      await world.openSet(MAPLE),
      await world.openSet(MAPLE, 'test'),
      await world.openSet(CEDAR),
    ];
    for (const _ of [1, 2]) {
      expect(await world.watch()).toMatchObject({ openSets: 3 });
      const asked = world.queues.uploads.splice(0).map(({ message }) => message);
      expect(asked).toHaveLength(3);
      expect(asked).toEqual(
        expect.arrayContaining([
          { type: 'consider-set', districtId: MAPLE, folder: '', deliveryId: first },
          { type: 'consider-set', districtId: MAPLE, folder: 'test', deliveryId: dry },
          { type: 'consider-set', districtId: CEDAR, folder: '', deliveryId: other },
        ]),
      );
    }
  });

  test('is told once, a set as well as a zip, whoever found it so', async () => {
    const set = await world.openSet(MAPLE);
    const zip = await world.leaveWaiting(MAPLE, 'cut', { state: 'incomplete' });
    await world.deliver(MAPLE, 'whole');
    await world.watch();
    expect(world.told()).toEqual([`${MAPLE} rollcall.delivery.incomplete ${zip.deliveryId}`]);
    expect(await closeStaleSet(world.ports, MAPLE, set)).toBe('closed');
    const later = { now: () => new Date(world.clock.now().getTime() + 1) };
    await Promise.all([world.watch(), world.watch({ ...world.ports, clock: later })]);
    await world.watch();
    expect(world.told()).toEqual([`${MAPLE} rollcall.delivery.incomplete ${set}`]);
  });
});

test('R16: nobody is told of a set into which no file ever came', async () => {
  const { ledger } = world.ports;
  const { deliveryId } = await ledger.openSet(MAPLE, '', 'd-empty', world.clock.now().toISOString());
  await world.watch();
  expect(await closeStaleSet(world.ports, MAPLE, deliveryId)).toBe('closed');
  await world.watch();
  expect(world.told()).toEqual([]);
});

describe('R16: an open set that many deliveries are newer than', () => {
  test('is told when it is given up, once, although it is far down the list by then', async () => {
    const set = await world.openSet(MAPLE);
    await world.watch();
    for (let number = 0; number < 70; number++) {
      world.wait(5);
      await world.deliver(MAPLE, `whole ${number}`);
      await world.watch();
    }
    expect(await closeStaleSet(world.ports, MAPLE, set)).toBe('closed');
    world.told();
    await world.watch();
    await world.watch();
    expect(world.told()).toEqual([`${MAPLE} rollcall.delivery.incomplete ${set}`]);
    expect((await world.ports.watchLog.read(MAPLE)).memory).toMatchObject({ openSetIds: [], incompleteIds: [] });
  });

  test('is told of nothing where it became whole', async () => {
    const set = await world.openSet(MAPLE);
    await world.watch();
    const [files, open] = [await world.ports.ledger.files(MAPLE, set), await world.ports.ledger.get(MAPLE, set)];
    await world.ports.ledger.seal({ ...open!, state: 'received', receivedAt: open!.openedAt, order: '1' }, files);
    await world.watch();
    expect(world.told()).toEqual([]);
  });

  test('the memory stays small, however many folders are open', async () => {
    for (let number = 0; number < 300; number++) await world.openSet(MAPLE, `folder-${number}`);
    await world.watch();
    expect(JSON.stringify((await world.ports.watchLog.read(MAPLE)).memory).length).toBeLessThan(4_000);
  });
});

describe('R15: a delta whose base was not taken', () => {
  const DELTA = { hasDelta: true, bulkFiles: [], deltaFiles: ['users'] } as const;
  const BLOCKED = `${MAPLE} rollcall.delivery.blocked`;
  const plans = () => world.queues.plans.splice(0).map(({ message }) => message.districtId);
  let base: string;

  /** A zip that was cut, and a delta behind it. */
  beforeEach(async () => {
    base = (await world.leaveWaiting(MAPLE, 'cut', { state: 'incomplete' })).deliveryId;
    world.wait(1);
  });

  test('is told once, with what it waits for, and never as stuck', async () => {
    const { deliveryId } = await world.leaveWaiting(MAPLE, '', DELTA);
    await world.watch();
    expect(world.events.emitted).toContainEqual({
      ...{ type: 'rollcall.delivery.blocked', districtId: MAPLE, deliveryId, blockedBy: [base] },
    });
    world.told();
    world.wait(60);
    await world.watch();
    expect([world.told(), plans()]).toEqual([[], []]);
  });

  test('and one behind it is told too, by the same that it all waits for', async () => {
    const first = await world.leaveWaiting(MAPLE, '', DELTA);
    await world.watch();
    world.told();
    world.wait(24 * 60);
    const second = await world.leaveWaiting(MAPLE, '', DELTA);
    await world.watch();
    expect(world.events.emitted).toMatchObject([{ deliveryId: second.deliveryId, blockedBy: [base] }]);
    expect((await world.ports.watchLog.read(MAPLE)).memory.blockedIds).toEqual([first.deliveryId, second.deliveryId]);
  });

  test('hides nothing that is really stuck behind it, and waits for that to be told', async () => {
    const { deliveryId } = await world.leaveWaiting(MAPLE, '', DELTA);
    world.wait(1);
    const bulk = await world.leaveWaiting(MAPLE);
    world.wait(10);
    await world.watch();
    expect(plans()).toEqual([MAPLE]);
    const told = world.told();
    expect(told).toContain(`${MAPLE} rollcall.delivery.resumed ${bulk.deliveryId}`);
    expect(told.join()).not.toContain(deliveryId);
  });

  test('is told of nothing while an apply may free it, nor while the district is suspended', async () => {
    const { deliveryId } = await world.leaveWaiting(MAPLE, '', DELTA);
    world.setState(MAPLE, { applyingSyncId: 's-1' });
    await world.watch();
    world.setState(MAPLE, { applyingSyncId: null });
    await world.district(MAPLE, { suspended: true });
    await world.watch();
    expect(world.told().filter((line) => line.startsWith(BLOCKED))).toEqual([]);
    await world.district(MAPLE);
    await world.watch();
    expect(world.told()).toEqual([`${BLOCKED} ${deliveryId}`]);
  });

  test('a dry run is not blocked', async () => {
    await world.leaveWaiting(MAPLE, '', { ...DELTA, folder: 'test' });
    await world.watch();
    expect(world.told().filter((line) => line.startsWith(BLOCKED))).toEqual([]);
  });

  test('of very many each is told once, and the memory stays small', async () => {
    for (let night = 0; night < 120; night++) {
      world.wait(24 * 60);
      await world.leaveWaiting(MAPLE, '', DELTA);
      await world.watch();
    }
    const told = world.told().filter((line) => line.startsWith(BLOCKED));
    expect([told.length, new Set(told).size]).toEqual([120, 120]);
    expect(JSON.stringify((await world.ports.watchLog.read(MAPLE)).memory).length).toBeLessThan(4_000);
  });
});

describe('R15: stuck work', () => {
  const applies = () => world.queues.applies.splice(0).map(({ message }) => message.syncId);
  const plans = () => world.queues.plans.splice(0).map(({ message }) => message.districtId);

  test('an apply that nobody goes on with is started again, until it is done; told once', async () => {
    world.setState(MAPLE, { applyingSyncId: 's-1' });
    await world.watch();
    world.wait(15);
    await world.watch();
    expect(applies()).toEqual(['s-1', 's-1']);
    expect(world.told()).toEqual([`${MAPLE} rollcall.sync.resumed s-1`]);
    world.setState(MAPLE, { applyingSyncId: null });
    await world.watch();
    expect([...applies(), ...plans()]).toEqual([]);
    world.setState(MAPLE, { applyingSyncId: 's-1' });
    await world.watch();
    expect(world.told()).toEqual([`${MAPLE} rollcall.sync.resumed s-1`]);
  });

  test('a live worker is left alone, and so is an apply that is on its way to the next; a dead one is followed', async () => {
    world.setState(MAPLE, { applyingSyncId: 's-1' });
    const lease = await world.ports.leases.take(MAPLE, 'worker', 3600);
    if (lease === null) throw new Error('the lease is not free');
    world.wait(15);
    await world.watch();
    await world.ports.leases.handOver(lease, 'sync:s-1', 1800);
    world.wait(15);
    await world.watch();
    expect(applies()).toEqual([]);
    world.wait(15);
    await world.watch();
    expect(applies()).toEqual(['s-1']);
  });

  test('a delivery that waits is planned; one that has only just come has its own message', async () => {
    const { deliveryId } = await world.leaveWaiting(MAPLE);
    world.wait(4);
    await world.watch();
    expect(plans()).toEqual([]);
    world.wait(1);
    await world.watch();
    expect(plans()).toEqual([MAPLE]);
    expect(world.told()).toEqual([`${MAPLE} rollcall.delivery.resumed ${deliveryId}`]);
  });

  test('a delivery that waits behind a live worker is left alone', async () => {
    await world.leaveWaiting(MAPLE);
    world.wait(5);
    await world.ports.leases.take(MAPLE, 'worker', 60);
    await world.watch();
    expect([plans(), world.told()]).toEqual([[], []]);
  });

  test('where nothing is to do, nothing is sent', async () => {
    await world.deliver(MAPLE);
    world.wait(60);
    await world.watch();
    expect([...plans(), ...applies(), ...world.told()]).toEqual([]);
  });
});

describe('R11: a held plan', () => {
  const HELD = `${MAPLE} rollcall.sync.held`;

  test('is raised again every day that it waits, with its codes, once a day', async () => {
    world.hold(MAPLE, 's-1');
    await world.watchUntil('2026-11-23T16:45:00Z');
    expect(world.told()).toEqual([]);
    await world.watchUntil('2026-11-23T17:00:00Z');
    expect(world.events.emitted).toEqual([
      {
        type: 'rollcall.sync.held',
        districtId: MAPLE,
        syncId: 's-1',
        codes: ['removals', 'row-drop'],
        waitingDays: 1,
        changes: {},
        findings: { error: 0, warning: 0, info: 0 },
      },
    ]);
    world.told();
    await world.watchUntil('2026-11-26T16:59:00Z');
    expect(world.told()).toEqual([`${HELD} s-1`, `${HELD} s-1`]);
  });

  test('is not raised once it is decided, and forgotten then', async () => {
    world.hold(MAPLE, 's-1');
    world.wait(60);
    world.hold(MAPLE, 's-2');
    await world.watchUntil('2026-11-23T18:00:00Z');
    expect(world.told()).toEqual([`${HELD} s-1`, `${HELD} s-2`]);
    world.setState(MAPLE, { heldSyncIds: ['s-2'] });
    await world.watchUntil('2026-11-24T18:00:00Z');
    expect(world.told()).toEqual([`${HELD} s-2`]);
    expect((await world.ports.watchLog.read(MAPLE)).memory.heldDays).toEqual({ 's-2': 2 });
  });

  test('after days without a watch it is raised once', async () => {
    world.hold(MAPLE, 's-1');
    world.wait(3 * 24 * 60);
    await world.watch();
    await world.watch();
    expect(world.told()).toEqual([`${HELD} s-1`]);
  });

  test('a state that was written before held syncs were listed holds none', async () => {
    world.store.states.set(MAPLE, { applyingSyncId: null, lastApplied: null, syncPaused: false } as never);
    expect(await world.watch()).toMatchObject({ told: 0, failures: [] });
  });
});

describe('the same bytes', () => {
  const SAME = `${MAPLE} rollcall.delivery.same-bytes`;
  /** One delivery a night for so many nights, each followed by a watch. */
  async function nights(count: number, bytes?: string): Promise<void> {
    for (let night = 0; night < count; night++) {
      world.wait(24 * 60);
      await world.deliver(MAPLE, bytes);
      await world.watch();
    }
  }

  test('are told on the seventh day running, and again seven days later', async () => {
    await nights(6, 'same');
    expect(world.told()).toEqual([]);
    await nights(1, 'same');
    expect(world.events.emitted).toMatchObject([{ days: 7 }]);
    world.told();
    await nights(6, 'same');
    expect(world.told()).toEqual([]);
    await nights(1, 'same');
    expect(world.events.emitted).toMatchObject([{ days: 14 }]);
  });

  test('are counted by days, not by deliveries, and from anew after others', async () => {
    for (let time = 0; time < 20; time++) {
      world.wait(60);
      await world.deliver(MAPLE, 'same');
      await world.watch();
    }
    await nights(4, 'same');
    await nights(1, 'others');
    await nights(6, 'same');
    expect(world.told()).toEqual([]);
    await nights(1, 'same');
    expect(world.told()).toHaveLength(1);
    expect(world.told()).toEqual([]);
  });

  test('have the number of days from the settings, and dry runs do not interrupt them', async () => {
    await world.district(MAPLE, { sameBytesDays: 3 });
    await nights(2, 'same');
    world.wait(1);
    await world.deliver(MAPLE, 'tried', { folder: 'test/new-template' });
    await nights(1, 'same');
    expect(world.told()).toEqual([`${SAME} d-${world.clock.now().toISOString()}`]);
  });

  test('a changing district is told nothing', async () => {
    await nights(20);
    expect(world.told()).toEqual([]);
  });
});

describe('a failure', () => {
  test('in one district does not stop the others, and is in the outcome', async () => {
    const broken = new Error('a row of the state table has no body');
    for (const district of [CEDAR, 'oak-grove', 'pine-ridge']) await world.district(district);
    for (const district of [MAPLE, CEDAR, 'oak-grove', 'pine-ridge'])
      world.setState(district, { applyingSyncId: 's-1' });
    const { watchLog } = world.ports;
    const read = (districtId: string) => (districtId === CEDAR ? Promise.reject(broken) : watchLog.read(districtId));
    const outcome = await watchDistricts({ ...world.ports, watchLog: { ...watchLog, read } }, 'w');
    expect(outcome).toMatchObject({ districts: 4, openSets: 0, told: 3 });
    // What it has told, and so whether it is late now: neither could be seen, for the one reason.
    expect(outcome.failures).toEqual([{ districtId: CEDAR, thrown: broken }]);
    expect([...outcome.gauges.keys()].sort()).toEqual([MAPLE, 'oak-grove', 'pine-ridge']);
    const resumed = world.queues.applies.map(({ message }) => message.districtId).toSorted();
    expect(resumed).toEqual([MAPLE, 'oak-grove', 'pine-ridge']);
  });

  test('of one look leaves the other looks at the same district', async () => {
    await world.district(MAPLE, { calendar: SCHOOL_NIGHTS });
    await world.watch();
    await world.openSet(MAPLE);
    world.setState(MAPLE, { applyingSyncId: 's-1' });
    world.goTo('2026-11-23T09:30:00Z');
    const gone = new Error('the queue is gone');
    const queues = { ...world.ports.queues, sendUploads: async () => {}, sendApply: () => Promise.reject(gone) };
    const outcome = await watchDistricts({ ...world.ports, queues } as never, 'w');
    expect(outcome).toMatchObject({ openSets: 1, told: 1, failures: [{ districtId: MAPLE, thrown: gone }] });
    expect(world.told().at(-1)).toBe(`${MAPLE} rollcall.sync.late 2026-11-23`);
  });

  test('more districts than are looked at side by side: each is looked at once', async () => {
    const ids = Array.from({ length: 30 }, (_, number) => `district-${number}`);
    for (const id of ids) {
      await world.district(id);
      world.setState(id, { applyingSyncId: 's-1' });
    }
    expect(await world.watch()).toMatchObject({ districts: 31, told: 30 });
    expect(world.queues.applies.map(({ message }) => message.districtId).toSorted()).toEqual(ids.toSorted());
  });
});
