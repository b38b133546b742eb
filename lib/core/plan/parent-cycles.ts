import type { RecordKind } from '../oneroster/kinds.ts';
import { valuesOfLine } from '../oneroster/record-line.ts';
import { storedColumnsOf } from '../oneroster/tables.ts';
import { ROW_USABLE, type RowStore } from './row-store.ts';

/** Rows whose parents lead back to themselves. */
export interface ParentCycle {
  /** The row of the cycle that comes first in the file, by its index in the store. */
  readonly index: number;
  /** Rows in the cycle; 1: its own parent. */
  readonly length: number;
}

const UNSEEN = 0;
const ON_PATH = 1;
const DONE = 2;

/**
 * The cycles among the `parentSourcedId`s of a file's usable rows, each once; in time linear in the rows.
 * Parents that only the table has are not followed.
 */
export function findParentCycles(kind: RecordKind, store: RowStore): readonly ParentCycle[] {
  const column = storedColumnsOf(kind).findIndex(({ name }) => name === 'parentSourcedId');
  if (column < 0) return [];
  const seen = new Uint8Array(store.count);
  const cycles: ParentCycle[] = [];
  for (let start = 0; start < store.count; start++) {
    const path: number[] = [];
    let at = start;
    while (at >= 0 && seen[at] === UNSEEN) {
      seen[at] = ON_PATH;
      path.push(at);
      at = parentOf(store, at, column);
    }
    if (at >= 0 && seen[at] === ON_PATH) {
      const cycle = path.slice(path.indexOf(at));
      cycles.push({ index: Math.min(...cycle), length: cycle.length });
    }
    for (const index of path) seen[index] = DONE;
  }
  return cycles;
}

function parentOf(store: RowStore, index: number, column: number): number {
  if (!store.refersToSelf(index) || store.state(index) !== ROW_USABLE) return -1;
  return store.find(valuesOfLine(store.line(index))[column] ?? '');
}
