import fc from 'fast-check';
import { joinLine } from '../../../lib/core/oneroster/record-line.ts';
import { type Change, imageOf, type StoredRecord } from '../../../lib/core/plan/change.ts';
import { bucketOfId, differenceOf, KindDigest } from '../../../lib/core/proof/kind-digest.ts';
import { PlanPromise, readPromise, writePromise } from '../../../lib/core/proof/plan-promise.ts';

const record = (id: string, values: readonly string[] = ['a'], over: Partial<StoredRecord> = {}): StoredRecord => ({
  kind: 'user',
  status: 'active',
  productId: `p-${id}`,
  line: joinLine(id, values),
  sound: true,
  ...over,
});

const digestOf = (records: readonly StoredRecord[]): KindDigest => {
  const digest = new KindDigest();
  for (const each of records) digest.add(each);
  return digest;
};

const differs = (one: readonly StoredRecord[], other: readonly StoredRecord[]) => {
  const { identity, content } = differenceOf(digestOf(one), digestOf(other));
  return { identity, content: [...content] };
};

const SAME = { identity: false, content: [] };

const records = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 6 }).filter((id) => !/[\u0000-\u001f]/.test(id)),
    value: fc.string({ maxLength: 4 }).filter((value) => !/[\u0000-\u001f]/.test(value)),
    status: fc.constantFrom('active' as const, 'inactive' as const),
  }),
  { selector: ({ id }) => id, maxLength: 30 },
);

test('the order of records does not matter', () => {
  fc.assert(
    fc.property(records, (list) => {
      const all = list.map(({ id, value, status }) => record(id, [value], { status }));
      expect(differs(all, all.toReversed())).toEqual(SAME);
    }),
  );
});

test.each<[string, StoredRecord[], boolean, boolean]>([
  ['a record is missing', [], true, true],
  ['a record too many', [record('u1'), record('u2')], true, true],
  ['another status', [record('u1', ['a'], { status: 'inactive' })], true, false],
  ['another productId', [record('u1', ['a'], { productId: 'p-other' })], true, false],
  ['moved', [record('u1', ['a'], { movedTo: 'u9' })], true, false],
  ['a field edited', [record('u1', ['b'])], false, true],
])('%s is seen', (_name, found, identity, content) => {
  const difference = differs([record('u1')], found);
  expect(difference.identity).toBe(identity);
  expect(difference.content.length > 0).toBe(content);
  if (!identity) expect(difference.content).toEqual([bucketOfId('u1')]);
});

test('values that change places are seen', () => {
  const one = [record('u1', ['a', 'b']), record('u2', ['c', 'd'])];
  const other = [record('u1', ['c', 'd']), record('u2', ['a', 'b'])];
  expect(differs(one, other).content.length).toBeGreaterThan(0);
});

const CHANGES: readonly Change[] = [
  {
    op: 'add',
    kind: 'user',
    productId: 'p-u3',
    before: null,
    after: { status: 'active', line: joinLine('u3', ['n']) },
  },
  {
    op: 'update',
    kind: 'user',
    productId: 'p-u1',
    before: imageOf(record('u1')),
    after: { status: 'active', line: joinLine('u1', ['z']) },
  },
  {
    op: 'deactivate',
    kind: 'user',
    productId: 'p-u2',
    before: imageOf(record('u2')),
    after: { status: 'inactive', line: joinLine('u2', ['a']) },
  },
];

const promiseOf = (changes: readonly Change[]): PlanPromise => {
  const promise = new PlanPromise();
  promise.startKind('user');
  promise.sawRecords('user', [record('u1'), record('u2')]);
  promise.sawChanges(changes);
  return promise;
};

const AFTER = [record('u1', ['z']), record('u2', ['a'], { status: 'inactive' }), record('u3', ['n'])];

test('a plan promises the table that its changes make', () => {
  const { kinds } = readPromise(writePromise(promiseOf(CHANGES)));
  expect(differenceOf(kinds.get('user')!, digestOf(AFTER))).toEqual({ identity: false, content: new Set() });
  expect([...kinds.keys()]).toEqual(['user']);
});

test('changes that are taken back promise what was before', () => {
  const promise = promiseOf(CHANGES);
  promise.withoutChanges(CHANGES);
  const before = digestOf([record('u1'), record('u2')]);
  expect(differenceOf(promise.kinds.get('user')!, before)).toEqual({ identity: false, content: new Set() });
});

test('a re-key promises both of its records, with their productIds changed over (R12)', () => {
  const promise = new PlanPromise();
  promise.startKind('user');
  promise.sawRecords('user', [record('old')]);
  promise.sawChanges([
    {
      op: 'add',
      kind: 'user',
      productId: 'p-old',
      before: null,
      after: { status: 'active', line: joinLine('new', ['a']) },
      partner: {
        op: 'deactivate',
        kind: 'user',
        productId: 'p-new',
        productIdBefore: 'p-old',
        before: imageOf(record('old')),
        after: { status: 'inactive', line: joinLine('old', ['a']), movedTo: 'new' },
      },
    },
  ]);
  const found = digestOf([
    record('new', ['a'], { productId: 'p-old' }),
    record('old', ['a'], { status: 'inactive', productId: 'p-new', movedTo: 'new' }),
  ]);
  expect(differenceOf(promise.kinds.get('user')!, found)).toEqual({ identity: false, content: new Set() });
});
