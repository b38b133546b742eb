import fc from 'fast-check';
import { filesOf, uploadOf } from '../../support/small-delivery.ts';
import { portalEdits, soundDeliveries, wildDeliveries } from '../../support/small-deliveries.ts';
import { ModelTable } from '../../support/model-table.ts';
import { RosterModel } from '../../support/roster-model.ts';
import { sync } from '../../support/plan-trial.ts';
import type { SmallDelivery, Writing } from '../../support/small-delivery.ts';

const RUNS = { numRuns: Number(process.env['LAW_RUNS'] ?? 60) };
const written = (delivery: SmallDelivery, writing?: Writing) => uploadOf(filesOf(delivery, writing));
const WITHOUT_PRODUCTS = { products: false };

test('R1 R4 R5 R5b R6: after a few days of anything, the table is what the plain reading of the rules says', async () => {
  const days = fc.array(fc.tuple(fc.oneof(soundDeliveries, wildDeliveries), portalEdits), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(days, async (nights) => {
      const table = new ModelTable();
      for (const [delivery, edits] of nights) {
        const expected = new RosterModel(delivery, table).image();
        await sync(written(delivery), table);
        expect(table.image(WITHOUT_PRODUCTS)).toEqual(expected);
        for (const { kind, id, column, value } of edits) table.edit(kind, id, column, value);
      }
    }),
    RUNS,
  );
});
