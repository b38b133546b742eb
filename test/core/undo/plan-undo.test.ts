import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { FindingLog } from '../../../lib/core/oneroster/finding-log.ts';
import type { RecordKind } from '../../../lib/core/oneroster/kinds.ts';
import { idOfLine } from '../../../lib/core/oneroster/record-line.ts';
import { type Change, imageOf, recordsOf, type StoredRecord } from '../../../lib/core/plan/change.ts';
import type { UndoRequest } from '../../../lib/core/sync/sync.ts';
import { planUndo } from '../../../lib/core/undo/plan-undo.ts';
import { lineOf, userLine } from '../../adapters/conformance/changes.ts';

const WHOLE: UndoRequest = { syncId: 's-1', onlySchool: null, user: null, force: false };
const QUIET = { startTable() {}, sawTable() {}, sawChanges() {}, finish() {} };

type Table = ReadonlyMap<string, StoredRecord>;
const keyOf = (kind: RecordKind, line: string) => `${kind} ${idOfLine(line)}`;
const tableOf = (records: readonly StoredRecord[]): Table =>
  new Map(records.map((record) => [keyOf(record.kind, record.line), record]));

/** The table after changes, as an apply leaves it. */
function applied(table: Table, changes: readonly Change[]): Table {
  const next = new Map(table);
  for (const { kind, productId, after } of changes.flatMap(recordsOf)) {
    next.set(keyOf(kind, after.line), { kind, productId, sound: true, ...after });
  }
  return next;
}

async function undo(table: Table, changes: readonly Change[], request: UndoRequest = WHOLE) {
  const written: Change[] = [];
  const plan = await planUndo({
    request,
    watch: QUIET,
    log: new FindingLog(),
    applied: async function* (kind) {
      yield changes.filter((change) => change.kind === kind);
    },
    readTable: async function* (kind) {
      yield [...table.values()].filter((record) => record.kind === kind);
    },
    write: async (_section, batch) => void written.push(...batch),
  });
  return { plan, after: applied(table, written), written };
}

const user = (id: string, orgs: string, given: string, over: Partial<StoredRecord> = {}): StoredRecord => ({
  kind: 'user',
  status: 'active',
  productId: `p-${id}`,
  line: userLine(id, orgs, { givenName: given }),
  sound: true,
  ...over,
});

const update = (record: StoredRecord, line: string, status = record.status): Change => ({
  op: 'update',
  kind: record.kind,
  productId: record.productId,
  before: imageOf(record),
  after: { status, line },
});

const id = fc.constantFrom('u1', 'u2', 'u3', 'u4', 'u5', 'u6');
const image = fc.record({
  given: fc.constantFrom('Ann', 'Bea', 'Cid'),
  orgs: fc.constantFrom('s1', 's2', 's1,s2'),
  status: fc.constantFrom('active' as const, 'inactive' as const),
});
const rosters = fc.dictionary(id, image);

/** What turns one roster into another, as a plan has it: what is missing becomes inactive. */
function changesBetween(before: Table, wanted: Readonly<Record<string, { given: string; orgs: string }>>): Change[] {
  const changes: Change[] = [];
  for (const [uid, { given, orgs }] of Object.entries(wanted)) {
    const line = userLine(uid, orgs, { givenName: given });
    const old = before.get(`user ${uid}`);
    if (old === undefined) {
      changes.push({ op: 'add', kind: 'user', productId: `n-${uid}`, before: null, after: { status: 'active', line } });
    } else if (old.line !== line || old.status !== 'active') changes.push(update(old, line, 'active'));
  }
  for (const old of before.values()) {
    if (!(idOfLine(old.line) in wanted) && old.status === 'active') changes.push(update(old, old.line, 'inactive'));
  }
  return changes;
}

const asTable = (
  roster: Readonly<Record<string, { given: string; orgs: string; status: StoredRecord['status'] }>>,
): Table => tableOf(Object.entries(roster).map(([uid, { given, orgs, status }]) => user(uid, orgs, given, { status })));

test('R14: what is undone is what it was; what was added is inactive', () =>
  fc.assert(
    fc.asyncProperty(rosters, rosters, async (first, second) => {
      const before = asTable(first);
      const changes = changesBetween(before, second);
      const { plan, after } = await undo(applied(before, changes), changes);
      expect(plan.conflicts).toBe(0);
      for (const [key, record] of after) {
        if (before.has(key)) expect(record).toEqual(before.get(key));
        else expect(record.status).toBe('inactive');
      }
    }),
  ));

