import type { Item, KeyRange, QueryTable, RequestData, Store, TableDefinition } from 'dynalite/db/index.js';
import { rules } from './dynalite-parts.ts';
import type { LevelDatabase } from './level-database.ts';
import { indexPrefix, itemPrefix } from './row-keys.ts';

/** A page ends with the item that reaches this size (DynamoDB: 1 MB), counted here as the JSON of its items. */
const pageBytes = 2 ** 20;

/** Items that go into the answer as they came from the database (`jsonOf`). */
class JsonTexts {
  readonly texts: readonly string[];

  constructor(texts: readonly string[]) {
    this.texts = texts;
  }
}

/** What a page needs besides dynalite's store; server.ts puts it there. */
interface PageSource {
  readonly database: LevelDatabase;
}

/**
 * dynalite's queryTable, the last step of Query and Scan, without its stream of single values: rows are read by the
 * hundred, and where nothing looks into the items (no filter, no projection) their stored JSON is the answer.
 */
export const queryTable: QueryTable = (store, table, data, range, isLocal, wholeItems, startKeyNames, done) => {
  const prefix = data['IndexName']
    ? indexPrefix(isLocal ? 'Local' : 'Global', table.TableName, String(data['IndexName']))
    : itemPrefix(table.TableName);
  readPage((store as Store & PageSource).database, prefix, range, data)
    .then(async ({ texts, isFull }) => {
      const rows = new Page(texts);
      if (wholeItems) await rows.replaceByWholeItems((store as Store & PageSource).database, table);
      done(null, pageAnswer(rows, isFull, data, isLocal, startKeyNames));
    })
    .catch(done);
};

interface PageRows {
  readonly texts: string[];
  /** There may be more rows after these. */
  readonly isFull: boolean;
}

async function readPage(
  database: LevelDatabase,
  prefix: string,
  range: KeyRange,
  data: RequestData,
): Promise<PageRows> {
  const limit = typeof data['Limit'] === 'number' ? data['Limit'] : Number.POSITIVE_INFINITY;
  const walk = database.values({ ...withPrefix(range, prefix), limit: -1, highWaterMarkBytes: pageBytes });
  const texts: string[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const more = await walk.nextv(Math.min(limit - texts.length, texts.length === 0 ? 100 : 1_000));
      if (more.length === 0) return { texts, isFull: false };
      for (const text of more) {
        texts.push(text);
        bytes += text.length;
        if (texts.length >= limit || bytes >= pageBytes) return { texts, isFull: true };
      }
    }
  } finally {
    await walk.close();
  }
}

function withPrefix(range: KeyRange, prefix: string): KeyRange {
  const { reverse = false } = range;
  const lower = range.gte !== undefined ? { gte: prefix + range.gte } : { gt: prefix + (range.gt ?? '') };
  const upper = range.lte !== undefined ? { lte: prefix + range.lte } : { lt: prefix + (range.lt ?? '\u00ff') };
  return { ...lower, ...upper, reverse };
}

/** The rows of a page, parsed when somebody looks into them. */
class Page {
  texts: readonly string[];
  #items: Item[] | null = null;

  constructor(texts: readonly string[]) {
    this.texts = texts;
  }

  items(): Item[] {
    this.#items ??= this.texts.map((text) => JSON.parse(text) as Item);
    return this.#items;
  }

  last(): Item | null {
    const text = this.texts.at(-1);
    return text === undefined ? null : (JSON.parse(text) as Item);
  }

  /** A local index that projects some attributes answers ALL_ATTRIBUTES from the table. */
  async replaceByWholeItems(database: LevelDatabase, table: TableDefinition): Promise<void> {
    const keys = this.items().map((item) => itemPrefix(table.TableName) + rules.createKey(item, table));
    const texts = await database.getMany(keys);
    this.texts = texts.filter((text) => text !== undefined);
    this.#items = null;
  }
}

function pageAnswer(
  page: Page,
  isFull: boolean,
  data: RequestData,
  isLocal: boolean | undefined,
  startKeyNames: readonly string[],
): Record<string, unknown> {
  const last = isFull ? page.last() : null;
  const seen = page.texts.length;
  const chosen = chooseItems(page, data);
  return {
    Count: chosen instanceof JsonTexts ? chosen.texts.length : chosen.length,
    ScannedCount: seen,
    ...(last ? { LastEvaluatedKey: Object.fromEntries(startKeyNames.map((name) => [name, last[name]])) } : {}),
    ...(data['Select'] === 'COUNT' ? {} : { Items: chosen }),
    ...consumedCapacity(page, data, isLocal),
  };
}

function chooseItems(page: Page, data: RequestData): JsonTexts | Item[] {
  const filter = data['_filter'] as { expression: unknown } | undefined;
  const oldFilter = data['QueryFilter'] ?? data['ScanFilter'];
  const projection = data['_projection'] as { paths: unknown } | undefined;
  const paths = projection?.paths ?? data['AttributesToGet'];
  if (!filter && !oldFilter && !paths) return new JsonTexts(page.texts);
  const passes = (item: Item) => {
    if (filter) return rules.matchesExprFilter(item, filter.expression);
    return !oldFilter || rules.matchesFilter(item, oldFilter, data['ConditionalOperator']);
  };
  const items = page.items().filter(passes);
  return paths ? items.map((item) => rules.mapPaths(paths, item)) : items;
}

/** Read units: 4 KiB each for a consistent read, half of that price otherwise (dynalite's count, to the same shape). */
function consumedCapacity(page: Page, data: RequestData, isLocal: boolean | undefined): Record<string, unknown> {
  const wanted = data['ReturnConsumedCapacity'];
  if (wanted !== 'TOTAL' && wanted !== 'INDEXES') return {};
  const bytes = page.items().reduce((sum, item) => sum + rules.itemSize(item), 0);
  const units = Math.ceil(bytes / 1024 / 4) * (data['ConsistentRead'] ? 1 : 0.5);
  const index = data['IndexName'];
  const group = isLocal ? 'LocalSecondaryIndexes' : 'GlobalSecondaryIndexes';
  const byIndex = index
    ? { Table: { CapacityUnits: 0 }, [group]: { [String(index)]: { CapacityUnits: units } } }
    : { Table: { CapacityUnits: units } };
  const parts = wanted === 'INDEXES' ? byIndex : {};
  return { ConsumedCapacity: { CapacityUnits: units, TableName: data['TableName'], ...parts } };
}

/** JSON of an answer, with the stored JSON of its items put in as it is. */
export function jsonOf(answer: unknown): string {
  if (typeof answer === 'object' && answer !== null && 'Items' in answer && answer.Items instanceof JsonTexts) {
    const { Items: items, ...rest } = answer;
    return `{"Items":[${items.texts.join(',')}],${JSON.stringify(rest).slice(1)}`;
  }
  return JSON.stringify(answer);
}
