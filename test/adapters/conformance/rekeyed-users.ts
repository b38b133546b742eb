import { idOfLine } from '../../../lib/core/oneroster/record-line.ts';
import type { Change } from '../../../lib/core/plan/change.ts';
import { active, change, inactive, STAMP, userLine } from './changes.ts';
import { collect, newDistrict, type TableWorld } from './world.ts';

const LANE = { lane: 0, number: 1 };

/** Both records of a re-key (R12). */
export function rekeyedUsersConformance(name: string, open: () => TableWorld): void {
  describe(`${name}: re-keyed users`, () => {
    let world: TableWorld;
    let district: string;
    beforeEach(async () => {
      world = open();
      district = newDistrict();
      await world.roster.raiseFences(district, 1);
      await write(change('user', 'p1', null, active(old)));
    });
    const write = (...changes: readonly Change[]) => world.roster.writeChanges(district, LANE, changes, STAMP);
    const users = async () =>
      Object.fromEntries(
        (await collect(world.roster.readSynced(district, 'user'))).map(
          ({ line, status, productId, movedTo, sound }) => [idOfLine(line), [status, productId, movedTo, sound]],
        ),
      );
    const old = userLine('u1', 's1,s2');
    const now = userLine('n1', 's2');
    const rekey: Change = {
      ...change('user', 'p1', null, active(now)),
      partner: {
        ...change('user', 'p2', active(old), { ...inactive(old), movedTo: 'n1' }),
        productIdBefore: 'p1',
      },
    };

    test('the productId goes to the new record, and the old one says where', async () => {
      expect(await write(rekey)).toBe('written');
      expect(await users()).toEqual({ u1: ['inactive', 'p2', 'n1', true], n1: ['active', 'p1', undefined, true] });
      expect(await world.usersOfSchool(district, 's1')).toEqual([]);
      expect(await world.usersOfSchool(district, 's2')).toEqual(['student#n1=p1']);
    });

    test('twice is once', async () => {
      await write(rekey);
      expect(await write(rekey)).toBe('written');
      expect(await users()).toEqual({ u1: ['inactive', 'p2', 'n1', true], n1: ['active', 'p1', undefined, true] });
    });

    test('behind the fence neither is written', async () => {
      await world.roster.raiseFences(district, 2);
      expect(await write(rekey)).toBe('fenced');
      expect(await users()).toEqual({ u1: ['active', 'p1', undefined, true] });
    });

    test('taken back, both are what they were, and the new one is inactive', async () => {
      await write(rekey);
      const back: Change = {
        ...change('user', 'p2', active(now), inactive(now)),
        productIdBefore: 'p1',
        partner: { ...change('user', 'p1', { ...inactive(old), movedTo: 'n1' }, active(old)), productIdBefore: 'p2' },
      };
      expect(await write(back)).toBe('written');
      expect(await users()).toEqual({ u1: ['active', 'p1', undefined, true], n1: ['inactive', 'p2', undefined, true] });
      expect(await world.usersOfSchool(district, 's2')).toEqual(['student#u1=p1']);
    });

    test('movedTo survives a rewrite of the inactive record and ends when it comes back', async () => {
      await write(rekey);
      const moved = { ...inactive(old), movedTo: 'n1' };
      const renamed = userLine('u1', 's1,s2', { givenName: 'Mary' });
      await write(change('user', 'p2', moved, { ...inactive(renamed), movedTo: 'n1' }));
      expect((await users())['u1']).toEqual(['inactive', 'p2', 'n1', true]);
      await write(change('user', 'p2', moved, active(renamed)));
      expect((await users())['u1']).toEqual(['active', 'p2', undefined, true]);
    });

    test('a pair takes the places of both records and their rows of schools', () => {
      expect(world.roster.weightOf(rekey)).toBe(1 + 1 + 1 + 2);
    });

    test('two users of many schools: more than one transaction, the records last and together', async () => {
      const schools = Array.from({ length: 70 }, (_, at) => `x${at}`).join(',');
      const [wideOld, wideNow] = [userLine('w1', schools), userLine('w2', schools)];
      await write(change('user', 'p7', null, active(wideOld)));
      const wide: Change = {
        ...change('user', 'p7', null, active(wideNow)),
        partner: {
          ...change('user', 'p8', active(wideOld), { ...inactive(wideOld), movedTo: 'w2' }),
          productIdBefore: 'p7',
        },
      };
      expect(await write(wide)).toBe('written');
      expect(await users()).toMatchObject({
        w1: ['inactive', 'p8', 'w2', true],
        w2: ['active', 'p7', undefined, true],
      });
      expect(await world.usersOfSchool(district, 'x69')).toEqual(['student#w2=p7']);
    });
  });
}
