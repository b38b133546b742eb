import type { Departure } from '../../../lib/core/district/departure.ts';
import { type DistrictSettings, districtSettingsSchema } from '../../../lib/core/district/settings.ts';
import type { RecordKind } from '../../../lib/core/oneroster/kinds.ts';
import { NEW_DISTRICT_STATE } from '../../../lib/core/sync/new-district.ts';
import { EMPTY_SYNC } from '../../../lib/core/sync/new-sync.ts';
import type { Delivery } from '../../../lib/core/sync/sync.ts';
import type { RowBatch } from '../../../lib/ports/district-rows.ts';
import type { Lease } from '../../../lib/ports/ledger.ts';
import { NEW_WATCH_MEMORY } from '../../../lib/ports/watch-log.ts';
import { active, change, inactive, lineOf, STAMP, userLine } from './changes.ts';
import { collect, newDistrict, newTenant, type TableWorld } from './world.ts';

const AT = '2026-11-23T18:00:00.000Z';
const FENCE = { lane: 0, number: 1 };

const settingsOf = (districtId: string, more: Partial<DistrictSettings> = {}): DistrictSettings =>
  districtSettingsSchema.parse({ districtId, name: 'Maple', ...more });

const departureOf = (districtId: string, more: Partial<Departure> = {}): Departure => ({
  districtId,
  name: 'Maple',
  classLinkTenantId: null,
  order: { orderId: 'c-1', who: 'tester', at: AT, settingsVersion: 1 },
  leftAt: AT,
  found: null,
  goneAt: null,
  ends: null,
  sweptAt: null,
  late: 0,
  ...more,
});

const deliveryOf = (districtId: string, more: Partial<Delivery> = {}): Delivery => ({
  ...{ districtId, deliveryId: 'd-1', state: 'received', folder: '', packaging: 'zip', order: `${AT}#d-1` },
  ...{ hasDelta: false, bulkFiles: [], deltaFiles: [], openedAt: AT, receivedAt: AT, syncId: null },
  ...more,
});

const FILE = { fileId: 'v1', name: 'users.csv', key: 'deliveries/x', bytes: 1, eTag: '"1"', lastModified: AT };

const FAILED = { folder: '', name: 'users.csv', eTag: '1', endedAt: AT };

async function countsOf(batches: AsyncIterable<RowBatch>): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for await (const batch of batches)
    for (const [what, rows] of Object.entries(batch)) counts[what] = (counts[what] ?? 0) + rows;
  return counts;
}

/**
 * What the stores must do when a district leaves, and when records have been kept long enough (R22). `lossy`: answers are
 * lost below the adapter; then what was deleted may be counted as gone before.
 */
