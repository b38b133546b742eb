import fc from 'fast-check';
import { RECORD_KINDS, type RecordKind } from '../../../lib/core/oneroster/kinds.ts';
import { idOfLine, joinLine } from '../../../lib/core/oneroster/record-line.ts';
import { type Column, storedColumnsOf } from '../../../lib/core/oneroster/tables.ts';
import { active, change, inactive, lineOf, STAMP, userLine } from './changes.ts';
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

    describe('school rows follow the user', () => {
      const schools = async () =>
        Object.fromEntries(
          await Promise.all(
            ['s1', 's2', 's3'].map(async (org) => [org, await world.usersOfSchool(district, org)] as const),
          ),
        );
      beforeEach(async () => void (await write(addAdam)));

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

    describe('R1, R4: status and edits', () => {
      test('since when a record is inactive survives a rewrite and ends with it', async () => {
        const at = (day: number) => ({ syncId: `s-${day}`, at: `2026-11-${day}T00:00:00.000Z` });
        const org = lineOf('org', 'o1', { name: 'A', type: 'school' });
        const renamed = lineOf('org', 'o1', { name: 'B', type: 'school' });
        const writeAt = (day: number, each: ReturnType<typeof change>) =>
          world.roster.writeChanges(district, LANE, [each], at(day));
        await writeAt(10, change('org', 'p', null, active(org)));
        await writeAt(11, change('org', 'p', active(org), inactive(org)));
        expect(await world.record(district, 'org', 'o1')).toMatchObject({ inactiveSince: at(11).at });
        await writeAt(12, change('org', 'p', inactive(org), inactive(renamed)));
        expect(await world.record(district, 'org', 'o1')).toMatchObject({ inactiveSince: at(11).at, syncId: 's-12' });
        await writeAt(13, change('org', 'p', inactive(renamed), active(org)));
        expect(await world.record(district, 'org', 'o1')).toMatchObject({ inactiveSince: null, status: 'active' });
        await writeAt(14, change('org', 'p', active(org), inactive(org)));
        expect(await world.record(district, 'org', 'o1')).toMatchObject({ inactiveSince: at(14).at });
      });

      test('a write ends the mark of a Portal edit', async () => {
        await write(addAdam);
        const edit = { districtId: district, kind: 'user', sourcedId: 'u1', editedAt: STAMP.at } as const;
        expect(await world.portal.edit({ ...edit, fields: { givenName: 'Mary', familyName: null } })).toBe('edited');
        expect(await world.record(district, 'user', 'u1')).toMatchObject({ editedAt: STAMP.at });
        const line = userLine('u1', 's1,s2', { givenName: 'Mary', familyName: '' });
        expect(await read('user')).toEqual([{ kind: 'user', status: 'active', productId: 'p1', line, sound: true }]);
        await write(change('user', 'p1', active(line), active(adam)));
        expect(await world.record(district, 'user', 'u1')).toMatchObject({ editedAt: null, productId: 'p1' });
      });

      test('an edit of a record that is not there makes none', async () => {
        const edit = { districtId: district, kind: 'user', sourcedId: 'u7', editedAt: STAMP.at } as const;
        expect(await world.portal.edit({ ...edit, fields: { givenName: 'X' } })).toBe('missing');
        expect(await world.record(district, 'user', 'u7')).toBeNull();
      });

      const garbage: readonly [string, string, unknown][] = [
        ['a number for text', 'givenName', 7],
        ['an empty text', 'givenName', ''],
        ['a line feed', 'givenName', 'a\nb'],
        ['the field separator', 'givenName', 'a\u001fb'],
        ['text for a boolean', 'enabledUser', 'true'],
        ['text for a list', 'orgSourcedIds', 's1'],
        ['an empty list', 'orgSourcedIds', []],
        ['a comma inside a list item', 'orgSourcedIds', ['s1,s2']],
        ['a number inside a list', 'orgSourcedIds', ['s1', 2]],
        ['a map', 'username', { first: 'a' }],
        ['null', 'role', null],
        ['another username than the index says', 'username', 'other'],
        ['another school than the school rows say', 'orgSourcedIds', ['s1']],
        ['another role than the school rows say', 'role', 'teacher'],
        ['no status', 'status', undefined],
        ['an unknown status', 'status', 'gone'],
        ['no productId', 'productId', undefined],
      ];
      test.each(garbage)('%s is read without a crash and is not sound', async (_, attribute, value) => {
        await write(addAdam);
        await world.setAttribute(district, 'user', 'u1', attribute, value);
        const [record] = await read('user');
        expect(record).toMatchObject({ kind: 'user', status: 'active', sound: false });
        expect(record?.line).toMatch(/^u1\u001f[^\u0000-\u001e\u007f]*$/);
        await write(change('user', 'p1', active(record?.line ?? ''), active(adam)));
        expect(await read('user')).toEqual([
          { kind: 'user', status: 'active', productId: 'p1', line: adam, sound: true },
        ]);
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

/** Text as rows may hold it: no control characters, never blank. */
const text = fc
  .oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('0', ' ', '#', '__proto__', 'é', '😀', '\u2028'))
  .map((value) => value.replace(/[\u0000-\u001f\u007f]/g, '').replace(/\p{Cs}/gu, ''))
  .filter((value) => value !== '');
const item = text.map((value) => value.replaceAll(',', ';'));

function valuesFor(column: Column): fc.Arbitrary<string> {
  const blank = fc.constant('');
  if (column.type === 'boolean') return fc.oneof(blank, fc.constantFrom('true', 'false'));
  if (column.values) return fc.oneof(blank, fc.constantFrom(...column.values));
  if (column.type.endsWith('List'))
    return fc.oneof(
      blank,
      fc.array(item, { minLength: 1, maxLength: 4 }).map((items) => items.join(',')),
    );
  return fc.oneof(blank, text);
}

const anyRecord = fc.constantFrom(...RECORD_KINDS).chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    status: fc.constantFrom('active' as const, 'inactive' as const),
    line: fc.tuple(text, fc.tuple(...storedColumnsOf(kind).map(valuesFor))).map(([id, values]) => joinLine(id, values)),
  }),
);
const anyRecords = fc.uniqueArray(anyRecord, {
  maxLength: 12,
  selector: ({ kind, line }) => `${kind} ${idOfLine(line)}`,
});
