import type { Item, QueryPage, TableClient, TableQuery } from './table-client.ts';

/** Pages that are on their way while the consumer works: enough to keep a connection each busy, a few MB of memory. */
const PAGES_AHEAD = 4;

/**
 * Reads several partitions to their ends, a few pages at a time, and yields pages as they come. The next page of a
 * partition is asked for before the consumer sees this one.
 */
export async function* readPartitions(table: TableClient, queries: readonly TableQuery[]): AsyncGenerator<Item[]> {
  const waiting = [...queries];
  const onTheWay = new Map<number, Promise<{ id: number; query: TableQuery; page: QueryPage }>>();
  let ids = 0;
  const ask = (query: TableQuery, startKey?: Item) => {
    const id = ids++;
    const answer = table.page(query, startKey).then((page) => ({ id, query, page }));
    // A failure is met where pages are awaited; until then nobody may call it unhandled.
    answer.catch(() => undefined);
    onTheWay.set(id, answer);
  };
  const askNext = () => {
    const query = waiting.shift();
    if (query) ask(query);
  };
  for (let started = 0; started < PAGES_AHEAD; started++) askNext();
  while (onTheWay.size > 0) {
    const { id, query, page } = await Promise.race(onTheWay.values());
    onTheWay.delete(id);
    if (page.nextKey) ask(query, page.nextKey);
    else askNext();
    if (page.items.length > 0) yield page.items;
  }
}
