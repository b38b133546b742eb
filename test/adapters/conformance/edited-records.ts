import type { RecordKind } from '../../../lib/core/oneroster/kinds.ts';
import { active, change, inactive, lineOf, STAMP, userLine } from './changes.ts';
import { collect, newDistrict, type TableWorld } from './world.ts';

const LANE = { lane: 0, number: 1 };

/** Status, Portal edits and garbage in fields (R1, R4). */
export function editedRecordsConformance(name: string, open: () => TableWorld): void {
  describe(`${name}: edited records`, () => {
    let world: TableWorld;
    let district: string;
    beforeEach(async () => {
      world = open();
      district = newDistrict();
      await world.roster.raiseFences(district, 1);
    });
    const write = (...changes: Parameters<TableWorld['roster']['writeChanges']>[2]) =>
      world.roster.writeChanges(district, LANE, changes, STAMP);
    const read = (kind: RecordKind) => collect(world.roster.readSynced(district, kind));
    const adam = userLine('u1', 's1,s2');
    const addAdam = change('user', 'p1', null, active(adam));
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
      const edited = { kind: 'user', status: 'active', productId: 'p1', line, sound: true, editedAt: STAMP.at };
      expect(await read('user')).toEqual([edited]);
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
}
