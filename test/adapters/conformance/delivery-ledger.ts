import type { Delivery, DeliveryFile } from '../../../lib/core/sync/sync.ts';
import type { Lease } from '../../../lib/ports/ledger.ts';
import { newDistrict, type TableWorld } from './world.ts';

const AT = '2026-11-23T18:00:00.000Z';

const delivery = (districtId: string, deliveryId: string, more: Partial<Delivery> = {}): Delivery => ({
  districtId,
  deliveryId,
  state: 'received',
  folder: '',
  packaging: 'zip',
  order: `${AT}#${deliveryId}`,
  hasDelta: false,
  bulkFiles: [],
  deltaFiles: [],
  openedAt: AT,
  receivedAt: AT,
  syncId: null,
  ...more,
});

const file = (name: string, version: number, more: Partial<DeliveryFile> = {}): DeliveryFile => ({
  fileId: `v${version}`,
  name,
  key: `deliveries/x/y/v${version}/${name}`,
  bytes: 100 + version,
  eTag: `"${version}"`,
  lastModified: `2026-11-23T17:00:0${version}.000Z`,
  ...more,
});

/**
 * What the delivery ledger must do. A call made twice stands for a retry after a lost answer.
 * `lossy`: answers are lost below the adapter; then a file that was added may be reported as known.
 */
