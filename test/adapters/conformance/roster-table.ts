import fc from 'fast-check';
import { RECORD_KINDS, type RecordKind } from '../../../lib/core/oneroster/kinds.ts';
import { idOfLine } from '../../../lib/core/oneroster/record-line.ts';
import { anyRecords } from './any-records.ts';
import { active, change, lineOf, STAMP, userLine } from './changes.ts';
import { collect, newDistrict, type TableWorld } from './world.ts';

const LANE = { lane: 0, number: 1 };

/** What a store of records must do, whatever it is made of. */
export function rosterTableConformance(name: string, open: () => TableWorld, runs: number): void {
  describe(`${name}: records`, () => {
    let world: TableWorld;
    let district: string;
    beforeEach(async () => {
      world = open();
      district = newDistrict();
      expect(await world.roster.raiseFences(district, 1)).toBe(true);
    });
    const write = (...changes: Parameters<TableWorld['roster']['writeChanges']>[2]) =>
      world.roster.writeChanges(district, LANE, changes, STAMP);
    const read = (kind: RecordKind) => collect(world.roster.readSynced(district, kind));
    const adam = userLine('u1', 's1,s2');
    const addAdam = change('user', 'p1', null, active(adam));

    test('an empty district has no records', async () => {
      for (const kind of RECORD_KINDS) expect(await read(kind)).toEqual([]);
    });

    test('what is written is read, with its own columns only', async () => {
      expect(await write(addAdam)).toBe('written');
      expect(await read('user')).toEqual([
        { kind: 'user', status: 'active', productId: 'p1', line: adam, sound: true },
      ]);
      expect(await read('class')).toEqual([]);
      expect(await world.record(district, 'user', 'u1')).toEqual({
        source: 'sis',
        status: 'active',
        productId: 'p1',
        syncId: 's-1',
        syncedAt: STAMP.at,
        inactiveSince: null,
        editedAt: null,
        fields: {
          enabledUser: true,
          orgSourcedIds: ['s1', 's2'],
          role: 'student',
          username: 'name-u1',
          givenName: 'Maria',
          familyName: 'Gómez',
        },
      });
    });

    test('R3: another district sees nothing of it', async () => {
      await write(addAdam);
      expect(await collect(world.roster.readSynced(newDistrict(), 'user'))).toEqual([]);
    });

    test('R15: the same slice twice writes the same content', async () => {
      await write(addAdam);
      const once = await world.record(district, 'user', 'u1');
      expect(await write(addAdam)).toBe('written');
      expect(await world.record(district, 'user', 'u1')).toEqual(once);
    });

    test('an update drops values that became blank', async () => {
      await write(addAdam);
      const later = userLine('u1', 's1,s2', { familyName: '' });
      await write(change('user', 'p1', active(adam), active(later)));
      expect((await read('user'))[0]?.line).toBe(later);
      expect((await world.record(district, 'user', 'u1'))?.fields).not.toHaveProperty('familyName');
    });

    test('a full slice of 99 is one write; nothing of it is read before', async () => {
      const changes = Array.from({ length: 99 }, (_, i) =>
        change('org', `p${i}`, null, active(lineOf('org', `o${i}`, { name: `Org ${i}`, type: 'school' }))),
      );
      expect(changes.map((each) => world.roster.weightOf(each)).reduce((a, b) => a + b)).toBe(99);
      expect(await write(...changes)).toBe('written');
      expect((await read('org')).map(({ line }) => idOfLine(line)).sort()).toEqual(
        changes.map((each) => idOfLine(each.after.line)).sort(),
      );
    });

    describe('R15: the fence', () => {
      test.each([
        ['lower', 0],
        ['higher', 2],
      ])('a writer with a %s number than the row is fenced and writes nothing', async (_, number) => {
        expect(await world.roster.writeChanges(district, { lane: 0, number }, [addAdam], STAMP)).toBe('fenced');
        expect(await read('user')).toEqual([]);
      });

      test('a district without fence rows lets nobody write', async () => {
        expect(await world.roster.writeChanges(newDistrict(), LANE, [addAdam], STAMP)).toBe('fenced');
      });

      test('raising again with the same number is fine, with a lower one it is refused', async () => {
        expect(await world.roster.raiseFences(district, 3)).toBe(true);
        expect(await world.roster.raiseFences(district, 3)).toBe(true);
        expect(await world.roster.raiseFences(district, 2)).toBe(false);
        expect(await world.roster.writeChanges(district, { lane: 3, number: 3 }, [addAdam], STAMP)).toBe('written');
      });

      test('a newer holder stops an older one on every lane', async () => {
        await world.roster.raiseFences(district, 2);
        for (let lane = 0; lane < 4; lane++)
          expect(await world.roster.writeChanges(district, { lane, number: 1 }, [addAdam], STAMP)).toBe('fenced');
      });

      test('a fenced writer that also meets a foreign record is fenced', async () => {
        await write(addAdam);
        await world.setAttribute(district, 'user', 'u1', 'source', 'manual');
        await world.roster.raiseFences(district, 2);
        expect(await write(addAdam)).toBe('fenced');
      });

      test('two writers race with a raise: what the older one wrote is complete or absent', async () => {
        const old = Array.from({ length: 40 }, (_, i) =>
          change('org', `p${i}`, null, active(lineOf('org', `o${i}`, { name: 'old', type: 'school' }))),
        );
        const [outcome, raised] = await Promise.all([write(...old), world.roster.raiseFences(district, 2)]);
        expect(raised).toBe(true);
        expect(await read('org')).toHaveLength(outcome === 'written' ? 40 : 0);
        expect(await write(...old)).toBe('fenced');
      });
    });

    describe('R2: what a sync must not touch', () => {
      test('a record under a synced key that is not from the SIS is not read and never overwritten', async () => {
        await write(addAdam);
        await world.setAttribute(district, 'user', 'u1', 'source', 'manual');
        expect(await read('user')).toEqual([]);
        const before = await world.record(district, 'user', 'u1');
        const other = change('user', 'p2', null, active(userLine('u2', 's1')));
        await expect(write(other, addAdam)).rejects.toMatchObject({ code: 'not-a-synced-record', retryable: false });
        expect(await world.record(district, 'user', 'u1')).toEqual(before);
        expect(await world.record(district, 'user', 'u2')).toBeNull();
        expect(await world.usersOfSchool(district, 's1')).toEqual(['student#u1=p1']);
      });

      test('manual users are listed with what a look-alike needs, and are not synced records', async () => {
        await world.portal.create({
          districtId: district,
          kind: 'user',
          productId: 'm1',
          fields: { username: 'maria', email: 'maria@example.org', role: 'student', orgSourcedIds: ['s1'] },
          createdAt: STAMP.at,
        });
        await world.portal.create({
          districtId: district,
          kind: 'user',
          productId: 'm2',
          fields: {},
          createdAt: STAMP.at,
        });
        await write(addAdam);
        const manual = await collect(world.roster.readManualUsers(district));
        expect(manual.sort((a, b) => (a.productId < b.productId ? -1 : 1))).toEqual([
          { productId: 'm1', username: 'maria', email: 'maria@example.org' },
          { productId: 'm2', username: '', email: '' },
        ]);
        expect(await read('user')).toHaveLength(1);
        expect(await world.usersOfSchool(district, 's1')).toEqual(['student#m1=m1', 'student#u1=p1']);
      });
    });

    test('law: what is written is what is read, for any text', async () => {
      await fc.assert(
        fc.asyncProperty(anyRecords, async (records) => {
          district = newDistrict();
          await world.roster.raiseFences(district, 1);
          const changes = records.map(({ kind, line, status }, index) =>
            change(kind, `p${index}`, null, { status, line }),
          );
          for (const each of changes) expect(await write(each)).toBe('written');
          const found = (await Promise.all([...new Set(records.map(({ kind }) => kind))].map(read))).flat();
          const expected = changes.map(({ kind, productId, after }) => ({ kind, productId, ...after, sound: true }));
          const byId = (a: { productId: string }, b: { productId: string }) => (a.productId < b.productId ? -1 : 1);
          expect(found.sort(byId)).toEqual(expected.sort(byId));
        }),
        { numRuns: runs },
      );
    });

    test('a large kind comes in several batches, each record once', async () => {
      const ids = Array.from({ length: 2_000 }, (_, i) => `e${i}`);
      const filler = 'x'.repeat(1_500);
      for (let start = 0; start < ids.length; start += 99)
        await write(
          ...ids
            .slice(start, start + 99)
            .map((id) =>
              change('course', id, null, active(lineOf('course', id, { title: filler, orgSourcedId: 'o' }))),
            ),
        );
      let batches = 0;
      const found: string[] = [];
      for await (const batch of world.roster.readSynced(district, 'course')) {
        batches++;
        found.push(...batch.map(({ line }) => idOfLine(line)));
      }
      expect(batches).toBeGreaterThan(1);
      expect(found.sort()).toEqual(ids.sort());
    });
  });
}
