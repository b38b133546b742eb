import fc from 'fast-check';
import { FILE_OF_KIND, RECORD_KINDS, type RecordKind } from '../../../lib/core/oneroster/kinds.ts';
import { idOfLine } from '../../../lib/core/oneroster/record-line.ts';
import { TABLES } from '../../../lib/core/oneroster/tables.ts';
import { ModelTable } from '../../support/model-table.ts';
import { planAgainst, sync } from '../../support/plan-trial.ts';
import { RosterModel } from '../../support/roster-model.ts';
import { DEFECTS, soundDeliveries, wildDeliveries } from '../../support/small-deliveries.ts';
import {
  filesOf,
  type RowDefect,
  type SmallDelivery,
  type SmallMode,
  type SmallRow,
  uploadOf,
} from '../../support/small-delivery.ts';

const RUNS = { numRuns: Number(process.env['LAW_RUNS'] ?? 30) };
const UNREADABLE: readonly RowDefect[] = ['id-missing', 'id-control', 'id-scientific'];

const written = (delivery: SmallDelivery) => uploadOf(filesOf(delivery));
const kinds = fc.constantFrom(...RECORD_KINDS);

async function tableOf(...past: readonly SmallDelivery[]): Promise<ModelTable> {
  const table = new ModelTable();
  for (const delivery of past) await sync(written(delivery), table);
  return table;
}

const withRows = (delivery: SmallDelivery, kind: RecordKind, rows: readonly SmallRow[], mode?: SmallMode) => ({
  ...delivery,
  [kind]: { mode: mode ?? delivery[kind].mode, rows },
});

/** One row of a delivery made worse. */
type Damage = RowDefect | 'required-blank' | 'required-unreadable' | 'status-unreadable';
const damages = fc.constantFrom<Damage>(...DEFECTS, 'required-blank', 'required-unreadable', 'status-unreadable');

function damaged(kind: RecordKind, row: SmallRow, damage: Damage, which: number): SmallRow {
  if (damage === 'status-unreadable') return { ...row, status: 'deleted?' };
  if (damage !== 'required-blank' && damage !== 'required-unreadable') return { ...row, defect: damage };
  const required = TABLES[kind].columns.filter((column) => column.required);
  const column = required[which % required.length];
  if (column === undefined) return { ...row, defect: 'row-short' };
  const raw = damage === 'required-blank' ? '' : 'bell\u0007';
  return { ...row, cells: { ...row.cells, [column.name]: { raw, means: null } } };
}

const damagedRows = fc.tuple(kinds, fc.nat(), damages, fc.nat(20));

test('R5: a damaged row neither changes, removes nor adds the record that it names', async () => {
  await fc.assert(
    fc.asyncProperty(
      soundDeliveries,
      soundDeliveries,
      damagedRows,
      async (first, second, [kind, at, damage, which]) => {
        const table = await tableOf(first);
        const { rows } = second[kind];
        const spoilt = at % rows.length;
        const named = rows[spoilt]!.id;
        const before = table.get(kind, named);
        const worse = rows.map((row, i) => (i === spoilt ? damaged(kind, row, damage, which) : row));
        const { result } = await sync(written(withRows(second, kind, worse)), table);
        expect(table.get(kind, named)).toEqual(before);
        expect(result.files[FILE_OF_KIND[kind]]!.errors).toBeGreaterThan(0);
      },
    ),
    RUNS,
  );
});

test('R5: a sound row of the same id before or after a damaged one does not help it', async () => {
  const inPlace = damages.filter((damage) => !UNREADABLE.includes(damage as RowDefect) && !damage.startsWith('blank-'));
  const cases = fc.tuple(kinds, inPlace, fc.nat(20), fc.boolean());
  await fc.assert(
    fc.asyncProperty(soundDeliveries, soundDeliveries, cases, async (first, second, [kind, damage, which, before]) => {
      const table = await tableOf(first);
      const [row, ...others] = second[kind].rows;
      const bad = damaged(kind, row!, damage, which);
      const was = table.get(kind, row!.id);
      await sync(written(withRows(second, kind, before ? [bad, row!, ...others] : [row!, ...others, bad])), table);
      expect(table.get(kind, row!.id)).toEqual(was);
    }),
    RUNS,
  );
});

