import type { RowStore } from '../plan/row-store.ts';
import { hashText, SEED_HIGH, SEED_LOW } from './text-hash.ts';

/**
 * What a file says, in one short text: the same for the same rows in any order. Made of what is stored and of nothing
 * else (R10), so that it tells nobody a password; two exports that differ only in columns that are not stored look alike.
 */
export function contentHash(store: RowStore): string {
  let low = 0;
  let high = 0;
  for (let at = 0; at < store.count; at++) {
    const line = store.line(at);
    low = (low + hashText(line, SEED_LOW)) >>> 0;
    high = (high + hashText(line, SEED_HIGH)) >>> 0;
  }
  return `${store.count}-${low.toString(36)}-${high.toString(36)}`;
}
