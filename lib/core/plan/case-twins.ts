import { hashOf, ROW_USABLE, type RowStore } from './row-store.ts';

/**
 * Rows whose sourcedId equals that of an earlier row but for upper and lower case, by their index in the store, in the
 * order of the file. They are different records; people and spreadsheets take them for one. Needs twelve bytes for
 * each row while it runs, and time linear in the rows.
 */
export function* findCaseTwins(store: RowStore): Generator<number, void, undefined> {
  const mask = 2 ** Math.ceil(Math.log2(store.count + 1) + 1) - 1;
  const slots = new Int32Array(mask + 1);
  const hashes = new Uint32Array(store.count);
  for (let index = 0; index < store.count; index++) {
    if (store.state(index) !== ROW_USABLE) continue;
    const folded = foldedId(store, index);
    if (folded === folded.toUpperCase()) continue;
    const hash = hashOf(folded);
    hashes[index] = hash;
    let slot = hash & mask;
    let twin = false;
    for (; slots[slot] !== 0 && !twin; slot = (slot + 1) & mask) {
      const earlier = slots[slot]! - 1;
      twin = hashes[earlier] === hash && foldedId(store, earlier) === folded;
    }
    if (twin) yield index;
    else slots[slot] = index + 1;
  }
}

const foldedId = (store: RowStore, index: number): string => store.id(index).toLowerCase();
