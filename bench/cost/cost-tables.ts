import { stageSettings } from '../../lib/infra/stage-settings.ts';
import { measuredNights } from './measured.ts';
import { nightModel } from './model.ts';
import { type Bill, districtMonth, firstSyncDollars, stageMonth, totalOf } from './month.ts';
import { markdownTable, shown } from './page-tables.ts';
import { PRICES } from './prices.ts';

const SIZES = [1_000, 10_000, 100_000];
/** Districts of the last column, and the students of each. */
const MANY = { districts: 1_000, students: 7_500 };

/** The tables of docs/cost.md, from the model, the stage settings of `prod` and what was counted. */
export function costTables(): Record<string, string> {
  return {
    counted: countedTable(),
    'district-month': districtTable(),
    'stage-month': stageTable(),
    prices: priceTable(),
  };
}

function countedTable(): string {
  const rows = measuredNights().map((night) => {
    const model = nightModel(night);
    const pair = (counted: number, modelled: number) => `${shown(counted)} / ${shown(modelled)}`;
    const of = (name: string) => night.calls[`dynamodb ${name}`] ?? 0;
    const others = Object.entries(night.calls).filter(([name]) => !/ (Query|TransactWriteItems)$/.test(name));
    const count = (service: string) =>
      others.reduce((sum, [name, calls]) => sum + (name.startsWith(service) ? calls : 0), 0);
    return [
      `${shown(night.students)} students, night ${night.night}`,
      shown(night.written),
      pair(of('Query'), model.queries),
      pair(of('TransactWriteItems'), model.transactions),
      shown(count('dynamodb')),
      pair(night.readUnits, model.readUnits),
      pair(night.writeUnits, model.writeUnits),
      ...['s3', 'sqs', 'events'].map((service) => shown(count(service))),
    ];
  });
  const headings = ['counted / model', 'records written', 'Query', 'TransactWrite', 'other table calls', 'RRU', 'WRU'];
  return markdownTable([...headings, 'S3', 'SQS sent', 'events'], rows);
}

const dollars = (value: number): string => `$${shown(value, value < 10 ? 3 : 0)}`;

function districtTable(): string {
  const settings = stageSettings('prod');
  const bills = SIZES.map((students) => districtMonth(students, settings));
  const many = districtMonth(MANY.students, settings);
  const names = Object.keys(many);
  const line = (name: string, cell: (bill: Bill) => number) => [
    name,
    ...bills.map((bill) => dollars(cell(bill))),
    dollars(MANY.districts * cell(many)),
  ];
  const first = [...SIZES.map((students) => dollars(firstSyncDollars(students)))];
  return markdownTable(
    [
      'dollars a month',
      ...SIZES.map((size) => `${shown(size)} students`),
      `${shown(MANY.districts)} districts of ${shown(MANY.students)}`,
    ],
    [
      ...names.map((name) => line(name, (bill) => bill[name] ?? 0)),
      line('**sum**', totalOf),
      ['once: first sync, table', ...first, dollars(MANY.districts * firstSyncDollars(MANY.students))],
    ],
  );
}

function stageTable(): string {
  const [dev, prod] = [stageMonth(stageSettings('dev').sso), stageMonth(stageSettings('prod').sso)];
  const rows = Object.keys(prod).map((name) => [name, dollars(dev[name] ?? 0), dollars(prod[name] ?? 0)]);
  return markdownTable(
    ['dollars a month', 'dev', 'prod'],
    [...rows, ['**sum**', dollars(totalOf(dev)), dollars(totalOf(prod))]],
  );
}

function priceTable(): string {
  const rows = Object.values(PRICES).map(({ dollars: price, per, source }) => [per, `$${price}`, source]);
  return markdownTable(['for one', 'price', 'source'], rows);
}