test('R14: records that changed since are left alone, and counted, unless forced', () =>
  fc.assert(
    fc.asyncProperty(rosters, rosters, fc.dictionary(id, image), async (first, second, third) => {
      const before = asTable(first);
      const changes = changesBetween(before, second);
      const now = new Map(applied(before, changes));
      for (const [uid, { given, orgs, status }] of Object.entries(third)) {
        const record = now.get(`user ${uid}`);
        if (record) now.set(`user ${uid}`, { ...record, status, line: userLine(uid, orgs, { givenName: given }) });
      }
      const { plan, written } = await undo(now, changes);
      const touched = new Set(written.map(({ after }) => idOfLine(after.line)));
      const done = applied(before, changes);
      let conflicts = 0;
      for (const change of changes) {
        const uid = idOfLine(change.after.line);
        const [was, is] = [done.get(`user ${uid}`)!, now.get(`user ${uid}`)!];
        const target = change.before ?? { ...imageOf(is), status: 'inactive' as const };
        const same = was.status === is.status && was.line === is.line;
        const there = target.status === is.status && target.line === is.line;
        if (!same && !there) conflicts++;
        expect(touched.has(uid)).toBe(same && !there);
      }
      expect(plan.conflicts).toBe(conflicts);
      expect(plan.conflicting).toHaveLength(conflicts);
      const forced = await undo(now, changes, { ...WHOLE, force: true });
      expect(forced.plan.conflicts).toBe(0);
      for (const change of changes) {
        const uid = idOfLine(change.after.line);
        if (change.before) expect(imageOf(forced.after.get(`user ${uid}`)!)).toEqual(change.before);
      }
    }),
  ));

describe('what an undo is about', () => {
  const people = [user('a', 's1', 'Ann'), user('b', 's2', 'Bea'), user('c', 's1,s2', 'Cid')];
  const enrollment = (eid: string, school: string, person: string): StoredRecord => ({
    kind: 'enrollment',
    status: 'active',
    productId: `p-${eid}`,
    line: lineOf('enrollment', eid, { schoolSourcedId: school, userSourcedId: person, role: 'student' }),
    sound: true,
  });
  const seats = [enrollment('e1', 's1', 'a'), enrollment('e2', 's2', 'b'), enrollment('e3', 's2', 'c')];
  const births: StoredRecord[] = ['a', 'b'].map((person) => ({
    kind: 'demographics',
    status: 'active',
    productId: `d-${person}`,
    line: lineOf('demographics', person, { birthDate: '2013-02-03' }),
    sound: true,
  }));
  const before = tableOf([...people, ...seats, ...births]);
  const changes = [...before.values()].map((record) => update(record, record.line, 'inactive'));
  const restored = async (request: Partial<UndoRequest>) => {
    const { written } = await undo(applied(before, changes), changes, { ...WHOLE, ...request });
    return written.map(({ kind, after }) => `${kind} ${idOfLine(after.line)}`).sort();
  };

  test.each<[string, Partial<UndoRequest>, string[]]>([
    ['one user', { user: 'a' }, ['demographics a', 'enrollment e1', 'user a']],
    ['one school', { onlySchool: 's2' }, ['demographics b', 'enrollment e2', 'enrollment e3', 'user b', 'user c']],
    ['a user of a school', { onlySchool: 's2', user: 'c' }, ['enrollment e3', 'user c']],
    ['nobody', { user: 'nobody' }, []],
  ])('%s', async (_name, request, expected) => {
    expect(await restored(request)).toEqual(expected);
  });
});

