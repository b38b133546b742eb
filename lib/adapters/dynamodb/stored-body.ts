import { isDeepStrictEqual } from 'node:util';
import type { Item } from './table-client.ts';

/** An object of ours as one attribute `body` (JSON). What conditions look at is stored beside it. */
export const bodyAttribute = (value: object): Item => ({ body: { S: JSON.stringify(value) } });

/** The object in `body`. A row without one is a defect. */
export function bodyOf<T>(item: Item): T {
  const text = item['body']?.S;
  if (text === undefined) throw new Error('a row of the state table has no body');
  return JSON.parse(text) as T;
}

/** Whether a row holds exactly this object: then a write that was refused is one that had already happened. */
export const holdsBody = (item: Item | null, value: object): boolean =>
  item !== null && isDeepStrictEqual(bodyOf(item), JSON.parse(JSON.stringify(value)));
