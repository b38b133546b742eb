import type { CommandResult } from '../../../lib/core/sync/command.ts';
import type { CommandLog } from '../../../lib/ports/command-log.ts';
import { newDistrict } from './world.ts';

/** What the results of commands must do. */
export function commandLogConformance(name: string, open: () => CommandLog): void {
  describe(`${name}: results of commands`, () => {
    const resultOf = (districtId: string, message: string): CommandResult => ({
      ...{ commandId: 'c-1', districtId, outcome: 'done', code: 'undo', message, syncId: 's-1' },
      at: '2026-11-23T18:47:00.000Z',
      conflicts: 2,
      holds: [{ code: 'removals', message: 'many' }],
    });

    test('are read as they were written, of their own district only', async () => {
      const log = open();
      const district = newDistrict();
      expect(await log.get(district, 'c-1')).toBeNull();
      await log.put(resultOf(district, 'first'));
      expect(await log.get(district, 'c-1')).toEqual(resultOf(district, 'first'));
      expect(await log.get(newDistrict(), 'c-1')).toBeNull();
      expect(await log.get(district, 'c-2')).toBeNull();
    });

    test('a copy that gave up too early does not have the last word', async () => {
      const log = open();
      const district = newDistrict();
      const gaveUp: CommandResult = { ...resultOf(district, 'busy'), outcome: 'refused', code: 'applying' };
      await log.put(gaveUp);
      await log.put(resultOf(district, 'done'));
      await log.put(gaveUp);
      expect(await log.get(district, 'c-1')).toEqual(resultOf(district, 'done'));
    });

    test('the first one stays', async () => {
      const log = open();
      const district = newDistrict();
      await log.put(resultOf(district, 'first'));
      await log.put(resultOf(district, 'second'));
      expect(await log.get(district, 'c-1')).toEqual(resultOf(district, 'first'));
    });
  });
}
