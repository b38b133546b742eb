import fc from 'fast-check';
import { RECORD_KINDS, type RecordKind } from '../../lib/core/oneroster/kinds.ts';
import { type Column, GRADES, storedColumnsOf } from '../../lib/core/oneroster/tables.ts';
import type { RowDefect, SmallCell, SmallDelivery, SmallFile, SmallMode, SmallRow } from './small-delivery.ts';
import { textOf } from './small-delivery.ts';

/** Ids that rows may have; few, so that days, duplicates and references meet. Two differ only in case, one is not ASCII. */
const IDS: Readonly<Record<RecordKind, readonly string[]>> = {
  org: ['o1', 'o2', 'O2', 'ö3'],
  academicSession: ['s1', 's2', 's3'],
  course: ['c1', 'c2', 'c3'],
  user: ['u1', 'u2', 'U2', 'u-4/四', 'u5'],
  class: ['k1', 'k2', 'k3'],
  enrollment: ['e1', 'e2', 'e3', 'e4', 'e5'],
  demographics: ['u1', 'u2', 'U2', 'u5'],
};

/** An id that no row has. */
const NOBODY = 'nobody';

const byKind = <T>(make: (kind: RecordKind) => T): Record<RecordKind, T> =>
  Object.fromEntries(RECORD_KINDS.map((kind) => [kind, make(kind)])) as Record<RecordKind, T>;

const cell = (raw: string, means: string | null = raw): SmallCell => ({ raw, means });
const BLANK = cell('');

/** Every way in which a row can be damaged as a whole. */
export const DEFECTS: readonly RowDefect[] = [
  'row-short',
  'row-long',
  'stray-quote',
  'id-missing',
  'id-control',
  'id-scientific',
  'blank-before-id',
  'blank-after-id',
];

/** Readable cells of a column; `pools` are the ids that references may have. */
function goodCell(column: Column, pools: Pools): fc.Arbitrary<SmallCell> {
  const filled = filledCell(column, pools);
  return column.required
    ? filled
    : fc.oneof({ weight: 1, arbitrary: fc.constant(BLANK) }, { weight: 2, arbitrary: filled });
}

type Pools = Readonly<Record<RecordKind, readonly string[]>>;

function filledCell(column: Column, pools: Pools): fc.Arbitrary<SmallCell> {
  const oneOf = (...cells: readonly SmallCell[]) => fc.constantFrom(...cells);
  switch (column.type) {
    case 'string':
      return oneOf(cell('Ann'), cell('Zoë, "Z"'), cell('  b '), cell('李'));
    case 'stringList':
      return oneOf(cell('a'), cell('a,b'), cell('a, b', 'a,b'));
    case 'grade':
      return fc.constantFrom(...GRADES, '7').map((grade) => cell(grade));
    case 'gradeList':
      return oneOf(cell('KG'), cell('01,02'), cell('01, 02', '01,02'));
    case 'userIdList':
      return oneOf(cell('{LDAP:1}'), cell('{LDAP:1}, {Fed:2}', '{LDAP:1},{Fed:2}'));
    case 'enumeration':
      return fc
        .tuple(fc.constantFrom(...column.values!), fc.boolean())
        .map(([value, shout]) => cell(shout ? value.toUpperCase() : value, value));
    case 'boolean':
      return oneOf(cell('true'), cell('false'), cell('TRUE', 'true'), cell('False', 'false'));
    case 'date':
      return oneOf(cell('2026-08-15'), cell('2028-02-29'), cell('2026-08-15T00:00:00Z', '2026-08-15'));
    case 'dateTime':
      return oneOf(cell('2026-08-15T06:30:00.000Z'), cell('2026-08-16'));
    case 'year':
      return oneOf(cell('2026'), cell('2027'));
    case 'id':
    case 'reference':
      return fc.constantFrom(...pools[column.target!]).map((id) => cell(id));
    case 'referenceList':
      return fc
        .array(fc.constantFrom(...pools[column.target!]), { minLength: 1, maxLength: 2 })
        .chain((ids) => oneOf(cell(ids.join(',')), cell(ids.join(', '), ids.join(','))));
  }
}

/** A cell that cannot be read; null for columns in which nothing is unreadable but a control character. */
function badCell(column: Column): SmallCell {
  switch (column.type) {
    case 'enumeration':
    case 'boolean':
      return cell('perhaps', null);
    case 'date':
    case 'dateTime':
      return cell('31/12/2026', null);
    case 'year':
      return cell('26', null);
    case 'id':
    case 'reference':
      return cell(' x', null);
    case 'referenceList':
      return cell('o1,,o2', null);
    case 'userIdList':
      return cell('12345', null);
    default:
      return cell('bell\u0007', null);
  }
}

/** How often things go wrong. */
interface Wildness {
  readonly badCells: boolean;
  readonly defects: boolean;
}

const TAME: Wildness = { badCells: false, defects: false };

/** The first in one of so many cases, else the second. */
const rarely = <T, U>(odd: fc.Arbitrary<T>, usual: fc.Arbitrary<U>, oneIn: number): fc.Arbitrary<T | U> =>
  fc.oneof({ weight: oneIn - 1, arbitrary: usual }, { weight: 1, arbitrary: odd });

