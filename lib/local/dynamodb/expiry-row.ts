import type { Item, TableDefinition } from 'dynalite/db/index.js';
import { expiryBound } from './row-keys.ts';

/** The end of an item in epoch seconds, or null when its attribute is absent, no number, or of no use as a time. */
export function expirySecond(attribute: string, item: Item | undefined): number | null {
  const text = item?.[attribute]?.['N'];
  const seconds = typeof text === 'string' ? Math.floor(Number(text)) : Number.NaN;
  return seconds >= 0 && seconds < 1e12 ? seconds : null;
}

/** The row that lists an item under the second of its end, so that a sweep reads only what has expired. */
export function expiryRow(
  table: TableDefinition,
  attribute: string,
  itemKey: string,
  item: Item | undefined,
): { type: 'put'; key: string; value: string } | null {
  const seconds = expirySecond(attribute, item);
  if (item === undefined || seconds === null) return null;
  const primaryKey = Object.fromEntries(table.KeySchema.map(({ AttributeName: name }) => [name, item[name]]));
  const key = `${expiryBound(table.TableName, seconds)}/${itemKey}`;
  return { type: 'put', key, value: JSON.stringify(primaryKey) };
}
