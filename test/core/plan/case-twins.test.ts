import fc from 'fast-check';
import { joinLine } from '../../../lib/core/oneroster/record-line.ts';
import { findCaseTwins } from '../../../lib/core/plan/case-twins.ts';
import { ROW_DAMAGED, ROW_USABLE, RowStore } from '../../../lib/core/plan/row-store.ts';

function storeOf(ids: readonly string[], states: readonly number[] = []): RowStore {
  const store = new RowStore();
  ids.forEach((id, at) => {
    if (store.find(id) < 0) store.append(id, joinLine(id, ['x', 'y']), states[at] ?? ROW_USABLE, at + 2);
  });
  return store;
}

const twinsOf = (store: RowStore): string[] => [...findCaseTwins(store)].map((index) => store.id(index));

test('the twins are the usable rows whose folded id an earlier usable row has, whatever the ids are made of', () => {
  const letters = fc.constantFrom('a', 'A', 'b', 'B', '1', 'é', 'É', 'k', '\u212a', 'İ', 'i', 'ß', '四', 'Σ', 'σ', 'ς');
  const ids = fc.array(fc.string({ unit: letters, minLength: 1, maxLength: 3 }), { maxLength: 80 });
  const states = fc.array(fc.constantFrom(ROW_USABLE, ROW_USABLE, ROW_DAMAGED), { maxLength: 80 });
  fc.assert(
    fc.property(ids, states, (given, of) => {
      const store = storeOf(given, of);
      const seen = new Set<string>();
      const expected: string[] = [];
      for (let index = 0; index < store.count; index++) {
        if (store.state(index) !== ROW_USABLE) continue;
        const folded = store.id(index).toLowerCase();
        if (seen.has(folded)) expected.push(store.id(index));
        seen.add(folded);
      }
      expect(twinsOf(store)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test('among 200,000 ids that share places by chance, exactly the twins are named', () => {
  const ids = Array.from({ length: 200_000 }, (_, n) => `e-${n.toString(36)}`);
  expect(twinsOf(storeOf(ids))).toEqual([]);
  expect(twinsOf(storeOf([...ids, 'E-1K', 'x', 'e-1K']))).toEqual(['E-1K', 'e-1K']);
});

test('a file of nothing but twins is looked through in one go', () => {
  const ids = Array.from({ length: 50_000 }, (_, n) => [`a${n}`, `A${n}`]).flat();
  expect(twinsOf(storeOf(ids))).toHaveLength(50_000);
});
