import { Readable } from 'node:stream';
import { type AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DYNAMODB } from '../../lambdas/sso/wire.ts';

type Item = Record<string, AttributeValue>;
interface Input {
  readonly Key: Item;
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
  /** Conditions of transactions are taken to hold: they only fill the table here. */
  readonly TransactItems: readonly {
    readonly Put?: { readonly Item: Item };
    readonly Delete?: { readonly Key: Item };
  }[];
}

const textOf = (body: string | Uint8Array) => (typeof body === 'string' ? body : new TextDecoder().decode(body));
const idOf = (item: Item) => `${item['pk']?.S} ${item['sk']?.S}`;

/** Whether a condition of the sign-on's adapters holds: comparisons become `1` or `0`, then AND and OR are worked out. */
function holds({ ConditionExpression, ExpressionAttributeValues = {} }: Input, stored: Item): boolean {
  let text = ConditionExpression.replace(/attribute_exists\((\w+)\)/g, (_, name) => (stored[name] ? '1' : '0'))
    .replace(/attribute_not_exists\((\w+)\)/g, (_, name) => (stored[name] ? '0' : '1'))
    .replace(/(\w+) = (:\w+)/g, (_, name, value) =>
      stored[name]?.S === ExpressionAttributeValues[value]?.S ? '1' : '0',
    );
  for (let before = ''; before !== text; ) {
    before = text;
    text = text
      .replace(/\(([01])\)/g, '$1')
      .replace(/([01]) AND ([01])/, (_, a, b) => (a === '1' && b === '1' ? '1' : '0'));
    if (text === before) text = text.replace(/([01]) OR ([01])/, (_, a, b) => (a === '1' || b === '1' ? '1' : '0'));
  }
  return text === '1';
}

/** `SET a = :a, …`, `ADD a :a` and `DELETE a :a`, the last two on sets of texts. */
function change(
  item: Item,
  { UpdateExpression, ExpressionAttributeNames = {}, ExpressionAttributeValues = {} }: Input,
): void {
  const nameOf = (name: string) => ExpressionAttributeNames[name] ?? '';
  for (const [, name = '', value = ''] of UpdateExpression.matchAll(/(#\w+) = (:\w+)/g))
    item[nameOf(name)] = ExpressionAttributeValues[value] ?? { NULL: true };
  for (const [, verb, name = '', value = ''] of UpdateExpression.matchAll(/(ADD|DELETE) (#\w+) (:\w+)/g)) {
    const given = ExpressionAttributeValues[value]?.SS ?? [];
    const there = (item[nameOf(name)]?.SS ?? []).filter((each) => !given.includes(each));
    const left = verb === 'ADD' ? [...there, ...given] : there;
    if (left.length > 0) item[nameOf(name)] = { SS: left };
    else delete item[nameOf(name)];
  }
}

/**
 * The SDK's own client over a table in memory: everything of the SDK counts (signing, writing and reading JSON), no
 * network and no server do. Knows the calls and expressions of the sign-on and no others.
 */
export function memoryTable(): { readonly client: DynamoDBClient; readonly put: (item: Item) => void } {
  const rows = new Map<string, Item>();
  const put = (item: Item) => void rows.set(idOf(item), item);
  const answer = (operation: string, input: Input): [number, object] => {
    const stored = input.Key ? rows.get(idOf(input.Key)) : undefined;
    if (operation === 'GetItem') return [200, stored ? { Item: stored } : {}];
    if (operation === 'TransactWriteItems') {
      for (const { Put, Delete } of input.TransactItems) {
        if (Put) put(Put.Item);
        if (Delete) rows.delete(idOf(Delete.Key));
      }
      return [200, {}];
    }
    if (operation !== 'UpdateItem') throw new Error(`the table in memory has no ${operation}`);
    if (!holds(input, stored ?? {})) return [400, { __type: 'ConditionalCheckFailedException' }];
    const item = stored ?? { ...input.Key };
    change(item, input);
    put(item);
    return [200, { Attributes: item }];
  };
  const requestHandler = {
    async handle(request: { readonly headers: Readonly<Record<string, string>>; readonly body: string | Uint8Array }) {
      const operation = request.headers['x-amz-target']?.split('.')[1] ?? '';
      const [statusCode, body] = answer(operation, JSON.parse(textOf(request.body)) as Input);
      const headers = { 'content-type': 'application/x-amz-json-1.0' };
      return { response: { statusCode, headers, body: Readable.from([Buffer.from(JSON.stringify(body))]) } };
    },
  };
  const client = new DynamoDBClient({
    ...DYNAMODB,
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    requestHandler: requestHandler as never,
  });
  client.middlewareStack.remove('loggerMiddleware');
  return { client, put };
}
