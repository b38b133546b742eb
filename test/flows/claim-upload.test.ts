import { considerSet } from '../../lib/flows/consider-set.ts';
import { ServiceBusy } from '../../lib/ports/failure.ts';
import { inMode, PLAIN } from '../support/plain-delivery.ts';
import { filesOf } from '../support/small-delivery.ts';
import { asZip, calling, deltaOf } from './exports.ts';
import { DISTRICT, FlowWorld, QUIET_SECONDS, zipOf } from './flow-world.ts';

let world: FlowWorld;
beforeEach(async () => {
  world = await FlowWorld.open();
});

/** The files of PLAIN without demographics, whose rows nobody asked for. */
const FILES = filesOf(inMode(PLAIN, 'absent', 'demographics'));
const NAMES = Object.keys(FILES);
const { 'manifest.csv': _manifest, ...WITHOUT_MANIFEST } = FILES;

const landingIsEmpty = async (...keys: readonly string[]) =>
  expect(await Promise.all(keys.map((key) => world.objects.head(key)))).toEqual(keys.map(() => null));

describe('a zip', () => {
  test('is whole when its directory and its entries are: received, and gone from the landing bucket', async () => {
    const object = world.put('export.zip', await asZip(PLAIN));
    expect(await world.claim(object)).toBe('received');
    await landingIsEmpty(object.key);
    expect(await world.deliveries()).toMatchObject([
      { state: 'received', packaging: 'zip', folder: '', hasDelta: false },
    ]);
    expect(world.queues.plans).toMatchObject([{ message: { districtId: DISTRICT } }]);
    expect(world.objects.archivedKeys()).toEqual([
      expect.stringMatching(/^deliveries\/maple-unified\/d-.*\/export\.zip$/),
    ]);
  });

  test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['cut at its end', (bytes) => bytes.subarray(0, -1)],
    ['cut in the middle', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['that is no zip at all', () => new TextEncoder().encode('sourcedId\n')],
  ])('%s is incomplete, and no plan is asked for (R16)', async (_name, damage) => {
    const object = world.put('export.zip', damage(await asZip(PLAIN)));
    expect(await world.claim(object)).toBe('incomplete');
    await landingIsEmpty(object.key);
    expect((await world.states()).deliveries).toEqual(['incomplete']);
    expect(world.queues.plans).toEqual([]);
  });

  test('the same event twice is one delivery', async () => {
    const object = world.put('export.zip', await asZip(PLAIN));
    expect(await world.claim(object)).toBe('received');
    expect(await world.claim(object)).toBe('not-current');
    expect(await world.deliveries()).toHaveLength(1);
  });

  test('replaced during the quiet time: only the newer version is claimed', async () => {
    const [older] = await world.send({ 'export.zip': await asZip(calling('Ann')) });
    world.clock.advanceSeconds(QUIET_SECONDS - 1);
    await world.send({ 'export.zip': await asZip(calling('Bea')) });
    expect(await world.claim(older!)).toBe('not-current');
    expect(await world.run()).toEqual(['not-current', 'received', 'applying', 'applied']);
    expect(world.users()['student']).toBe('active Bea');
  });

  test('replaced between the copy and the delete: the newer upload stays for its own event (R15)', async () => {
    const zip = await asZip(calling('Bea'));
    const object = world.put('export.zip', await asZip(calling('Ann')));
    const { create } = world.ledger;
    let newer = object;
    world.ledger.create = (delivery, files) => {
      newer = world.put('export.zip', zip);
      world.ledger.create = create;
      return create(delivery, files);
    };
    expect(await world.claim(object)).toBe('received');
    expect(await world.objects.head(object.key)).toEqual(newer);
    world.clock.advanceSeconds(1);
    expect(await world.claim(newer)).toBe('received');
    expect(await world.deliveries()).toHaveLength(2);
  });

  test('sent again tomorrow it is a new delivery', async () => {
    await world.claim(world.put('export.zip', await asZip(PLAIN)));
    world.clock.advanceSeconds(86_400);
    expect(await world.claim(world.put('export.zip', await asZip(PLAIN)))).toBe('received');
    expect(await world.deliveries()).toHaveLength(2);
  });
});

