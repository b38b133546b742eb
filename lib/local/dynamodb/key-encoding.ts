import type { AttributeValue, Item, KeyElement, TableDefinition } from 'dynalite/db/index.js';
import { rules } from './dynalite-parts.ts';

/** One attribute of a key, with its type: S, N or B. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: string;
}

/** The attributes of a key in order, partition key first. */
export function keyAttributes(table: TableDefinition, schema: readonly KeyElement[]): KeyAttribute[] {
  return schema.map(({ AttributeName: name }) => {
    const definition = table.AttributeDefinitions.find(({ AttributeName }) => AttributeName === name);
    return { name, type: definition?.AttributeType ?? '' };
  });
}

/** True when the item has each attribute of the key, each of its type and none empty. */
export function hasKey(key: readonly KeyAttribute[], item: Item): boolean {
  return key.every(({ name, type }) => {
    const content = item[name]?.[type];
    return typeof content === 'string' && content !== '';
  });
}

/**
 * dynalite's row key: a short hash of the partition key (so that segments of a scan are of one size), then each
 * attribute in an encoding that sorts as DynamoDB does. The item must have the key (`hasKey`).
 */
export function encodeKey(key: readonly KeyAttribute[], item: Item): string {
  let row = '';
  for (const { name, type } of key) {
    const content = (item[name] as AttributeValue)[type] as string;
    row += row === '' ? `${hashPrefix(content, type)}/` : '';
    row += `${rules.toRangeStr(content, type)}/`;
  }
  return row;
}

const maxPrefixes = 10_000;
const prefixes = new Map<string, string>();

/** dynalite's hash prefix of a partition key; a load asks for the same few over and over. */
function hashPrefix(content: string, type: string): string {
  if (type !== 'S') return rules.hashPrefix(content, type);
  let prefix = prefixes.get(content);
  if (prefix === undefined) {
    prefix = rules.hashPrefix(content, type);
    if (prefixes.size >= maxPrefixes) prefixes.clear();
    prefixes.set(content, prefix);
  }
  return prefix;
}
