import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { costTables } from '../../bench/cost/cost-tables.ts';
import { type CountedNight, countDistrict } from '../../bench/cost/counted-district.ts';
import { newTally, writeUnitsOf } from '../../bench/cost/counting-client.ts';
import { measuredNights } from '../../bench/cost/measured.ts';
import { nightModel, offBy } from '../../bench/cost/model.ts';
import { tableIn } from '../../bench/cost/page-tables.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/cost.md'), 'utf8');

test.each(Object.keys(costTables()))('docs/cost.md: the table "%s" is what the code says', (name) => {
  // Where this fails: npm run bench -- cost --pages
  expect(tableIn(page, name)).toBe(costTables()[name]);
});

/** The tolerances that docs/cost.md states. */
function expectAgreement(night: CountedNight): void {
  const model = nightModel(night);
  expect(night.state).toBe('applied');
  expect(offBy(model.readUnits, night.readUnits)).toBeLessThan(0.1);
  expect(offBy(model.queries, night.calls['dynamodb Query'] ?? 0)).toBeLessThan(0.1);
  expect(offBy(model.writeUnits, night.writeUnits)).toBeLessThan(night.night === 1 ? 0.1 : 0.3);
  if (night.night === 1)
    expect(offBy(model.transactions, night.calls['dynamodb TransactWriteItems'] ?? 0)).toBeLessThan(0.1);
}

test('the model agrees with the nights that were counted for the page', () => {
  expect(measuredNights().map(({ students, night }) => [students, night])).toEqual([
    [1_000, 1],
    [1_000, 2],
    [5_000, 1],
    [5_000, 2],
  ]);
  for (const night of measuredNights()) expectAgreement(night);
});

test('the model agrees with what the handlers do today', async () => {
  const nights = await countDistrict(400, 2);
  expect(nights).toHaveLength(2);
  for (const night of nights) expectAgreement(night);
});

describe('write units of a request', () => {
  const item = { pk: { S: 'a' }, sk: { S: 'b' } };
  test.each([
    ['an item of a transaction costs two', 'TransactWriteItems', { TransactItems: [{ Put: { Item: item } }] }, 2],
    [
      'each index entry one more',
      'TransactWriteItems',
      {
        TransactItems: [{ Put: { Item: { ...item, gsi1pk: { S: 'c' }, gsi2pk: { S: 'd' } } } }, { ConditionCheck: {} }],
      },
      6,
    ],
    ['each begun KB', 'PutItem', { Item: { ...item, body: { S: 'x'.repeat(1_500) } } }, 2],
    ['a read none', 'Query', {}, 0],
  ])('%s', (_, operation, input, units) => {
    expect(writeUnitsOf(operation, input)).toBe(units);
  });
  test('a new tally is empty', () => expect(newTally()).toMatchObject({ readUnits: 0, writeUnits: 0 }));
});