export function deliveryLedgerConformance(name: string, open: () => TableWorld, lossy = false): void {
  const ADDED = lossy ? expect.stringMatching(/^(?:added|known)$/) : 'added';
  let world: TableWorld;
  let district: string;
  beforeEach(() => {
    world = open();
    district = newDistrict();
  });
  const take = async (holder = 'w1', handedTo?: string) => world.leases.take(district, holder, 60, handedTo);
  const taken = async (holder = 'w1'): Promise<Lease> => {
    const lease = await take(holder);
    if (!lease) throw new Error('the lease is not free');
    return lease;
  };

  describe(`${name}: failed uploads (R16)`, () => {
    const ENDED = '2026-11-23T17:00:05.000Z';
    const failed = { folder: '', name: 'users.csv', eTag: '1', endedAt: ENDED };
    const users = file('users.csv', 1);
    const barred = async (each: DeliveryFile, folder = '') =>
      (await world.ledger.barredAmong(district, folder, [each])).length === 1;

    test.each<[string, Partial<DeliveryFile>, string, boolean]>([
      ['what it has left', {}, '', true],
      ['… with its tag without quotes', { eTag: '1' }, '', true],
      ['… found a minute after its end', { lastModified: '2026-11-23T17:01:05.000Z' }, '', true],
      ['the same tag, put later: another upload', { lastModified: '2026-11-23T17:01:06.000Z' }, '', false],
      ['another tag under that name', { eTag: '"2"' }, '', false],
      ['the same tag under another name', { name: 'orgs.csv' }, '', false],
      ['the same in another folder', {}, 'test', false],
    ])('%s', async (_name, more, folder, expected) => {
      await world.ledger.bar(district, failed);
      expect(await barred({ ...users, ...more }, folder)).toBe(expected);
    });

    test('of several files, those that failed, in their order', async () => {
      const files = ['users.csv', 'orgs.csv', 'classes.csv'].map((each) => file(each, 1));
      for (const each of ['classes.csv', 'users.csv', 'courses.csv'])
        await world.ledger.bar(district, { ...failed, name: each });
      expect(await world.ledger.barredAmong(district, '', files)).toEqual([files[0], files[2]]);
      expect(await world.ledger.barredAmong(district, '', [])).toEqual([]);
    });

    test('reported twice, in whatever order, the later end counts', async () => {
      const later = { ...failed, endedAt: '2026-11-23T17:10:00.000Z' };
      for (const each of [failed, later, failed]) await world.ledger.bar(district, each);
      expect(await barred({ ...users, lastModified: later.endedAt })).toBe(true);
    });

    test('that of another district is none of ours (R3)', async () => {
      await world.ledger.bar(newDistrict(), failed);
      expect(await barred(users)).toBe(false);
    });

    test('a path may be as long as S3 allows', async () => {
      const long = `${'x'.repeat(1000)}.csv`;
      await world.ledger.bar(district, { ...failed, name: long });
      expect(await barred({ ...users, name: long })).toBe(true);
    });
  });

  describe(`${name}: loose files`, () => {
    const openSet = (id = 'd-1', folder = '') => world.ledger.openSet(district, folder, id, AT);
    const add = (each: DeliveryFile, id = 'd-1', folder = '') => world.ledger.addFile(district, folder, id, each);
    const files = async (id = 'd-1') =>
      (await world.ledger.files(district, id)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const seal = async (
      state: 'received' | 'incomplete' = 'received',
      id = 'd-1',
      looked: readonly DeliveryFile[] | null = null,
    ) => world.ledger.seal(delivery(district, id, { packaging: 'files', state }), looked ?? (await files(id)));

    test('one set for each folder; whoever comes second joins it', async () => {
      expect(await openSet('d-1')).toEqual({ deliveryId: 'd-1', openedAt: AT });
      expect(await openSet('d-1')).toEqual({ deliveryId: 'd-1', openedAt: AT });
      expect(await openSet('d-2')).toEqual({ deliveryId: 'd-1', openedAt: AT });
      expect(await openSet('d-3', 'test')).toEqual({ deliveryId: 'd-3', openedAt: AT });
      expect((await world.ledger.openSets(district)).toSorted((a, b) => (a.folder < b.folder ? -1 : 1))).toEqual([
        { folder: '', deliveryId: 'd-1', openedAt: AT },
        { folder: 'test', deliveryId: 'd-3', openedAt: AT },
      ]);
      expect(await world.ledger.get(district, 'd-1')).toMatchObject({ state: 'receiving', folder: '', order: '' });
      expect(await world.ledger.get(district, 'd-2')).toBeNull();
      expect(await world.ledger.waiting(district)).toEqual([]);
    });

    test('two who open at once agree', async () => {
      const sets = await Promise.all([openSet('d-1'), openSet('d-2'), openSet('d-3')]);
      expect(new Set(sets.map(({ deliveryId }) => deliveryId)).size).toBe(1);
    });

    test('a file is added once; the later version of a name stays, in whatever order they come', async () => {
      await openSet();
      expect(await add(file('users.csv', 1))).toEqual(ADDED);
      expect(await add(file('users.csv', 1))).toBe('known');
      expect(await add(file('orgs.csv', 3))).toEqual(ADDED);
      expect(await add(file('users.csv', 2))).toEqual(ADDED);
      expect(await add(file('users.csv', 1))).toBe('known');
      expect(await files()).toEqual([file('orgs.csv', 3), file('users.csv', 2)]);
    });

    test('two versions of one second end the same way in either order', async () => {
      const lastModified = AT;
      const [a, b] = [file('users.csv', 1, { lastModified }), file('users.csv', 2, { lastModified })];
      const ends: (readonly DeliveryFile[])[] = [];
      for (const order of [
        [a, b],
        [b, a],
      ]) {
        district = newDistrict();
        await openSet();
        for (const each of order) await add(each);
        ends.push(await files());
      }
      expect(ends[0]).toHaveLength(1);
      expect(ends[0]).toEqual(ends[1]);
    });

    test('a sealed set takes no more files, and the next one gets its own', async () => {
      await openSet();
      await add(file('users.csv', 1));
      expect(await seal()).toBe('sealed');
      expect(await seal()).toBe('sealed');
      expect(await add(file('orgs.csv', 2))).toBe('closed');
      expect(await add(file('users.csv', 1))).toBe('known');
      expect(await openSet('d-2')).toEqual({ deliveryId: 'd-2', openedAt: AT });
      expect(await files()).toEqual([file('users.csv', 1)]);
      expect(await world.ledger.openSets(district)).toEqual([{ folder: '', deliveryId: 'd-2', openedAt: AT }]);
      expect((await world.ledger.waiting(district)).map(({ deliveryId }) => deliveryId)).toEqual(['d-1']);
    });

    test('R16: no file enters two sets', async () => {
      const [users, orgs] = [file('users.csv', 1), file('orgs.csv', 2)];
      await openSet('d-1');
      expect(await world.ledger.claimedBy(district, users.fileId)).toBeNull();
      await add(users);
      expect(await world.ledger.claimedBy(district, users.fileId)).toBe('d-1');
      expect(await world.ledger.claimedBy(newDistrict(), users.fileId)).toBeNull();
      await seal();
      await openSet('d-2');
      expect(await add(users, 'd-2')).toBe('elsewhere');
      expect(await add(orgs, 'd-2')).toEqual(ADDED);
      expect(await files('d-2')).toEqual([orgs]);
      expect(await world.ledger.claimedBy(district, users.fileId)).toBe('d-1');
    });

    test('a set in which a file was replaced since the worker looked is not sealed', async () => {
      const [old, now, orgs] = [file('users.csv', 1), file('users.csv', 2), file('orgs.csv', 3)];
      await openSet();
      for (const each of [old, orgs]) await add(each);
      const looked = await files();
      await add(now);
      expect(await seal('received', 'd-1', looked)).toBe('changed');
      expect(await world.ledger.get(district, 'd-1')).toMatchObject({ state: 'receiving' });
      expect(await seal('received', 'd-1', await files())).toBe('sealed');
      expect(await seal('received', 'd-1', await files())).toBe('sealed');
      expect(await files()).toEqual([orgs, now]);
    });

    test('a set to which a file was added since the worker looked is not sealed', async () => {
      const [users, orgs] = [file('users.csv', 1), file('orgs.csv', 3)];
      await openSet();
      expect(await add(users)).toEqual(ADDED);
      await add(orgs);
      expect(await seal('received', 'd-1', [])).toBe('changed');
      expect(await seal('received', 'd-1', [users])).toBe('changed');
      expect(await seal('incomplete', 'd-1', [orgs])).toBe('changed');
      expect(await world.ledger.get(district, 'd-1')).toMatchObject({ state: 'receiving' });
      expect(await world.ledger.openSets(district)).toHaveLength(1);
      expect(await seal('received', 'd-1', [orgs, users])).toBe('sealed');
      expect(await seal('received', 'd-1', [users])).toBe('sealed');
    });

    test('a set that is sealed as incomplete does not wait', async () => {
      await openSet();
      expect(await seal('incomplete')).toBe('sealed');
      expect(await world.ledger.waiting(district)).toEqual([]);
      expect(await seal('received')).toBe('already');
      expect(await world.ledger.get(district, 'd-1')).toMatchObject({ state: 'incomplete' });
    });

    test('opening with the id of a set that was sealed meanwhile opens nothing', async () => {
      await openSet();
      await seal();
      expect(await openSet('d-1')).toMatchObject({ deliveryId: 'd-1' });
      expect(await add(file('users.csv', 1))).toBe('closed');
      expect(await world.ledger.openSets(district)).toEqual([]);
    });

    test('a seal races with a file: one of them is told that the other was first', async () => {
      await openSet();
      const [added, sealed] = await Promise.all([add(file('users.csv', 1)), seal('received', 'd-1', [])]);
      expect([added, sealed]).toEqual(sealed === 'changed' ? [ADDED, 'changed'] : ['closed', 'sealed']);
      expect(await files()).toHaveLength(added === 'closed' ? 0 : 1);
    });

    test('of two who seal differently, one does', async () => {
      await openSet();
      expect([await seal('received'), await seal('incomplete')]).toEqual(['sealed', 'already']);
    });
  });

  describe(`${name}: deliveries`, () => {
    const create = (id: string, more: Partial<Delivery> = {}) =>
      world.ledger.create(delivery(district, id, more), [file('export.zip', 1)]);
    const waiting = async () => (await world.ledger.waiting(district)).map(({ deliveryId }) => deliveryId);

    test('a zip is created with its file, and waits', async () => {
      expect(await create('d-1')).toBe('created');
      expect(await create('d-1')).toBe('created');
      expect(await create('d-1', { receivedAt: '2026-11-24T00:00:00.000Z' })).toBe('already');
      expect(await world.ledger.get(district, 'd-1')).toEqual(delivery(district, 'd-1'));
      expect(await world.ledger.files(district, 'd-1')).toEqual([file('export.zip', 1)]);
      expect(await waiting()).toEqual(['d-1']);
      expect(await world.ledger.get(newDistrict(), 'd-1')).toBeNull();
    });

    test('a broken zip does not wait', async () => {
      await create('d-1', { state: 'incomplete' });
      expect(await waiting()).toEqual([]);
    });

    test('waiting deliveries come oldest order first, lists newest id first', async () => {
      await create('d-3', { order: 'a' });
      await create('d-1', { order: 'c' });
      await create('d-2', { order: 'b' });
      expect(await waiting()).toEqual(['d-3', 'd-2', 'd-1']);
      expect((await world.ledger.list(district, 2)).map(({ deliveryId }) => deliveryId)).toEqual(['d-3', 'd-2']);
    });

    test('settled once, under the lease, and never waits again', async () => {
      await create('d-1');
      await create('d-2');
      const lease = await taken();
      const [first, second] = [delivery(district, 'd-1'), delivery(district, 'd-2')];
      expect(await world.ledger.settle(lease, first, 'superseded', null)).toBe(true);
      expect(await world.ledger.settle(lease, first, 'superseded', null)).toBe(true);
      expect(await world.ledger.settle(lease, first, 'planned', 's-1')).toBe(false);
      expect(await world.ledger.settle(lease, second, 'planned', 's-2')).toBe(true);
      expect(await waiting()).toEqual([]);
      expect(await world.ledger.get(district, 'd-1')).toMatchObject({ state: 'superseded', syncId: null });
      expect(await world.ledger.get(district, 'd-2')).toMatchObject({ state: 'planned', syncId: 's-2' });
      expect(await create('d-1')).toBe('already');
      expect(await waiting()).toEqual([]);
    });

    test('R15: a stale lease settles nothing', async () => {
      await create('d-1');
      const stale = await taken();
      world.clock.advanceSeconds(60);
      await taken('w2');
      expect(await world.ledger.settle(stale, delivery(district, 'd-1'), 'planned', 's-1')).toBe(false);
      expect(await waiting()).toEqual(['d-1']);
    });
  });
}
