import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Key } from '../../contracts/table-keys.ts';
import { CONDITION_FAILED, createRetry, RETRY_POLICY, type Retry, type RetryOptions } from './retry-policy.ts';

export type Item = Record<string, AttributeValue>;

/** One Query: a partition, and optionally how its sort keys start. Base table reads are strongly consistent. */
export interface TableQuery {
  readonly partition: string;
  readonly sortPrefix?: string;
  readonly newestFirst?: boolean;
  readonly limit?: number;
  readonly index?: 'gsi1' | 'gsi2';
  /** Attributes to return; all of them when absent. */
  readonly attributes?: readonly string[];
}

export interface QueryPage {
  readonly items: Item[];
  readonly nextKey: Item | undefined;
}

/** A condition, in DynamoDB's expression language. */
export interface Condition {
  readonly expression: string;
  readonly names?: Record<string, string>;
  readonly values?: Item;
}

/** A part of a transaction, without the table's name. */
export type Part =
  | { readonly put: Item; readonly condition?: Condition }
  | { readonly remove: Key; readonly condition?: Condition }
  /** `change`: an update expression; its names and values stand in the condition. */
  | { readonly update: Key; readonly change: string; readonly condition: Condition }
  | { readonly check: Key; readonly condition: Condition };

/** `refused`: indexes of the parts whose condition did not hold; nothing was written then. */
export type TransactOutcome = { readonly done: true } | { readonly done: false; readonly refused: readonly number[] };

/** The few calls that the adapters make on the state table, each retried by `RETRY_POLICY`. */
export interface TableClient {
  get(key: Key): Promise<Item | null>;
  /** Any number of keys, strongly consistent, in no particular order. Missing ones are missing. */
  getMany(keys: readonly Key[], attributes: readonly string[]): Promise<Item[]>;
  page(query: TableQuery, startKey?: Item): Promise<QueryPage>;
  /** All items of a query, at most `limit`. */
  all(query: TableQuery): Promise<Item[]>;
  /** The new item; null where the condition does not hold. */
  update(key: Key, change: Condition, condition: string): Promise<Item | null>;
  transact(parts: readonly Part[]): Promise<TransactOutcome>;
  /** Deletes any number of rows, whatever they hold; absent ones are fine. Not at once: a crash leaves some. */
  removeMany(keys: readonly Key[]): Promise<void>;
}

/** BatchGetItem takes 100 keys. */
const KEYS_PER_GET = 100;

/** BatchWriteItem takes 25 deletes. */
const KEYS_PER_DELETE = 25;

/** The state table through the AWS SDK. */
export function createTableClient(client: DynamoDBClient, tableName: string, options?: RetryOptions): TableClient {
  const retry = createRetry(options);
  const page = (query: TableQuery, startKey?: Item) =>
    retry(async (): Promise<QueryPage> => {
      const answer = await client.send(new QueryCommand(queryInput(tableName, query, startKey)));
      return { items: answer.Items ?? [], nextKey: answer.LastEvaluatedKey };
    });
  return {
    page,
    get: (key) =>
      retry(async () => {
        const { Item } = await client.send(
          new GetItemCommand({ TableName: tableName, Key: keyItem(key), ConsistentRead: true }),
        );
        return Item ?? null;
      }),
    getMany: (keys, attributes) => getMany(client, retry, tableName, keys, attributes),
    async all(query) {
      const items: Item[] = [];
      let next: Item | undefined;
      do {
        const { items: found, nextKey } = await page(query, next);
        items.push(...found);
        next = nextKey;
      } while (next && items.length < (query.limit ?? Number.POSITIVE_INFINITY));
      return query.limit === undefined ? items : items.slice(0, query.limit);
    },
    update: (key, change, condition) =>
      retry(async () => {
        try {
          const { Attributes } = await client.send(
            new UpdateItemCommand({
              TableName: tableName,
              Key: keyItem(key),
              UpdateExpression: change.expression,
              ConditionExpression: condition,
              ...(change.names ? { ExpressionAttributeNames: change.names } : {}),
              ...(change.values ? { ExpressionAttributeValues: change.values } : {}),
              ReturnValues: 'ALL_NEW',
            }),
          );
          return Attributes ?? {};
        } catch (error) {
          if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return null;
          throw error;
        }
      }),
    // Each attempt is a new request with a token of its own: a token used again could answer for an earlier attempt.
    transact: (parts) => retry(() => transactOnce(client, tableName, parts)),
    removeMany: (keys) => removeMany(client, retry, tableName, keys),
  };
}

async function transactOnce(
  client: DynamoDBClient,
  tableName: string,
  parts: readonly Part[],
): Promise<TransactOutcome> {
  try {
    const TransactItems = parts.map((part) => transactItem(tableName, part));
    await client.send(new TransactWriteItemsCommand({ TransactItems }));
    return { done: true };
  } catch (error) {
    const refused = refusedParts(error);
    if (refused.length === 0) throw error;
    return { done: false, refused };
  }
}

/**
 * The parts whose condition did not hold. None where the first part is undecided: it is the check of a lease or a fence,
 * and what the others mean depends on it, so the transaction is sent again.
 */