describe('what belongs to somebody who will not be active', () => {
  const record = (kind: RecordKind, status: StoredRecord['status'], line: string): StoredRecord => ({
    ...{ kind, status, line, productId: `p-${kind}`, sound: true },
  });
  const seat = (status: StoredRecord['status'], role = 'student') =>
    record('enrollment', status, lineOf('enrollment', 'e1', { userSourcedId: 'u1', classSourcedId: 'k1', role }));
  const born = (status: StoredRecord['status'], birthDate = '2013-02-03') =>
    record('demographics', status, lineOf('demographics', 'u1', { birthDate }));
  const pupil = (status: StoredRecord['status']) => user('u1', 's1', 'Ann', { status });
  const group = (status: StoredRecord['status']) =>
    record('class', status, lineOf('class', 'k1', { schoolSourcedId: 's1' }));
  const all = [seat('active'), born('active')];

  const undone = async (before: StoredRecord[], after: StoredRecord[], since: StoredRecord[], force: boolean) => {
    const now = tableOf(before);
    const changes = after.map((each) => update(now.get(keyOf(each.kind, each.line))!, each.line, each.status));
    const table = new Map([...applied(now, changes), ...tableOf(since)]);
    const { plan, after: result } = await undo(table, changes, { ...WHOLE, force });
    expect(plan.conflicting.filter(({ forceHelps }) => !forceHelps)).toHaveLength(plan.beyondForce);
    const back = before.filter((each) => isDeepStrictEqual(result.get(keyOf(each.kind, each.line)), each));
    return { back: back.map(({ kind }) => kind).sort(), conflicts: plan.conflicts };
  };
  const gone = [seat('inactive'), born('inactive')];

  test.each<[string, StoredRecord, string[]]>([
    ['the user', pupil('inactive'), ['class']],
    ['the class', group('inactive'), ['demographics', 'user']],
  ])('does not come back where %s went since, forced or not', async (_name, since, back) => {
    const before = [group('active'), pupil('active'), ...all];
    for (const force of [false, true]) {
      const found = await undone(before, gone, [since], force);
      expect(found).toEqual({ back, conflicts: since.kind === 'user' ? 2 : 1 });
    }
  });

  test('is not promised to come back by force where it would not', async () => {
    const before = [group('active'), pupil('active'), ...all];
    const table = new Map([
      ...applied(
        tableOf(before),
        gone.map((each) => update(each, each.line, 'inactive')),
      ),
    ]);
    const changes = all.map((each) => update(each, each.line, 'inactive'));
    const { plan } = await undo(new Map([...table, ...tableOf([pupil('inactive')])]), changes);
    expect(plan).toMatchObject({ conflicts: 2, beyondForce: 2 });
  });

  test('is promised to come back by force where the user does, and then it does', async () => {
    const before = [group('active'), pupil('active'), ...all];
    const now = tableOf(before);
    const changes = [pupil('active'), ...all].map((each) => update(each, each.line, 'inactive'));
    // The user was touched since, so nothing that hangs on them comes back without force.
    const touched = user('u1', 's1', 'Zoe', { status: 'inactive' });
    const table = new Map([...applied(now, changes), ...tableOf([touched])]);
    const { plan, written } = await undo(table, changes);
    expect(written).toEqual([]);
    expect(plan).toMatchObject({ conflicts: 3, beyondForce: 0 });
    const forced = await undo(table, changes, { ...WHOLE, force: true });
    expect(forced.plan).toMatchObject({ conflicts: 0, beyondForce: 0 });
    expect(forced.after).toEqual(now);
  });

  test('gets its values back where it is active all the same', async () => {
    const before = [group('active'), pupil('active'), ...all];
    const changed = [seat('active', 'aide'), born('active', '2014-05-06')];
    const found = await undone(before, changed, [pupil('inactive')], false);
    expect(found).toEqual({ back: ['class', 'demographics', 'enrollment'], conflicts: 0 });
  });

  test('comes back where it was so before that sync', async () => {
    const before = [group('active'), pupil('inactive'), born('active')];
    const found = await undone(before, [pupil('active'), born('inactive')], [], false);
    expect(found).toEqual({ back: ['class', 'demographics', 'user'], conflicts: 0 });
  });
});

describe('a re-key', () => {
  const old = user('old', 's1', 'Ann');
  const rekey: Change = {
    op: 'add',
    kind: 'user',
    productId: 'p-old',
    before: null,
    after: { status: 'active', line: userLine('new', 's1') },
    partner: {
      op: 'deactivate',
      kind: 'user',
      productId: 'p-new',
      productIdBefore: 'p-old',
      before: imageOf(old),
      after: { ...imageOf(old), status: 'inactive', movedTo: 'new' },
    },
  };
  const done = applied(tableOf([old]), [rekey]);

  test('goes back on both sides', async () => {
    const { after, plan } = await undo(done, [rekey]);
    expect(after.get('user old')).toEqual(old);
    expect(after.get('user new')).toMatchObject({ status: 'inactive', productId: 'p-new' });
    expect(plan).toMatchObject({ pairs: 1, conflicts: 0 });
  });

  test.each(['old', 'new'])('or on none, where %s changed since', async (side) => {
    const record = done.get(`user ${side}`)!;
    const now = new Map(done).set(`user ${side}`, { ...record, line: userLine(side, 's1', { givenName: 'Zoe' }) });
    const { written, plan } = await undo(now, [rekey]);
    expect(written).toEqual([]);
    expect(plan).toMatchObject({
      ...{ pairs: 0, conflicts: 1, beyondForce: 0 },
      conflicting: [{ kind: 'user', sourcedId: side, forceHelps: true }],
    });
  });

  test('since the undone sync is beyond force', async () => {
    const first = update(user('old', 's1', 'Amy'), old.line);
    const { plan, written } = await undo(done, [first], { ...WHOLE, force: true });
    expect(written).toEqual([]);
    expect(plan).toMatchObject({
      ...{ conflicts: 1, beyondForce: 1 },
      conflicting: [{ kind: 'user', sourcedId: 'old', forceHelps: false }],
    });
  });
});
