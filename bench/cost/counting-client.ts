/** What a district cost: calls by `service operation`, and DynamoDB's units. */
export interface Tally {
  readonly calls: Map<string, number>;
  readUnits: number;
  writeUnits: number;
}

/** An empty tally. */
export const newTally = (): Tally => ({ calls: new Map(), readUnits: 0, writeUnits: 0 });

interface Arguments {
  readonly input: Record<string, unknown>;
}
interface Answer {
  readonly output: Record<string, unknown>;
}
type Next = (args: Arguments) => Promise<Answer>;

/** What the clients of the SDK share, as far as it is used here. */
interface Client {
  readonly middlewareStack: {
    add(
      middleware: (next: never, context: { readonly commandName?: string }) => (args: never) => Promise<unknown>,
      options: { readonly step: 'initialize'; readonly name: string },
    ): void;
  };
}

/**
 * Makes a client count its calls into the tally, once each whatever the SDK repeats. Reads ask DynamoDB for their units;
 * units of writes are worked out from the request, because the local server knows those of the table only.
 *
 * @param answer what to answer instead of sending, for a service that is not there
 */
export function countCalls<C>(client: C, service: string, tally: () => Tally, answer?: Record<string, unknown>): C {
  const count = (next: Next, context: { readonly commandName?: string }) => async (args: Arguments) => {
    const operation = (context.commandName ?? 'Unknown').replace(/Command$/, '');
    const into = tally();
    const name = `${service} ${operation}`;
    into.calls.set(name, (into.calls.get(name) ?? 0) + 1);
    if (answer) return { output: answer, response: {} };
    if (service !== 'dynamodb') return next(args);
    into.writeUnits += writeUnitsOf(operation, args.input);
    if (!/^(Query|GetItem|BatchGetItem)$/.test(operation)) return next(args);
    const result = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
    const consumed = [result.output['ConsumedCapacity'] ?? []].flat() as { readonly CapacityUnits?: number }[];
    into.readUnits += consumed.reduce((sum, each) => sum + (each.CapacityUnits ?? 0), 0);
    return result;
  };
  (client as Client).middlewareStack.add(count as never, { step: 'initialize', name: 'countCalls' });
  return client;
}

type Attributes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
interface Part {
  readonly Put?: { readonly Item: Attributes };
}

/**
 * Units of a write: 1 for each KB of an item and for each KB of each index entry; the item's own twice in a transaction.
 * What it cannot see counts 1: a deleted or updated item, the checked fence row. Index entries that go are not seen.
 */
export function writeUnitsOf(operation: string, input: Readonly<Record<string, unknown>>): number {
  if (operation === 'TransactWriteItems') {
    const parts = (input['TransactItems'] ?? []) as readonly Part[];
    return parts.reduce((sum, { Put }) => sum + (Put ? putUnits(Put.Item, 2) : 2), 0);
  }
  if (operation === 'PutItem') return putUnits(input['Item'] as Attributes, 1);
  return /^(Update|Delete)Item$/.test(operation) ? 1 : 0;
}

function putUnits(item: Attributes, factor: number): number {
  const kilobytes = Math.max(1, Math.ceil(sizeOf(item) / 1024));
  const indexes = ['gsi1pk', 'gsi2pk'].filter((name) => name in item).length;
  return kilobytes * (factor + indexes);
}

/** Names and values in UTF-8, as DynamoDB counts; its few bytes for lists and numbers do not matter here. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + 1 + sizeOf(each), 3);
  if (typeof value !== 'object' || value === null) return 1;
  return Object.entries(value).reduce(
    (sum, [name, each]) => sum + (/^(S|N|L|M|BOOL|SS|NULL)$/.test(name) ? 0 : Buffer.byteLength(name)) + sizeOf(each),
    0,
  );
}
