import { RECORD_KINDS, type RecordKind } from '../../../lib/core/oneroster/kinds.ts';
import { TABLES } from '../../../lib/core/oneroster/tables.ts';
import { PLAN_SECTIONS, REKEY_SECTION, sectionOf } from '../../../lib/core/plan/sections.ts';

const placeOf = (kind: RecordKind, op: 'add' | 'deactivate') => PLAN_SECTIONS.indexOf(sectionOf(kind, op));

test('design §4: upserts come before removals', () => {
  for (const kind of RECORD_KINDS) expect(placeOf(kind, 'add')).toBeLessThan(placeOf(kind, 'deactivate'));
  expect(PLAN_SECTIONS.findIndex(({ removal }) => removal)).toBe(RECORD_KINDS.length + 1);
  expect(PLAN_SECTIONS.indexOf(REKEY_SECTION)).toBeLessThan(placeOf('user', 'add'));
});

test('design §4: a record comes after what it refers to, and goes before it', () => {
  for (const kind of RECORD_KINDS) {
    for (const { target } of TABLES[kind].columns) {
      if (target === undefined || target === kind) continue;
      expect([kind, target, placeOf(target, 'add') < placeOf(kind, 'add')]).toEqual([kind, target, true]);
      expect([kind, target, placeOf(kind, 'deactivate') < placeOf(target, 'deactivate')]).toEqual([kind, target, true]);
    }
  }
});

test('names sort in the order of apply and are what they were before there were re-keys', () => {
  expect(new Set(PLAN_SECTIONS.map(({ name }) => name)).size).toBe(PLAN_SECTIONS.length);
  const names = PLAN_SECTIONS.filter(({ rekey }) => !rekey).map(({ name }) => name);
  expect(names[3]).toBe('04-upsert-user');
  expect(names).toEqual([...new Set(names)].toSorted());
});

test('update and reactivate belong with add', () => {
  expect(sectionOf('user', 'update')).toBe(sectionOf('user', 'add'));
  expect(sectionOf('user', 'reactivate')).toBe(sectionOf('user', 'add'));
});