describe('a claim that crashes is repeated, and ends as one delivery', () => {
  /** The next call of a method does its work, but nobody hears of it: the worker is gone. */
  function dieAfter<K extends string>(target: Record<K, (...args: never[]) => Promise<unknown>>, method: K): void {
    const original = target[method];
    target[method] = (async (...args: never[]) => {
      target[method] = original;
      await original.apply(target, args);
      throw new Error('killed');
    }) as typeof original;
  }

  test.each<[string, () => void]>([
    ['between copy and ledger', () => dieAfter(world.objects as never, 'copyToArchive')],
    ['between ledger and delete', () => dieAfter(world.ledger as never, 'create')],
    ['between delete and message', () => dieAfter(world.objects as never, 'remove')],
    ['after the message', () => dieAfter(world.queues as never, 'sendPlan')],
  ])('a zip, %s', async (_name, arm) => {
    const object = world.put('export.zip', await asZip(PLAIN));
    arm();
    await expect(world.claim(object)).rejects.toThrow('killed');
    await world.claim(object);
    await landingIsEmpty(object.key);
    expect(world.queues.plans.length).toBeGreaterThan(0);
    expect(await world.run()).toEqual(expect.arrayContaining(['applied']));
    expect(await world.states()).toEqual({ deliveries: ['planned'], syncs: ['applied'] });
    expect(world.objects.archivedKeys().filter((key) => key.startsWith('deliveries/'))).toHaveLength(1);
  });

  test.each<[string, () => void]>([
    ['between opening the set and the copy', () => dieAfter(world.ledger as never, 'openSet')],
    ['between copy and ledger', () => dieAfter(world.objects as never, 'copyToArchive')],
    ['between ledger and delete', () => dieAfter(world.ledger as never, 'addFile')],
    ['between delete and the look at the set', () => dieAfter(world.objects as never, 'remove')],
    ['between seal and message', () => dieAfter(world.ledger as never, 'seal')],
    ['after the message', () => dieAfter(world.queues as never, 'sendPlan')],
  ])('the last loose file, %s', async (_name, arm) => {
    const objects = NAMES.map((name) => world.put(name, FILES[name]!));
    for (const object of objects.slice(1)) expect(await world.claim(object)).toBe('set-open');
    arm();
    await expect(world.claim(objects[0]!)).rejects.toThrow('killed');
    await world.claim(objects[0]!);
    expect(world.queues.plans.length).toBeGreaterThan(0);
    expect(await world.run()).toEqual(expect.arrayContaining(['applied']));
    expect(await world.states()).toEqual({ deliveries: ['planned'], syncs: ['applied'] });
    await landingIsEmpty(...objects.map(({ key }) => key));
  });
});

