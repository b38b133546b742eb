import type { RollcallEvent } from '../../../lib/contracts/events.ts';
import { NEW_WATCH_MEMORY, type WatchMemory } from '../../../lib/ports/watch-log.ts';
import { newDistrict, type TableWorld } from './world.ts';

/** What the memory of `watch` must do. A call made twice by one writer stands for a retry after a lost answer. */
export function watchLogConformance(name: string, open: () => TableWorld): void {
  let world: TableWorld;
  let district: string;
  beforeEach(() => {
    world = open();
    district = newDistrict();
  });
  const late: RollcallEvent = {
    type: 'rollcall.sync.late',
    districtId: 'maple-unified',
    localDate: '2026-11-23',
    expectedAt: '2026-11-23T07:30:00.000Z',
    dueAt: '2026-11-23T09:30:00.000Z',
  };
  const full: WatchMemory = {
    expecting: { rhythm: 'fri mon 02:30 120 America/New_York', since: '2026-11-01T00:00:00.000Z' },
    judgedDate: '2026-11-23',
    heldDays: { 's-1': 2 },
    incompleteIds: ['d-2', 'd-3'],
    openSetIds: ['d-4'],
    blockedIds: ['d-5', 'd-6'],
    resumedId: 's-2',
    sameBytes: { deliveryId: 'd-1', localDate: '2026-11-22', days: 7, toldDays: 7 },
    toldWeek: '2026-W48',
    untold: [late],
    untoldSince: '2026-11-23T09:45:00.000Z',
  };
  const write = (memory: WatchMemory, version: number, writer: string) =>
    world.watchLog.write(district, memory, version, writer);

  describe(`${name}: the memory of watch`, () => {
    test('of a new district is empty', async () => {
      expect(await world.watchLog.read(district)).toEqual({ memory: NEW_WATCH_MEMORY, version: 0 });
    });

    test('is what was written, under the next version, for this district alone', async () => {
      expect(await write(full, 0, 'w1')).toBe('written');
      expect(await world.watchLog.read(district)).toEqual({ memory: full, version: 1 });
      expect(await world.watchLog.read(newDistrict())).toEqual({ memory: NEW_WATCH_MEMORY, version: 0 });
      expect(await write({ ...full, untold: [], untoldSince: null }, 1, 'w1')).toBe('written');
      expect(await world.watchLog.read(district)).toMatchObject({ memory: { untold: [] }, version: 2 });
    });

    test('of two who write upon the same version, one has written, although both write the same', async () => {
      const answers = await Promise.all(['w1', 'w2', 'w3', 'w4'].map((writer) => write(full, 0, writer)));
      expect(answers.toSorted()).toEqual(['conflict', 'conflict', 'conflict', 'written']);
    });

    test('a write whose answer was lost is known by its writer', async () => {
      expect(await write(full, 0, 'w1')).toBe('written');
      expect(await write(full, 0, 'w1')).toBe('written');
      expect(await world.watchLog.read(district)).toMatchObject({ version: 1 });
    });

    test('a write upon an old or a future version is a conflict', async () => {
      await write(full, 0, 'w1');
      await write(full, 1, 'w1');
      expect(await write(NEW_WATCH_MEMORY, 1, 'w2')).toBe('conflict');
      expect(await write(NEW_WATCH_MEMORY, 5, 'w1')).toBe('conflict');
      expect(await world.watchLog.read(district)).toEqual({ memory: full, version: 2 });
    });
  });
}