function refusedParts(error: unknown): readonly number[] {
  if (!(error instanceof Error) || error.name !== 'TransactionCanceledException') return [];
  const { CancellationReasons: reasons = [] } = error as { CancellationReasons?: readonly { Code?: string }[] };
  if ((reasons[0]?.Code ?? '') in RETRY_POLICY) return [];
  return reasons.flatMap(({ Code }, index) => (Code === CONDITION_FAILED ? [index] : []));
}

function transactItem(TableName: string, part: Part): TransactWriteItem {
  const condition = part.condition ? conditionFields(part.condition) : {};
  if ('put' in part) return { Put: { TableName, Item: part.put, ...condition } };
  if ('remove' in part) return { Delete: { TableName, Key: keyItem(part.remove), ...condition } };
  if ('update' in part) {
    const Key = keyItem(part.update);
    return { Update: { TableName, Key, UpdateExpression: part.change, ...conditionFields(part.condition) } };
  }
  return { ConditionCheck: { TableName, Key: keyItem(part.check), ...conditionFields(part.condition) } };
}

const conditionFields = ({ expression, names, values }: Condition) => ({
  ConditionExpression: expression,
  ...(names ? { ExpressionAttributeNames: names } : {}),
  ...(values ? { ExpressionAttributeValues: values } : {}),
});

export const keyItem = (key: Key): Item => ({ pk: { S: key.pk }, sk: { S: key.sk } });

function projection(attributes: readonly string[] | undefined) {
  if (!attributes) return { names: {}, fields: {} };
  const names = Object.fromEntries(attributes.map((attribute, index) => [`#a${index}`, attribute]));
  return { names, fields: { ProjectionExpression: Object.keys(names).join(', ') } };
}

function queryInput(TableName: string, query: TableQuery, startKey: Item | undefined) {
  const { names, fields } = projection(query.attributes);
  const prefix = query.index ?? '';
  const bySort = query.sortPrefix === undefined ? '' : ' AND begins_with(#sk, :sk)';
  return {
    TableName,
    ...(query.index ? { IndexName: query.index } : { ConsistentRead: true }),
    KeyConditionExpression: `#pk = :pk${bySort}`,
    ExpressionAttributeNames: {
      ...names,
      '#pk': `${prefix}pk`,
      ...(query.sortPrefix === undefined ? {} : { '#sk': `${prefix}sk` }),
    },
    ExpressionAttributeValues: {
      ':pk': { S: query.partition },
      ...(query.sortPrefix === undefined ? {} : { ':sk': { S: query.sortPrefix } }),
    },
    ...fields,
    ...(query.newestFirst ? { ScanIndexForward: false } : {}),
    ...(query.limit === undefined ? {} : { Limit: query.limit }),
    ...(startKey ? { ExclusiveStartKey: startKey } : {}),
  };
}

async function getMany(
  client: DynamoDBClient,
  retry: Retry,
  tableName: string,
  keys: readonly Key[],
  attributes: readonly string[],
): Promise<Item[]> {
  const { names, fields } = projection(attributes);
  const found: Item[] = [];
  let open = keys.map(keyItem);
  while (open.length > 0) {
    const Keys = open.slice(0, KEYS_PER_GET);
    const answer = await retry(async () => {
      const request = { Keys, ConsistentRead: true, ...fields, ExpressionAttributeNames: names };
      const result = await client.send(new BatchGetItemCommand({ RequestItems: { [tableName]: request } }));
      const rest = result.UnprocessedKeys?.[tableName]?.Keys ?? [];
      // Nothing at all was processed: that is throttling, and DynamoDB asks for a wait.
      if (rest.length === Keys.length) throw Object.assign(new Error('no key'), { name: 'ThrottlingException' });
      return { items: result.Responses?.[tableName] ?? [], rest };
    });
    found.push(...answer.items);
    open = [...answer.rest, ...open.slice(KEYS_PER_GET)];
  }
  return found;
}

/** Requests on their way at the same time: one waits for its answer nearly all of the time. */
const DELETES_AT_ONCE = 4;

async function removeMany(
  client: DynamoDBClient,
  retry: Retry,
  tableName: string,
  keys: readonly Key[],
): Promise<void> {
  const open = [...new Map(keys.map((key) => [`${key.pk}\n${key.sk}`, key])).values()].map(keyItem);
  const work = async () => {
    for (let batch = open.splice(0, KEYS_PER_DELETE); batch.length > 0; batch = open.splice(0, KEYS_PER_DELETE)) {
      const requests = batch.map((Key) => ({ DeleteRequest: { Key } }));
      const rest = await retry(async () => {
        const { UnprocessedItems } = await client.send(
          new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }),
        );
        const left: Item[] = [];
        for (const { DeleteRequest } of UnprocessedItems?.[tableName] ?? [])
          if (DeleteRequest?.Key) left.push(DeleteRequest.Key);
        // Nothing at all was processed: that is throttling, and DynamoDB asks for a wait.
        if (left.length === requests.length) throw Object.assign(new Error('no key'), { name: 'ThrottlingException' });
        return left;
      });
      open.push(...rest);
    }
  };
  await Promise.all(Array.from({ length: DELETES_AT_ONCE }, work));
}