describe('loose files', () => {
  const claimAll = async (files: Readonly<Record<string, string>>) => {
    const outcomes: string[] = [];
    for (const [path, text] of Object.entries(files)) outcomes.push(await world.claim(world.put(path, text)));
    return outcomes;
  };

  test('are whole when all that the manifest lists is there, in whatever order it comes', async () => {
    for (const first of NAMES) {
      world = await FlowWorld.open();
      const rest = NAMES.filter((name) => name !== first);
      const ordered = Object.fromEntries([...rest, first].map((name) => [name, FILES[name]!]));
      expect(await claimAll(ordered)).toEqual([...rest.map(() => 'set-open'), 'received']);
    }
    expect(await world.deliveries()).toMatchObject([{ packaging: 'files', state: 'received' }]);
  });

  test('a set that is looked at twice is sealed once, and both workers ask for a plan', async () => {
    const objects = NAMES.map((name) => world.put(name, FILES[name]!));
    for (const object of objects.slice(1)) await world.claim(object);
    const { seal } = world.ledger;
    const sealed: string[] = [];
    world.ledger.seal = async (delivery, looked) => {
      world.ledger.seal = seal;
      const { districtId, folder, deliveryId } = delivery;
      await considerSet(world.ports, { type: 'consider-set', districtId, folder, deliveryId });
      sealed.push(await seal(delivery, looked));
      return 'already';
    };
    expect(await world.claim(objects[0]!)).toBe('received');
    expect(sealed).toHaveLength(1);
    expect(world.queues.plans).toHaveLength(2);
    expect(await world.ledger.waiting(DISTRICT)).toHaveLength(1);
    expect(await world.ledger.openSets(DISTRICT)).toEqual([]);
    expect(await world.run()).toEqual(['applying', 'busy', 'applied', 'nothing-waits']);
  });

  test('a later version of a name replaces the earlier one while the set is open', async () => {
    const { 'users.csv': users, ...others } = FILES;
    await world.claim(world.put('users.csv', users!.replaceAll('Ann', 'Old')));
    world.clock.advanceSeconds(60);
    await claimAll({ 'users.csv': users!, ...others });
    await world.run();
    expect(world.users()['student']).toBe('active Ann');
  });

  test('a file of the next export, claimed after the set is sealed, opens the next set', async () => {
    await claimAll(FILES);
    world.clock.advanceSeconds(60);
    expect(await world.claim(world.put('users.csv', FILES['users.csv']!))).toBe('set-open');
    expect((await world.states()).deliveries).toEqual(['received', 'receiving']);
    world.queues.uploads.splice(0);
    expect(await world.run()).toEqual(['applying', 'applied']);
    expect((await world.states()).deliveries).toEqual(['planned', 'receiving']);
  });

  test('a set that is sealed while a file is on its way into it: the file opens the next set', async () => {
    const objects = NAMES.map((name) => world.put(name, FILES[name]!));
    for (const object of objects.slice(1)) await world.claim(object);
    const { addFile } = world.ledger;
    const other = world.put('other.csv', 'sourcedId\n');
    world.ledger.addFile = async (...args) => {
      world.ledger.addFile = addFile;
      expect(await world.claim(objects[0]!)).toBe('received');
      return addFile(...args);
    };
    expect(await world.claim(other)).toBe('set-open');
    const states = await world.deliveries();
    expect(states.map(({ state }) => state).sort()).toEqual(['received', 'receiving']);
    const next = states.find(({ state }) => state === 'receiving');
    expect(await world.ledger.files(DISTRICT, next?.deliveryId ?? '')).toMatchObject([{ name: 'other.csv' }]);
    await landingIsEmpty(other.key);
  });

  test('a file that is replaced while its set is looked at: nobody seals the set with the older one (R16)', async () => {
    const [last = '', ...others] = NAMES;
    for (const name of others) await world.claim(world.put(name, FILES[name]!));
    const { seal } = world.ledger;
    const users = FILES['users.csv']!;
    world.ledger.seal = async (delivery, looked) => {
      world.ledger.seal = seal;
      world.clock.advanceSeconds(60);
      // Its own look finds the set whole, with the newer file.
      expect(await world.claim(world.put('users.csv', users.replaceAll('Ann', 'Newer')))).toBe('received');
      return seal(delivery, looked);
    };
    await world.claim(world.put(last, FILES[last]!));
    await world.run();
    expect(await world.deliveries()).toHaveLength(1);
    expect(world.users()['student']).toBe('active Newer');
  });

  test('a file that is replaced after it was looked at holds the seal back', async () => {
    const [last = '', ...others] = NAMES;
    for (const name of others) await world.claim(world.put(name, FILES[name]!));
    const { seal, addFile } = world.ledger;
    world.ledger.seal = async (delivery, looked) => {
      world.ledger.seal = seal;
      const [file] = looked.filter(({ name }) => name === 'users.csv');
      await addFile(DISTRICT, '', delivery.deliveryId, { ...file!, fileId: 'newer' });
      return seal(delivery, looked);
    };
    expect(await world.claim(world.put(last, FILES[last]!))).toBe('set-open');
    expect((await world.states()).deliveries).toEqual(['receiving']);
  });

  test('a file that comes after the set was looked at holds the seal back', async () => {
    // Without the manifest the set is whole to whoever looks now; with it, it may be a delta, or lack a file.
    for (const name of Object.keys(WITHOUT_MANIFEST)) await world.claim(world.put(name, FILES[name]!));
    const [delivery] = await world.deliveries();
    world.clock.advanceSeconds(10 * QUIET_SECONDS + 1);
    const { seal } = world.ledger;
    world.ledger.seal = async (sealed, looked) => {
      world.ledger.seal = seal;
      const [file] = looked;
      const manifest = { ...file!, name: 'manifest.csv', fileId: 'manifest' };
      expect(await world.ledger.addFile(DISTRICT, '', sealed.deliveryId, manifest)).toBe('added');
      return seal(sealed, looked);
    };
    const message = {
      type: 'consider-set',
      districtId: DISTRICT,
      folder: '',
      deliveryId: delivery!.deliveryId,
    } as const;
    expect(await considerSet(world.ports, message)).toBe('set-open');
    expect((await world.states()).deliveries).toEqual(['receiving']);
  });

  test.each(['addFile', 'claimedBy', 'openSet'] as const)(
    'a worker that slept before %s until its file was replaced and its set sealed puts it into no set of another day (R16)',
    async (call) => {
      const file = 'users.csv';
      const [old, ...others] = [file, ...NAMES.filter((name) => name !== file)].map((name) =>
        world.put(name, FILES[name]!),
      );
      const awake = { ...world.ledger };
      Object.assign(world.ledger, {
        [call]: async (...args: never[]) => {
          Object.assign(world.ledger, awake);
          world.clock.advanceSeconds(QUIET_SECONDS);
          await world.claim(world.put(file, FILES[file]!));
          for (const object of others) await world.claim(object);
          expect((await world.states()).deliveries).toEqual(['received']);
          return (awake[call] as (...given: never[]) => Promise<unknown>)(...args);
        },
      });
      expect(await world.claim(old!)).toBe(call === 'addFile' ? 'not-current' : 'set-open');
      const open = await world.ledger.openSets(DISTRICT);
      for (const { deliveryId } of open) expect(await world.ledger.files(DISTRICT, deliveryId)).toEqual([]);
      expect(open).toHaveLength(call === 'addFile' ? 0 : 1);
    },
  );

  test('an export does not join a set that a worker of hours ago left empty, which would end in its midst', async () => {
    const { deliveryId } = await world.ledger.openSet(DISTRICT, '', 'd-empty', world.clock.now().toISOString());
    world.clock.advanceSeconds(6 * 3600 - 30);
    const [last = '', ...others] = NAMES;
    for (const name of others) expect(await world.claim(world.put(name, FILES[name]!))).toBe('set-open');
    world.clock.advanceSeconds(60);
    expect(await world.claim(world.put(last, FILES[last]!))).toBe('received');
    const states = new Map((await world.deliveries()).map((each) => [each.deliveryId, each.state]));
    expect(states.get(deliveryId)).toBe('superseded');
    expect([...states.values()].sort()).toEqual(['received', 'superseded']);
  });

  test('a worker that was about to add its file when its set was put aside as empty opens another', async () => {
    const { addFile } = world.ledger;
    world.ledger.addFile = async (...args) => {
      world.ledger.addFile = addFile;
      world.clock.advanceSeconds(3600);
      await world.claim(world.put('orgs.csv', FILES['orgs.csv']!));
      return addFile(...args);
    };
    expect(await world.claim(world.put('users.csv', FILES['users.csv']!))).toBe('set-open');
    const [open] = await world.ledger.openSets(DISTRICT);
    const files = await world.ledger.files(DISTRICT, open!.deliveryId);
    expect(files.map(({ name }) => name).sort()).toEqual(['orgs.csv', 'users.csv']);
  });

  describe('at the end of their time (R16)', () => {
    const HOURS = 6;
    const consider = async () => {
      const [open] = await world.ledger.openSets(DISTRICT);
      const { folder, deliveryId } = open ?? { folder: '', deliveryId: 'none' };
      return considerSet(world.ports, { type: 'consider-set', districtId: DISTRICT, folder, deliveryId });
    };

    test('a set that lacks a file is incomplete, not a moment earlier', async () => {
      const { 'users.csv': _, ...some } = FILES;
      await claimAll(some);
      world.clock.advanceSeconds(HOURS * 3600);
      expect(await consider()).toBe('set-open');
      world.clock.advanceSeconds(1);
      expect(await consider()).toBe('incomplete');
      expect((await world.states()).deliveries).toEqual(['incomplete']);
      expect(await consider()).toBe('not-current');
    });

    test('so is a set that nobody put a file into', async () => {
      await world.ledger.openSet(DISTRICT, '', 'd-empty', world.clock.now().toISOString());
      world.clock.advanceSeconds(HOURS * 3600 + 1);
      expect(await consider()).toBe('incomplete');
    });

    test('a set that cannot be looked at stands in the way no longer than that', async () => {
      await claimAll({ 'users.csv': FILES['users.csv']! });
      const reader = { open: () => Promise.reject(new Error('an archived object is missing')) };
      const broken = { ...world.ports, reader };
      const [set] = await world.ledger.openSets(DISTRICT);
      const message = { type: 'consider-set', districtId: DISTRICT, folder: '', deliveryId: set!.deliveryId } as const;
      await expect(considerSet(broken, message)).rejects.toThrow('missing');
      world.clock.advanceSeconds(HOURS * 3600 + 1);
      const busy = { ...world.ports, reader: { open: () => Promise.reject(new ServiceBusy('throttled')) } };
      await expect(considerSet(busy, message)).rejects.toThrow('throttled');
      expect(await considerSet(broken, message)).toBe('incomplete');
    });

    test('a set whose look kills its workers is ended without one, hours later', async () => {
      await claimAll({ 'users.csv': FILES['users.csv']! });
      const never = { ...world.ports, reader: { open: () => new Promise<never>(() => {}) } };
      const [set] = await world.ledger.openSets(DISTRICT);
      const message = { type: 'consider-set', districtId: DISTRICT, folder: '', deliveryId: set!.deliveryId } as const;
      world.clock.advanceSeconds((HOURS + 6) * 3600 + 1);
      expect(await considerSet(never, message)).toBe('incomplete');
    });

    test('a set that is whole, and whose last worker ended before it saw that, is received', async () => {
      const { seal } = world.ledger;
      world.ledger.seal = () => Promise.reject(new Error('the worker ended'));
      await expect(claimAll(FILES)).rejects.toThrow('the worker ended');
      world.ledger.seal = seal;
      world.clock.advanceSeconds(HOURS * 3600 + 1);
      expect(await consider()).toBe('received');
      expect((await world.states()).deliveries).toEqual(['received']);
      expect(world.queues.plans).toHaveLength(1);
    });
  });

  test('a claimed file that still lay there holds the next set back only until it is removed (R15)', async () => {
    const first = Object.entries(filesOf(PLAIN)).map(([name, text]) => world.put(name, text));
    const lying = first.find(({ key }) => key.endsWith('/demographics.csv'))!;
    const remove = world.objects.remove.bind(world.objects);
    world.objects.remove = () => Promise.reject(new Error('the worker ended'));
    await expect(world.claim(lying)).rejects.toThrow('the worker ended');
    world.objects.remove = remove;
    for (const object of first.filter((each) => each !== lying)) await world.claim(object);
    expect((await world.states()).deliveries).toEqual(['received']);
    world.clock.advanceSeconds(600);
    // Whole without demographics.csv, which the manifest calls absent: but one lies there and may be its.
    expect((await claimAll(FILES)).at(-1)).toBe('set-open');
    await world.claim(lying);
    await landingIsEmpty(lying.key);
    expect((await world.states()).deliveries).toEqual(['received', 'received']);
  });

  test('each folder has its own set', async () => {
    const [users, ...others] = Object.entries(FILES);
    await claimAll({ [`a/${users![0]}`]: users![1], ...Object.fromEntries(others.map(([n, t]) => [`b/${n}`, t])) });
    expect((await world.states()).deliveries).toEqual(['receiving', 'receiving']);
  });

  test('without a manifest they wait ten quiet times after the last file', async () => {
    const outcomes = await claimAll(WITHOUT_MANIFEST);
    expect(outcomes.every((outcome) => outcome === 'set-open')).toBe(true);
    const opened = world.clock.now().getTime();
    expect(await world.run()).toEqual(expect.arrayContaining(['received', 'applied']));
    expect(world.clock.now().getTime() - opened).toBe(QUIET_SECONDS * 10 * 1000);
  });

  test('without a manifest, a file that the last delivery had is waited for', async () => {
    await world.send({ 'day-1.zip': await asZip(PLAIN) });
    await world.run();
    await claimAll(WITHOUT_MANIFEST);
    expect((await world.run()).at(-1)).toBe('set-open');
    expect((await world.states()).deliveries).toEqual(['planned', 'receiving']);
    await world.send({ 'demographics.csv': filesOf(PLAIN)['demographics.csv']! });
    expect(await world.run()).toEqual(expect.arrayContaining(['received', 'unchanged']));
  });
});

