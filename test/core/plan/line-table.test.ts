import { RECORD_KINDS } from '../../../lib/core/oneroster/kinds.ts';
import { joinLine } from '../../../lib/core/oneroster/record-line.ts';
import type { Change, StoredRecord } from '../../../lib/core/plan/change.ts';
import { LineTable } from '../../../lib/core/plan/line-table.ts';

const add = (id: string): Change => ({
  op: 'add',
  kind: 'user',
  productId: `p-${id}`,
  before: null,
  after: { status: 'active', line: joinLine(id, ['é', id]) },
});

async function usersOf(table: LineTable): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  for await (const batch of table.read('user')) records.push(...batch);
  return records;
}

test('gives back what a first plan added, in its order, as active records with ids of their own', async () => {
  const table = new LineTable();
  const ids = Array.from({ length: 2500 }, (_, i) => `u${i}`);
  table.apply(ids.map(add));
  const records = await usersOf(table);
  expect(records.map(({ line }) => line)).toEqual(ids.map((id) => add(id).after.line));
  expect(new Set(records.map(({ productId }) => productId)).size).toBe(2500);
  expect(records.every(({ status, sound, kind }) => status === 'active' && sound && kind === 'user')).toBe(true);
});

test('an empty table has no records of any kind', async () => {
  for (const kind of RECORD_KINDS) {
    for await (const batch of new LineTable().read(kind)) expect(batch).toEqual([]);
  }
});

test('refuses what no plan against an empty table can hold', () => {
  const { after } = add('u1');
  const change: Change = { op: 'update', kind: 'user', productId: 'p', before: after, after };
  expect(() => new LineTable().apply([change])).toThrow('cannot update');
});