function rowOf(kind: RecordKind, id: string, pools: Pools, wild: Wildness): fc.Arbitrary<SmallRow> {
  const cells = storedColumnsOf(kind).map((column) => {
    const good = goodCell(column, pools);
    if (!wild.badCells) return good;
    return rarely(fc.constantFrom(badCell(column), BLANK), good, 60);
  });
  const sound = fc.constant<RowDefect | null>(null);
  const defect = wild.defects ? rarely(fc.constantFrom(...DEFECTS), sound, 20) : sound;
  const alive = fc.constantFrom('', 'active');
  const status = wild.badCells ? rarely(fc.constant('tobedeleted'), alive, 10) : fc.constant('');
  return fc.tuple(fc.tuple(...cells), defect, status).map(([read, wrong, said]) => ({
    id,
    status: said,
    defect: wrong,
    cells: Object.fromEntries(storedColumnsOf(kind).map((column, i) => [column.name, read[i]!])),
  }));
}

/** Mostly ids that a row may have. */
const poolsWith = (ids: Pools, also: string): Pools =>
  byKind((kind) => [...ids[kind], ...ids[kind], ...ids[kind], ...ids[kind], also]);

function fileOf(kind: RecordKind, ids: readonly string[], pools: Pools, modes: readonly SmallMode[], wild: Wildness) {
  const rows = fc.tuple(...ids.map((id) => rowOf(kind, id, pools, wild)));
  const repeated = wild.badCells ? rarely(fc.nat(ids.length - 1), fc.constant(null), 5) : fc.constant(null);
  return fc.tuple(fc.constantFrom(...modes), rows, repeated).map(([mode, read, again]): SmallFile => {
    if (mode !== 'bulk' && mode !== 'delta') return { mode, rows: [] };
    return { mode, rows: again === null ? read : [...read, read[again]!] };
  });
}

/** A delivery of these files, which a failed law prints as CSV. */
const record = (files: Record<RecordKind, fc.Arbitrary<SmallFile>>): fc.Arbitrary<SmallDelivery> =>
  fc.record(files).map((delivery) => ({ ...delivery, [fc.toStringMethod]: () => printed(delivery) }));

const printed = (delivery: SmallDelivery): string =>
  RECORD_KINDS.map((kind) => `\n${kind} ${delivery[kind].mode}\n${textOf(kind, delivery[kind])}`).join('');

/** A full export as it should be: every file bulk with at least one row, ids once, every reference inside it. */
export const soundDeliveries: fc.Arbitrary<SmallDelivery> = fc
  .record(byKind((kind) => fc.subarray([...IDS[kind]], { minLength: 1 })))
  .chain((ids) => {
    const ofUsers = ids.demographics.filter((id) => ids.user.includes(id));
    const present = { ...ids, demographics: ofUsers.length > 0 ? ofUsers : [ids.user[0]!] };
    return record(byKind((kind) => fileOf(kind, present[kind], present, ['bulk'], TAME)));
  });

/** Anything that a real exporter may send, damaged rows, duplicates, dangling references and deltas included. */
export const wildDeliveries: fc.Arbitrary<SmallDelivery> = wildOf(
  ['bulk', 'bulk', 'bulk', 'bulk', 'bulk', 'bulk', 'delta', 'absent', 'header-only'],
  { badCells: true, defects: true },
);

/** The same, but a row's shape and id are always sound: such rows can be written in any order of columns. */
export const shapelyDeliveries: fc.Arbitrary<SmallDelivery> = wildOf(
  ['bulk', 'bulk', 'bulk', 'bulk', 'bulk', 'bulk', 'delta', 'absent', 'header-only'],
  { badCells: true, defects: false },
);

function wildOf(modes: readonly SmallMode[], wild: Wildness): fc.Arbitrary<SmallDelivery> {
  const pools = poolsWith(IDS, NOBODY);
  const ids = byKind((kind) =>
    fc.oneof(
      { weight: 4, arbitrary: fc.shuffledSubarray([...IDS[kind]], { minLength: 1 }) },
      { weight: 1, arbitrary: fc.array(fc.constantFrom(...IDS[kind]), { minLength: 1, maxLength: 6 }) },
    ),
  );
  return fc.record(ids).chain((chosen) => record(byKind((kind) => fileOf(kind, chosen[kind], pools, modes, wild))));
}

/** What the Portal may do between two syncs (R1): fields of synced records, or the index keys beside them. */
export interface PortalEdit {
  readonly kind: RecordKind;
  readonly id: string;
  readonly column: string | null;
  readonly value: string;
}

export const portalEdits: fc.Arbitrary<readonly PortalEdit[]> = fc.array(
  fc.constantFrom(...RECORD_KINDS).chain((kind) =>
    fc.record({
      kind: fc.constant(kind),
      id: fc.constantFrom(...IDS[kind]),
      column: fc.constantFrom(null, ...storedColumnsOf(kind).map(({ name }) => name)),
      value: fc.constantFrom('', 'edited', 'o1', 'nobody', 'u1,u2'),
    }),
  ),
  { maxLength: 6 },
);

/** A way to put things in another order, the same for the same seed. */
export const shuffles: fc.Arbitrary<<T>(items: readonly T[]) => T[]> = fc
  .integer({ min: 1, max: 1_000_000 })
  .map((seed) => <T>(items: readonly T[]): T[] => {
    const keyed = items.map((item, i) => ({ item, key: Math.imul(i + 1, seed * 2 + 1) % 65_537 }));
    return keyed.toSorted((a, b) => a.key - b.key).map(({ item }) => item);
  });
