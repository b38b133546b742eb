import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Key } from '../../contracts/table-keys.ts';
import type { Condition, Item, TableClient } from './table-client.ts';

/** DynamoDB deletes late (within days), so every reader of a row with an end looks at the time itself. */
export const timeToLive = (epochSeconds: number): Item => ({ ttl: { N: String(Math.ceil(epochSeconds)) } });

/** `SET` of all these attributes. */
export function setting(attributes: Item): Condition {
  const entries = Object.entries(attributes);
  return {
    expression: `SET ${entries.map((_, index) => `#s${index} = :s${index}`).join(', ')}`,
    names: Object.fromEntries(entries.map(([name], index) => [`#s${index}`, name])),
    values: Object.fromEntries(entries.map(([, value], index) => [`:s${index}`, value])),
  };
}

/** Writes a row; what it held before is overwritten. One write unit, where a transaction costs two. */
export async function writeRow(table: TableClient, key: Key, attributes: Item): Promise<void> {
  await table.update(key, setting(attributes), 'attribute_exists(pk) OR attribute_not_exists(pk)');
}

/**
 * Marks a row as used, once. True for exactly one `attempt` ever: the same attempt sent again after a lost answer is
 * still the one. `fresh`: the row may not be there yet and is made; else it must be there.
 */
export async function markUsed(
  table: TableClient,
  key: Key,
  attempt: string,
  options: { readonly fresh: boolean; readonly attributes?: Item },
): Promise<Item | null> {
  const { expression, names = {}, values = {} } = setting({ usedBy: { S: attempt }, ...options.attributes });
  const unused = 'attribute_not_exists(usedBy) OR usedBy = :attempt';
  const condition = options.fresh ? unused : `attribute_exists(pk) AND (${unused})`;
  return table.update(key, { expression, names, values: { ...values, ':attempt': { S: attempt } } }, condition);
}

/** A text attribute that must be there. */
export function textOf(item: Item, name: string): string {
  const text = item[name]?.S;
  if (text === undefined) throw new Error('a row of the sign-on is damaged');
  return text;
}

/** A number attribute that must be there. */
export function numberOf(item: Item, name: string): number {
  const digits = item[name]?.N;
  if (digits === undefined) throw new Error('a row of the sign-on is damaged');
  return Number(digits);
}

/** Text and numbers as attributes; null leaves the attribute out. */
export function attributesOf(values: Readonly<Record<string, string | number | null>>): Item {
  const entries = Object.entries(values).flatMap(([name, value]): [string, AttributeValue][] =>
    value === null ? [] : [[name, typeof value === 'number' ? { N: String(value) } : { S: value }]],
  );
  return Object.fromEntries(entries);
}