test('a zip with a delta file says so', async () => {
  await world.claim(world.put('export.zip', await asZip(deltaOf(PLAIN))));
  expect(await world.deliveries()).toMatchObject([{ hasDelta: true }]);
});

test('a district that was taken away meanwhile: nothing is claimed', async () => {
  const bytes = await zipOf(FILES);
  const object = world.objects.upload('home/oak-hill/export.zip', bytes);
  expect(await world.claim(object)).toBe('unknown-district');
  expect(await world.objects.head(object.key)).toEqual(object);
});

describe('R16: a zip is whole when the checksum of every entry is', () => {
  test('one damaged byte in the data of an entry is seen when it is received', async () => {
    const bytes = await asZip(PLAIN);
    const damaged = Uint8Array.from(bytes);
    // Past the header of the first entry, well before the directory.
    damaged[120] = damaged[120]! ^ 0xff;
    expect(await world.claim(world.put('export.zip', damaged))).toBe('incomplete');
    expect((await world.states()).deliveries).toEqual(['incomplete']);
  });

  test('a zip that is refused for what it holds is whole: its plan says why', async () => {
    const narrow = await FlowWorld.open({ zip: { maxEntries: 3, maxExpandedBytes: 8 * 1024 ** 3, maxRatio: 200 } });
    expect(await narrow.claim(narrow.put('export.zip', await asZip(PLAIN)))).toBe('received');
    expect(await narrow.run()).toEqual(['rejected']);
  });
});
