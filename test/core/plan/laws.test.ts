import fc from 'fast-check';
import { readTable } from '../../../lib/adapters/csv/csv-table.ts';
import { RECORD_KINDS } from '../../../lib/core/oneroster/kinds.ts';
import { idOfLine, joinLine } from '../../../lib/core/oneroster/record-line.ts';
import { storedColumnsOf } from '../../../lib/core/oneroster/tables.ts';
import { makeZip, openBytes } from '../../adapters/zip/make-zip.ts';
import { ModelTable } from '../../support/model-table.ts';
import { planAgainst, sync } from '../../support/plan-trial.ts';
import { RosterModel } from '../../support/roster-model.ts';
import {
  type PortalEdit,
  portalEdits,
  shapelyDeliveries,
  shuffles,
  soundDeliveries,
  wildDeliveries,
} from '../../support/small-deliveries.ts';
import { filesOf, type SmallDelivery, uploadOf, type Writing } from '../../support/small-delivery.ts';

/** `LAW_RUNS=2000 npx jest test/core/plan` looks longer. */
const RUNS = { numRuns: Number(process.env['LAW_RUNS'] ?? 30) };
const WITHOUT_PRODUCTS = { products: false };

const written = (delivery: SmallDelivery, writing?: Writing) => uploadOf(filesOf(delivery, writing));
const nights = fc.array(fc.tuple(fc.oneof(soundDeliveries, wildDeliveries), portalEdits), { maxLength: 2 });

/** A table that has seen a few nights of anything, and a Portal that edits. */
async function tableAfter(past: readonly (readonly [SmallDelivery, readonly PortalEdit[]])[]): Promise<ModelTable> {
  const table = new ModelTable();
  for (const [delivery, edits] of past) {
    await sync(written(delivery), table);
    for (const { kind, id, column, value } of edits) table.edit(kind, id, column, value);
  }
  return table;
}

/** What `sync` makes of a table. */
async function imageAfter(delivery: SmallDelivery, before: ModelTable, writing?: Writing) {
  const table = before.clone();
  const { result } = await sync(written(delivery, writing), table);
  return { table: table.image(WITHOUT_PRODUCTS), files: result.files, errors: result.findingCounts.error };
}

test('R1 R4 R5 R5b R6: a sync makes the table what the plain reading of the rules says, whatever was sent before', async () => {
  await fc.assert(
    fc.asyncProperty(nights, wildDeliveries, async (past, delivery) => {
      const table = await tableAfter(past);
      const expected = new RosterModel(delivery, table).image();
      await sync(written(delivery), table);
      expect(table.image(WITHOUT_PRODUCTS)).toEqual(expected);
    }),
    RUNS,
  );
});

test('R1 R4: after a full and sound export the active records are exactly its rows, and no other record is gone', async () => {
  await fc.assert(
    fc.asyncProperty(nights, soundDeliveries, async (past, delivery) => {
      const table = await tableAfter(past);
      const known = table.all().map(({ kind, line, productId }) => `${kind} ${idOfLine(line)} ${productId}`);
      await sync(written(delivery), table);
      const active = table.all().filter(({ status }) => status === 'active');
      expect(active.map(({ kind, line }) => `${kind} ${line}`).toSorted()).toEqual(linesOf(delivery).toSorted());
      const kept = table.all().map(({ kind, line, productId }) => `${kind} ${idOfLine(line)} ${productId}`);
      expect(kept).toEqual(expect.arrayContaining(known));
    }),
    RUNS,
  );
});

const linesOf = (delivery: SmallDelivery): string[] =>
  RECORD_KINDS.flatMap((kind) =>
    delivery[kind].rows.map(({ id, cells }) => {
      const values = storedColumnsOf(kind).map(({ name }) => cells[name]?.means ?? '');
      return `${kind} ${joinLine(id, values)}`;
    }),
  );

test('R1: the same delivery planned again changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(nights, wildDeliveries, async (past, delivery) => {
      const table = await tableAfter(past);
      await sync(written(delivery), table);
      const again = await planAgainst(written(delivery), table);
      expect(again.changes).toEqual([]);
    }),
    RUNS,
  );
});