export function leavingConformance(name: string, open: () => TableWorld, lossy = false): void {
  const removed = (count: number) => (lossy ? expect.any(Number) : count);
  let world: TableWorld;
  let district: string;
  beforeEach(() => {
    world = open();
    district = newDistrict();
  });
  const taken = async (holder = 'w1'): Promise<Lease> => {
    const lease = await world.leases.take(district, holder, 60);
    if (!lease) throw new Error('the lease is not free');
    return lease;
  };
  const left = async (): Promise<void> => {
    await world.districts.save(settingsOf(district), 0);
    expect(await world.departures.begin(await taken(), departureOf(district))).toBe('begun');
  };
  const write = (kind: RecordKind, id: string, status: 'active' | 'inactive', line: string, at = STAMP.at) => {
    const image = status === 'active' ? active(line) : inactive(line);
    return world.roster.writeChanges(district, FENCE, [change(kind, `p-${id}`, null, image)], { ...STAMP, at });
  };

  describe(`${name}: a district that leaves`, () => {
    test('goes from the list of districts, with its settings, state and tenant, and is known as left', async () => {
      const tenant = newTenant();
      await world.districts.save(settingsOf(district, { classLinkTenantId: tenant }), 0);
      const lease = await taken();
      await world.syncs.saveState(lease, { ...NEW_DISTRICT_STATE, applyingSyncId: 's-1' });
      const departure = departureOf(district, { classLinkTenantId: tenant });
      expect(await world.departures.find(district)).toBeNull();
      expect(await world.departures.begin(lease, departure)).toBe('begun');
      expect(await world.departures.find(district)).toEqual({ departure, version: 1 });
      expect(await world.departures.list()).toContainEqual(departure);
      expect(await world.districts.get(district)).toBeNull();
      expect((await world.districts.list()).map(({ settings }) => settings.districtId)).not.toContain(district);
      expect(await world.signOn.tenants.districtOf(tenant)).toBeNull();
      expect(await world.syncs.state(district)).toEqual(NEW_DISTRICT_STATE);
      // The tenant is free for another district.
      expect(await world.districts.save(settingsOf(newDistrict(), { classLinkTenantId: tenant }), 0)).toBe('saved');
    });

    test('does so once: the same order again has begun, another one finds nothing', async () => {
      await world.districts.save(settingsOf(district), 0);
      const lease = await taken();
      for (let times = 0; times < 2; times++)
        expect(await world.departures.begin(lease, departureOf(district))).toBe('begun');
      const other = { orderId: 'c-2', who: 'tester', at: AT, settingsVersion: 1 };
      expect(await world.departures.begin(lease, departureOf(district, { order: other }))).toBe('changed');
      expect((await world.departures.find(district))?.departure.order.orderId).toBe('c-1');
    });

    test('does not where its settings were changed since, or the lease has a newer holder', async () => {
      await world.districts.save(settingsOf(district), 0);
      await world.districts.save(settingsOf(district, { name: 'Other' }), 1);
      const lease = await taken();
      expect(await world.departures.begin(lease, departureOf(district))).toBe('changed');
      await world.leases.release(lease);
      await taken('w2');
      const order = { orderId: 'c-1', who: 'tester', at: AT, settingsVersion: 2 };
      expect(await world.departures.begin(lease, departureOf(district, { order }))).toBe('stale');
      expect(await world.departures.find(district)).toBeNull();
      expect((await world.districts.get(district))?.version).toBe(2);
    });

    test('what has become of it is written upon what was read', async () => {
      await left();
      const gone = departureOf(district, { goneAt: AT });
      expect(await world.departures.save(gone, 1)).toBe('saved');
      expect(await world.departures.save(gone, 1)).toBe('saved');
      expect(await world.departures.save(departureOf(district, { late: 3 }), 1)).toBe('conflict');
      expect(await world.departures.find(district)).toEqual({ departure: gone, version: 2 });
      expect(await world.departures.save(departureOf(newDistrict()), 1)).toBe('conflict');
    });

    test('never comes back: no settings, no delivery, no set, no result, no memory', async () => {
      await left();
      const hasLeft = expect.objectContaining({ name: 'DistrictHasLeft', code: 'district-has-left', retryable: false });
      await expect(world.districts.save(settingsOf(district), 0)).rejects.toEqual(hasLeft);
      await expect(world.ledger.create(deliveryOf(district), [FILE])).rejects.toEqual(hasLeft);
      await expect(world.ledger.openSet(district, '', 'd-2', AT)).rejects.toEqual(hasLeft);
      await expect(world.ledger.bar(district, FAILED)).rejects.toEqual(hasLeft);
      expect(await world.watchLog.write(district, NEW_WATCH_MEMORY, 0, 'w')).toBe('conflict');
      const result = { outcome: 'refused', code: 'unknown-district', message: '', syncId: null, at: AT } as const;
      await world.commands.put({ commandId: 'c-9', districtId: district, ...result });
      expect(await world.commands.get(district, 'c-9')).toBeNull();
      expect(await world.ledger.list(district, 10)).toEqual([]);
      expect(await countsOf(world.rows.count(district))).toEqual({});
    });
  });

  describe(`${name}: the rows of a district`, () => {
    /** Something of every sort that both stores know. */
    const fill = async (): Promise<void> => {
      await world.districts.save(settingsOf(district), 0);
      await world.roster.raiseFences(district, 1);
      await write('org', 'school', 'active', lineOf('org', 'school', { name: 'School', type: 'school' }));
      for (const id of ['u1', 'u2']) await write('user', id, 'active', userLine(id, 'school,other'));
      await write('user', 'u3', 'inactive', userLine('u3', 'school'));
      const seats = Array.from({ length: 60 }, (_, at) =>
        change('enrollment', `p-e${at}`, null, active(lineOf('enrollment', `e${at}`, {}))),
      );
      await world.roster.writeChanges(district, FENCE, seats, STAMP);
      const fields = { username: 'x', role: 'student', orgSourcedIds: 'school' };
      await world.portal.create({ districtId: district, kind: 'user', productId: 'm1', fields, createdAt: AT });
      await world.ledger.create(deliveryOf(district), [FILE, { ...FILE, name: 'orgs.csv' }]);
      await world.ledger.openSet(district, '', 'd-2', AT);
      await world.ledger.addFile(district, '', 'd-2', { ...FILE, fileId: 'v2' });
      await world.ledger.bar(district, FAILED);
      const lease = await taken();
      const sync = { ...EMPTY_SYNC, districtId: district, syncId: `s-${district}`, deliveryId: 'd-1' } as const;
      await world.syncs.save(lease, { ...sync, state: 'held', createdAt: AT, attempt: 1, basis: 0 }, null, {
        ...NEW_DISTRICT_STATE,
        heldSyncIds: [sync.syncId],
      });
      await world.watchLog.write(district, NEW_WATCH_MEMORY, 0, 'w');
      const result = { outcome: 'done', code: 'pause', message: '', syncId: null, at: AT } as const;
      await world.commands.put({ commandId: 'c-1', districtId: district, ...result });
    };
    const ROWS = {
      ...{ org: 1, user: 3, enrollment: 60, schoolRow: 4, delivery: 2, deliveryFile: 3, claim: 1, bar: 1, sync: 1 },
      command: 1,
      state: expect.any(Number),
    };

    test('are counted and deleted, all but lease, fences, tombstone and what was made in the product', async () => {
      await fill();
      const [own, other] = [district, newDistrict()];
      district = other;
      await fill();
      district = own;
      await world.leases.release({ districtId: own, holder: 'w1', number: 1 });
      expect(await world.departures.begin(await taken(), departureOf(own))).toBe('begun');
      const counted = await countsOf(world.rows.count(own));
      expect(counted).toEqual(ROWS);
      expect(await countsOf(world.rows.remove(own))).toEqual(counted);
      expect(await countsOf(world.rows.count(own))).toEqual({});
      expect(await countsOf(world.rows.remove(own))).toEqual({});

      expect(await collect(world.roster.readSynced(own, 'enrollment'))).toEqual([]);
      expect(await world.ledger.files(own, 'd-1')).toEqual([]);
      expect(await world.syncs.find(`s-${own}`)).toBeNull();
      expect(await world.usersOfSchool(own, 'school')).toEqual(['student#m1=m1']);
      expect(await world.usersOfSchool(own, 'other')).toEqual([]);
      expect(await collect(world.roster.readManualUsers(own))).toHaveLength(1);
      expect(await world.departures.find(own)).not.toBeNull();
      // The numbers go on from where they were (R15).
      expect(await world.roster.raiseFences(own, 0)).toBe(false);
      expect((await world.leases.take(own, 'w1', 60))?.number).toBe(2);
      expect(await countsOf(world.rows.count(other))).toEqual(ROWS);
    });

    test('a deletion that stops anywhere is gone on with', async () => {
      await fill();
      await world.leases.release({ districtId: district, holder: 'w1', number: 1 });
      expect(await world.departures.begin(await taken(), departureOf(district))).toBe('begun');
      const all = await countsOf(world.rows.count(district));
      const deleted: Record<string, number> = {};
      for (let slices = 0; slices < 100; slices++) {
        let any = false;
        for await (const batch of world.rows.remove(district)) {
          for (const [what, rows] of Object.entries(batch)) deleted[what] = (deleted[what] ?? 0) + rows;
          any = true;
          break;
        }
        if (!any) break;
      }
      expect(deleted).toEqual(all);
    });
  });

  describe(`${name}: records that were kept long enough`, () => {
    const OLD = '2025-01-01T00:00:00.000Z';
    const CUTOFF = '2025-06-01T00:00:00.000Z';
    const find = async (kind: RecordKind = 'user') =>
      (await collect(world.expired.find(district, kind, CUTOFF))).map(({ sourcedId }) => sourcedId).toSorted();
    beforeEach(() => world.roster.raiseFences(district, 1));

    test('are the synced ones that became inactive before, and no others', async () => {
      await write('user', 'old', 'inactive', userLine('old', 's1'), OLD);
      await write('user', 'edge', 'inactive', userLine('edge', 's1'), CUTOFF);
      await write('user', 'young', 'inactive', userLine('young', 's1'));
      await write('user', 'active', 'active', userLine('active', 's1'), OLD);
      if (!lossy) {
        await write('user', 'foreign', 'inactive', userLine('foreign', 's1'), OLD);
        await world.setAttribute(district, 'user', 'foreign', 'source', 'manual');
      }
      await write('class', 'old', 'inactive', lineOf('class', 'old', {}), OLD);
      const fields = { username: 'x', role: 'student', orgSourcedIds: 's1' };
      await world.portal.create({ districtId: district, kind: 'user', productId: 'm1', fields, createdAt: OLD });
      expect(await find()).toEqual(['edge', 'old']);
      expect(await find('class')).toEqual(['old']);
      expect(await find('org')).toEqual([]);
    });

    test('are deleted under the fence, and only while they still are such', async () => {
      for (const id of ['a', 'b', 'c']) await write('user', id, 'inactive', userLine(id, 's1'), OLD);
      const records = await collect(world.expired.find(district, 'user', CUTOFF));
      await write('user', 'b', 'active', userLine('b', 's1'));
      expect(await world.expired.remove(district, FENCE, 'user', records, CUTOFF)).toEqual(removed(2));
      expect(await world.expired.present(district, 'user', ['a', 'b', 'c', 'd'])).toEqual(new Set(['b']));
      expect(await world.usersOfSchool(district, 's1')).toEqual(['student#b=p-b']);
      await write('user', 'e', 'inactive', userLine('e', 's1'), OLD);
      const late = await collect(world.expired.find(district, 'user', CUTOFF));
      await world.roster.raiseFences(district, 2);
      expect(await world.expired.remove(district, FENCE, 'user', late, CUTOFF)).toBe('fenced');
      expect(await find()).toEqual(['e']);
    });

    test('are deleted by the hundreds, with rows of schools that they should not have', async () => {
      const ids = Array.from({ length: 130 }, (_, at) => `u${at}`);
      const rows = ids.map((id) => change('user', `p-${id}`, null, inactive(userLine(id, 's1'))));
      for (let at = 0; at < rows.length; at += 90)
        await world.roster.writeChanges(district, FENCE, rows.slice(at, at + 90), { ...STAMP, at: OLD });
      const records = (await collect(world.expired.find(district, 'user', CUTOFF))).map((each) => ({
        ...each,
        schoolRows: ['student#s1'],
      }));
      expect(await world.expired.remove(district, FENCE, 'user', records, CUTOFF)).toEqual(removed(130));
      expect(await find()).toEqual([]);
    });
  });
}