test('R5: while more ids are unreadable than last time, nothing of that kind is removed; adds and updates go on', async () => {
  const unreadable = fc.tuple(kinds, fc.constantFrom(...UNREADABLE), fc.integer({ min: 1, max: 3 }), fc.nat(3));
  await fc.assert(
    fc.asyncProperty(
      soundDeliveries,
      soundDeliveries,
      unreadable,
      async (first, second, [kind, defect, more, last]) => {
        const table = await tableOf(first);
        const extra = Array.from({ length: more }, () => ({ ...second[kind].rows[0]!, id: 'x', defect }));
        const delivery = withRows(second, kind, [...second[kind].rows, ...extra]);
        const lastUnreadableRows = { [FILE_OF_KIND[kind]]: last };
        const model = new RosterModel(delivery, table, lastUnreadableRows);
        const expected = model.image();
        const { result, changes } = await sync(written(delivery), table, { lastUnreadableRows });
        expect(table.image({ products: false })).toEqual(expected);
        const removed = changes.filter((change) => change.kind === kind && change.op === 'deactivate');
        if (more > last) expect(removed).toEqual([]);
        expect(result.findingCounts.byCode['removals-withheld'] ?? 0).toBe(more > last ? 1 : 0);
        expect(result.profile.unreadableRows[FILE_OF_KIND[kind]]).toBe(more);
      },
    ),
    RUNS,
  );
});

test('R5: one stray total line freezes a district for one night, not for ever', async () => {
  await fc.assert(
    fc.asyncProperty(soundDeliveries, soundDeliveries, async (first, second) => {
      const stray: SmallRow = { id: '', status: '', cells: {}, defect: 'id-missing' };
      const delivery = withRows(second, 'user', [...second.user.rows, stray]);
      const table = await tableOf(first);
      const { profile } = (await sync(written(delivery), table)).result;
      await sync(written(delivery), table, { lastUnreadableRows: profile.unreadableRows });
      const active = table.all().filter(({ kind, status }) => kind === 'user' && status === 'active');
      expect(active.map(({ line }) => idOfLine(line)).toSorted()).toEqual(
        second.user.rows.map(({ id }) => id).toSorted(),
      );
    }),
    RUNS,
  );
});

test('R6: absent and header-only files change nothing of their kind', async () => {
  const silent = fc.tuple(
    fc.subarray([...RECORD_KINDS], { minLength: 1 }),
    fc.constantFrom<SmallMode>('absent', 'header-only'),
  );
  await fc.assert(
    fc.asyncProperty(soundDeliveries, wildDeliveries, silent, async (first, second, [quiet, mode]) => {
      const delivery = quiet.reduce((before, kind) => withRows(before, kind, [], mode), second);
      const { changes, result } = await planAgainst(written(delivery), await tableOf(first));
      expect(changes.filter(({ kind }) => quiet.includes(kind))).toEqual([]);
      if (mode === 'header-only')
        expect(result.findingCounts.byCode['header-only']).toBeGreaterThanOrEqual(quiet.length);
    }),
    RUNS,
  );
});

test('R4: a delta changes only the ids that it lists', async () => {
  await fc.assert(
    fc.asyncProperty(soundDeliveries, wildDeliveries, async (first, second) => {
      const entries = RECORD_KINDS.map((kind) => [kind, { ...second[kind], mode: 'delta' }]);
      const delta = Object.fromEntries(entries) as SmallDelivery;
      const { changes } = await planAgainst(written(delta), await tableOf(first));
      const listed = RECORD_KINDS.flatMap((kind) => delta[kind].rows.map(({ id }) => `${kind} ${id}`));
      const strays = changes.filter(({ kind, after }) => !listed.includes(`${kind} ${idOfLine(after.line)}`));
      expect(strays).toEqual([]);
    }),
    RUNS,
  );
});

test('R4: a record that goes and comes back keeps its productId and counts once, as reactivate', async () => {
  await fc.assert(
    fc.asyncProperty(soundDeliveries, kinds, fc.nat(), fc.boolean(), async (delivery, kind, at, changed) => {
      const table = await tableOf(delivery);
      const before = table.image();
      const row = delivery[kind].rows[at % delivery[kind].rows.length]!;
      await sync(written(withRows(delivery, kind, [{ ...row, status: 'tobedeleted' }])), table);
      expect(table.get(kind, row.id)!.status).toBe('inactive');
      if (changed) table.edit(kind, row.id, 'dateLastModified', '2020-01-01');
      const { changes } = await sync(written(delivery), table);
      expect(table.image()).toEqual(before);
      expect(changes.filter((each) => each.kind === kind && idOfLine(each.after.line) === row.id)).toEqual([
        expect.objectContaining({ op: 'reactivate' }),
      ]);
    }),
    RUNS,
  );
});
