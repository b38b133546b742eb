import { CommitQueue, type Write } from '../../lib/local/dynamodb/commit-queue.ts';
import { type LevelDatabase, openLevelDatabase } from '../../lib/local/dynamodb/level-database.ts';
import { TableCatalog } from '../../lib/local/dynamodb/table-catalog.ts';

let database: LevelDatabase;
let queue: CommitQueue;

beforeEach(async () => {
  database = await openLevelDatabase(null);
  queue = new CommitQueue(database, new TableCatalog(database));
});
afterEach(() => database.close());

const increment =
  (key: string): Write<number> =>
  (staging) => {
    const next = Number(staging.before(key) ?? 0) + 1;
    staging.putRow(key, next);
    return next;
  };
const failAfter =
  (write: Write<unknown>): Write<never> =>
  (staging) => {
    write(staging);
    throw new Error('changed its mind');
  };

test('writes that wait together become one batch, and each sees the ones before it', async () => {
  const batches = jest.spyOn(database, 'batch');
  const results = await Promise.all(Array.from({ length: 5 }, () => queue.submit(increment('a'))));
  expect(results).toEqual([1, 2, 3, 4, 5]);
  expect(await database.get('a')).toBe('5');
  // The first does not wait for company.
  expect(batches).toHaveBeenCalledTimes(2);
});

test('a write that fails leaves nothing behind, and the ones beside it go on', async () => {
  const outcomes = await Promise.allSettled([
    queue.submit(increment('a')),
    queue.submit(increment('a')),
    queue.submit(failAfter(increment('a'))),
    queue.submit(increment('a')),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(await database.get('a')).toBe('3');
});

test('work alone starts after the writes before it, and the writes after it wait', async () => {
  const order: string[] = [];
  const note = (name: string) => () => void order.push(name);
  await Promise.all([
    queue.submit(increment('a')).then(note('write 1')),
    queue.submit(increment('a')).then(note('write 2')),
    queue.alone(async () => {
      note(`alone, a = ${await database.get('a')}`)();
      await new Promise((resolve) => setTimeout(resolve, 20));
      note('alone ends')();
    }),
    queue.submit(increment('a')).then(note('write 3')),
  ]);
  expect(order).toEqual(['write 1', 'write 2', 'alone, a = 2', 'alone ends', 'write 3']);
});

test('a write that arrives as the last one ends is not forgotten', async () => {
  for (let round = 1; round <= 20; round += 1) expect(await queue.submit(increment('a'))).toBe(round);
  await queue.idle();
});
