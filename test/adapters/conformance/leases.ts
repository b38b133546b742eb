import type { Lease } from '../../../lib/ports/ledger.ts';
import { newDistrict, type TableWorld } from './world.ts';

/** What leases must do. A call made twice stands for a retry after a lost answer. */
export function leasesConformance(name: string, open: () => TableWorld): void {
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

  describe(`${name}: leases`, () => {
    test('a free lease is taken once, with number 1', async () => {
      expect(await take()).toEqual({ districtId: district, holder: 'w1', number: 1 });
      expect(await take('w2')).toBeNull();
      expect(await world.leases.take(newDistrict(), 'w2', 60)).toMatchObject({ number: 1 });
    });

    test('the holder who asks again has it, under the same number', async () => {
      const lease = await taken();
      world.clock.advanceSeconds(50);
      expect(await take()).toEqual(lease);
      world.clock.advanceSeconds(50);
      expect(await take('w2')).toBeNull();
    });

    test('of many who ask at once, one gets it', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => take(`w${i}`)));
      expect(answers.filter((lease) => lease !== null)).toHaveLength(1);
    });

    test('an expired lease goes to the next, with a higher number; the old holder has nothing any more', async () => {
      const old = await taken();
      world.clock.advanceSeconds(60);
      expect(await take('w2')).toMatchObject({ number: 2 });
      expect(await world.leases.renew(old, 60)).toBe(false);
      await world.leases.release(old);
      await world.leases.handOver(old, 'w3', 60);
      expect(await take('w3', 'w3')).toBeNull();
    });

    test('a renewed lease lasts', async () => {
      const lease = await taken();
      world.clock.advanceSeconds(50);
      expect(await world.leases.renew(lease, 60)).toBe(true);
      world.clock.advanceSeconds(50);
      expect(await take('w2')).toBeNull();
    });

    test('a released lease is free; its number is never used again', async () => {
      const lease = await taken();
      await world.leases.release(lease);
      await world.leases.release(lease);
      expect(await world.leases.renew(lease, 60)).toBe(false);
      expect(await take('w1')).toMatchObject({ number: 2 });
    });

    test('it is free before anyone had it, after its release and after its time', async () => {
      const isFree = () => world.leases.isFree(district);
      expect(await isFree()).toBe(true);
      const lease = await taken();
      expect(await isFree()).toBe(false);
      world.clock.advanceSeconds(59);
      expect(await isFree()).toBe(false);
      await world.leases.renew(lease, 60);
      world.clock.advanceSeconds(59);
      expect(await isFree()).toBe(false);
      await world.leases.handOver(lease, 'sync:s-1', 60);
      expect(await isFree()).toBe(false);
      world.clock.advanceSeconds(60);
      expect(await isFree()).toBe(true);
      await world.leases.release(await taken('w2'));
      expect(await isFree()).toBe(true);
      expect(await world.leases.isFree(newDistrict())).toBe(true);
    });

    test('a lease that is handed over waits for one only, and not for ever', async () => {
      const lease = await taken();
      await world.leases.handOver(lease, 'sync:s-1', 60);
      await world.leases.handOver(lease, 'sync:s-1', 60);
      expect(await world.leases.renew(lease, 60)).toBe(false);
      expect(await take('w1')).toBeNull();
      expect(await take('w2', 'sync:s-2')).toBeNull();
      expect(await take('w2', 'sync:s-1')).toMatchObject({ number: 2, holder: 'w2' });
      expect(await take('w3', 'sync:s-1')).toBeNull();
      expect(await take('w2', 'sync:s-1')).toMatchObject({ number: 2 });
      const next = { districtId: district, holder: 'w2', number: 2 };
      await world.leases.handOver(next, 'sync:s-1', 60);
      world.clock.advanceSeconds(60);
      expect(await take('w4')).toMatchObject({ number: 3 });
      expect(await take('w5', 'sync:s-1')).toBeNull();
    });
  });
}
