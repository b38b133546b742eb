import type { RecordKind } from '../../../lib/core/oneroster/kinds.ts';
import { active, change, inactive, lineOf, STAMP, userLine } from './changes.ts';
import { collect, newDistrict, type TableWorld } from './world.ts';

const LANE = { lane: 0, number: 1 };

/** The rows by which the users of a school are found: written and removed with the user, whatever the Portal did. */
export function schoolRowsConformance(name: string, open: () => TableWorld): void {
  describe(`${name}: school rows`, () => {
    let world: TableWorld;
    let district: string;
    beforeEach(async () => {
      world = open();
      district = newDistrict();
      await world.roster.raiseFences(district, 1);
      await write(addAdam);
    });
    const write = (...changes: Parameters<TableWorld['roster']['writeChanges']>[2]) =>
      world.roster.writeChanges(district, LANE, changes, STAMP);
    const read = (kind: RecordKind) => collect(world.roster.readSynced(district, kind));
    const adam = userLine('u1', 's1,s2');
    const addAdam = change('user', 'p1', null, active(adam));
    const schools = async () =>
      Object.fromEntries(
        await Promise.all(
          ['s1', 's2', 's3'].map(async (org) => [org, await world.usersOfSchool(district, org)] as const),
        ),
      );

    test('added', async () =>
      expect(await schools()).toEqual({ s1: ['student#u1=p1'], s2: ['student#u1=p1'], s3: [] }));

    test('moved to another school', async () => {
      await write(change('user', 'p1', active(adam), active(userLine('u1', 's2,s3'))));
      expect(await schools()).toEqual({ s1: [], s2: ['student#u1=p1'], s3: ['student#u1=p1'] });
    });

    test('another role', async () => {
      await write(change('user', 'p1', active(adam), active(userLine('u1', 's1', { role: 'teacher' }))));
      expect(await schools()).toEqual({ s1: ['teacher#u1=p1'], s2: [], s3: [] });
    });

    test('deactivated, then reactivated elsewhere', async () => {
      await write(change('user', 'p1', active(adam), inactive(adam)));
      expect(await schools()).toEqual({ s1: [], s2: [], s3: [] });
      await write(change('user', 'p1', inactive(adam), active(userLine('u1', 's3'))));
      expect(await schools()).toEqual({ s1: [], s2: [], s3: ['student#u1=p1'] });
    });

    test('R1: a Portal edit of the schools in between leaves no row behind', async () => {
      const edit = { districtId: district, kind: 'user', sourcedId: 'u1', editedAt: STAMP.at } as const;
      await world.portal.edit({ ...edit, fields: { orgSourcedIds: ['s2'], role: 'teacher' } });
      const [edited] = await read('user');
      expect(edited).toMatchObject({ line: userLine('u1', 's2', { role: 'teacher' }), sound: false });
      await write(change('user', 'p1', active(edited?.line ?? ''), active(userLine('u1', 's3'))));
      expect(await schools()).toEqual({ s1: [], s2: [], s3: ['student#u1=p1'] });
    });

    test('another productId (re-key)', async () => {
      await write(change('user', 'p9', active(adam), active(adam)));
      expect(await schools()).toEqual({ s1: ['student#u1=p9'], s2: ['student#u1=p9'], s3: [] });
    });

    test('a school named twice counts once', async () => {
      await write(change('user', 'p1', active(adam), active(userLine('u1', 's3,s3'))));
      expect(await schools()).toEqual({ s1: [], s2: [], s3: ['student#u1=p1'] });
      expect((await read('user'))[0]?.sound).toBe(true);
    });

    test('weights: a place for each row that comes or goes, never more than a transaction has', async () => {
      const { weightOf } = world.roster;
      const many = userLine('u1', Array.from({ length: 150 }, (_, i) => `x${i}`).join(','));
      expect(weightOf(addAdam)).toBe(3);
      expect(weightOf(change('user', 'p1', active(adam), active(userLine('u1', 's1,s2', { email: 'a@b' }))))).toBe(1);
      expect(weightOf(change('user', 'p1', active(adam), active(userLine('u1', 's2,s3'))))).toBe(3);
      expect(weightOf(change('user', 'p1', active(adam), inactive(adam)))).toBe(3);
      expect(weightOf(change('user', 'p1', active(adam), active(many)))).toBe(99);
      expect(weightOf(change('class', 'p1', null, active(lineOf('class', 'c1', {}))))).toBe(1);
    });

    test('a user of 150 schools comes and goes', async () => {
      const many = userLine('u1', Array.from({ length: 150 }, (_, i) => `x${i}`).join(','), {
        role: 'administrator',
      });
      const arrives = change('user', 'p1', active(adam), active(many));
      expect(await write(arrives)).toBe('written');
      expect(await write(arrives)).toBe('written');
      expect(await world.usersOfSchool(district, 'x149')).toEqual(['administrator#u1=p1']);
      expect(await schools()).toEqual({ s1: [], s2: [], s3: [] });
      expect((await read('user'))[0]).toMatchObject({ line: many, sound: true });
      await write(change('user', 'p1', active(many), inactive(many)));
      expect(await world.usersOfSchool(district, 'x0')).toEqual([]);
      expect(await world.usersOfSchool(district, 'x149')).toEqual([]);
    });
  });
}
