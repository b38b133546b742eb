import fc from 'fast-check';
import { joinLine } from '../../../lib/core/oneroster/record-line.ts';
import { ROW_DAMAGED, ROW_REMOVE, ROW_USABLE, RowStore } from '../../../lib/core/plan/row-store.ts';

const texts = fc.string({ unit: fc.constantFrom('a', 'B', '0', '-', 'é', '四', '😀', '\ufeff', ' '), maxLength: 12 });

test('a store is a map from id to line, state and row, whatever the ids are made of', () => {
  const records = fc.array(fc.tuple(texts, texts, fc.constantFrom(ROW_USABLE, ROW_REMOVE, ROW_DAMAGED)), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(records, fc.array(texts), (added, strangers) => {
      const store = new RowStore();
      const map = new Map<string, { line: string; state: number; row: number }>();
      added.forEach(([id, text, state], row) => {
        if (map.has(id)) return;
        const line = joinLine(id, [text]);
        map.set(id, { line, state, row });
        store.append(id, line, state, row);
      });
      expect(store.count).toBe(map.size);
      for (const [id, { line, state, row }] of map) {
        const at = store.find(id);
        expect([store.line(at), store.state(at), store.rowOf(at)]).toEqual([line, state, row]);
        expect(store.equals(at, line)).toBe(true);
        expect(store.equals(at, `${line}x`)).toBe(false);
        expect(store.equals(at, line.slice(0, -1))).toBe(false);
      }
      for (const id of strangers) expect(store.find(id) >= 0).toBe(map.has(id));
    }),
  );
});

test('an id is found whole: neither a longer nor a shorter one is taken for it', () => {
  const store = new RowStore();
  store.append('ab', joinLine('ab', ['c']), ROW_USABLE, 2);
  expect(['a', 'abc', 'AB', 'ab\u001fc', ''].map((id) => store.find(id))).toEqual([-1, -1, -1, -1, -1]);
  expect(store.find('ab')).toBe(0);
});

test('flags do not disturb each other', () => {
  const store = new RowStore();
  const at = store.append('a', joinLine('a', ['']), ROW_USABLE, 2);
  store.markSeen(at);
  store.markSelf(at);
  expect([store.state(at), store.wasSeen(at), store.refersToSelf(at), store.isPending(at)]).toEqual([
    ROW_USABLE,
    true,
    true,
    false,
  ]);
  store.setState(at, ROW_DAMAGED);
  store.markPending(at);
  expect([store.state(at), store.wasSeen(at), store.refersToSelf(at), store.isPending(at)]).toEqual([
    ROW_DAMAGED,
    true,
    true,
    true,
  ]);
});

test('more than one chunk of lines, and many times the first size of the index', () => {
  const store = new RowStore();
  const count = 60_000;
  const lineOf = (i: number) => joinLine(`${i % 7 === 0 ? 'é' : 'e'}${i}`, ['x'.repeat(180 + (i % 50)), String(i)]);
  for (let i = 0; i < count; i++)
    store.append(lineOf(i).slice(0, lineOf(i).indexOf('\u001f')), lineOf(i), ROW_USABLE, i + 2);
  let wrong = 0;
  for (let i = 0; i < count; i++) {
    const at = store.find(`${i % 7 === 0 ? 'é' : 'e'}${i}`);
    if (at !== i || store.line(at) !== lineOf(i) || !store.equals(at, lineOf(i))) wrong++;
    if (store.find(`e-${i}`) !== -1) wrong++;
  }
  expect(wrong).toBe(0);
});

test('a line as long as a row may be fits, whether the store is empty or nearly full', () => {
  const long = 'y'.repeat(1024 * 1024);
  const store = new RowStore();
  for (let i = 0; i < 12; i++) {
    store.append(`long${i}`, joinLine(`long${i}`, [long]), ROW_USABLE, i);
    store.append(`short${i}`, joinLine(`short${i}`, ['']), ROW_USABLE, i);
  }
  for (let i = 0; i < 12; i++)
    expect(store.line(store.find(`long${i}`))).toHaveLength(long.length + `long${i}`.length + 1);
  expect(store.equals(store.find('short7'), joinLine('short7', ['']))).toBe(true);
});

test('a line that no chunk can hold is a defect, not a wrong answer', () => {
  const store = new RowStore();
  expect(() => store.append('a', joinLine('a', ['z'.repeat(3 * 1024 * 1024)]), ROW_USABLE, 2)).toThrow(RangeError);
});