test('R1: what was edited in the table since is set back, although the file did not change', async () => {
  const edits = portalEdits.filter((each) => each.length > 0);
  await fc.assert(
    fc.asyncProperty(soundDeliveries, edits, async (delivery, changes) => {
      const table = new ModelTable();
      await sync(written(delivery), table);
      const before = table.image();
      const touched = changes.filter(({ kind, id, column, value }) => table.edit(kind, id, column, value));
      const unsound = table.all().filter(({ sound }) => !sound).length;
      const differing = Object.values(table.image()).filter((text) => !Object.values(before).includes(text)).length;
      const { result } = await sync(written(delivery), table);
      expect(table.image()).toEqual(before);
      expect(table.all().every(({ sound }) => sound)).toBe(true);
      const updates = Object.values(result.changes).reduce((sum, { update }) => sum + update, 0);
      expect(updates).toBeGreaterThanOrEqual(Math.max(unsound, differing));
      expect(updates).toBeLessThanOrEqual(touched.length);
    }),
    RUNS,
  );
});

test('R5 R8: the order of rows does not matter', async () => {
  await fc.assert(
    fc.asyncProperty(nights, wildDeliveries, shuffles, async (past, delivery, shuffle) => {
      const table = await tableAfter(past);
      const entries = RECORD_KINDS.map((kind) => [kind, { ...delivery[kind], rows: shuffle(delivery[kind].rows) }]);
      const shuffled = Object.fromEntries(entries) as SmallDelivery;
      const [one, other] = [await imageAfter(delivery, table), await imageAfter(shuffled, table)];
      expect({ ...other, errors: 0 }).toEqual({ ...one, errors: 0 });
    }),
    RUNS,
  );
});

test('R8: the order of columns and files, the line ends and the quotes do not matter', async () => {
  await fc.assert(
    fc.asyncProperty(nights, shapelyDeliveries, shuffles, fc.boolean(), async (past, delivery, shuffle, quoteAll) => {
      const table = await tableAfter(past);
      const other = await imageAfter(delivery, table, { shuffle, quoteAll, lineEnd: '\n' });
      expect(other).toEqual(await imageAfter(delivery, table));
    }),
    RUNS,
  );
});

test('R8: a zip, loose files and files in one folder are planned alike', async () => {
  await fc.assert(
    fc.asyncProperty(nights, wildDeliveries, async (past, delivery) => {
      const table = await tableAfter(past);
      const files = Object.entries(filesOf(delivery));
      const archive = await openBytes(
        await makeZip([
          { path: '__MACOSX/Export/._users.csv', content: 'x' },
          ...files.map(([name, content]) => ({ path: `Export/${name}`, content })),
        ]),
      );
      const zipped = archive.entries.map(({ path, size, open }) => ({
        path,
        bytes: size,
        read: () => readTable(open),
      }));
      const fromZip = await planAgainst({ packaging: 'zip', entries: zipped, faults: [] }, table.clone());
      const fromFolder = await planAgainst(written(delivery), table.clone());
      expect(fromZip.changes).toEqual(fromFolder.changes);
      expect(fromZip.result.files).toEqual(fromFolder.result.files);
      expect(fromZip.result.findings.filter(({ code }) => code !== 'enclosing-folder')).toEqual(
        fromFolder.result.findings,
      );
    }),
    RUNS,
  );
});

test('design §2: every row is counted once, valid or in error', async () => {
  await fc.assert(
    fc.asyncProperty(nights, wildDeliveries, async (past, delivery) => {
      const { result } = await planAgainst(written(delivery), await tableAfter(past));
      for (const { rows, valid, errors } of Object.values(result.files)) {
        expect(Math.min(valid, errors)).toBeGreaterThanOrEqual(0);
        expect(valid + errors).toBe(rows);
      }
      const { error, warning, info, byCode } = result.findingCounts;
      expect(Object.values(byCode).reduce((sum, count) => sum + count, 0)).toBe(error + warning + info);
      expect(result.findings).toHaveLength(error + warning + info);
    }),
    RUNS,
  );
});
