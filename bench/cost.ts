/**
 * What a district costs: `npm run bench -- cost [--students 1000,5000] [--write] [--pages]`. Counts the calls and the
 * DynamoDB units of the real handlers over local servers, for a first sync and the night after it, and prints them with
 * what the model says. `--write` keeps them in bench/cost/measured.json and renews the tables of docs/cost.md and
 * docs/scale.md; `--pages` renews the tables only, from what was kept.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { costTables } from './cost/cost-tables.ts';
import { type CountedNight, countDistrict } from './cost/counted-district.ts';
import { MEASURED_FILE } from './cost/measured.ts';
import { nightModel } from './cost/model.ts';
import { withTables } from './cost/page-tables.ts';

const { values: options } = parseArgs({
  options: {
    students: { type: 'string', default: '1000,5000' },
    write: { type: 'boolean', default: false },
    pages: { type: 'boolean', default: false },
  },
});

const renewPage = (name: string, tables: Readonly<Record<string, string>>): void => {
  const path = join(import.meta.dirname, '../docs', name);
  writeFileSync(path, withTables(readFileSync(path, 'utf8'), tables));
};

if (!options.pages) {
  const nights: CountedNight[] = [];
  for (const students of options.students.split(',').map(Number)) nights.push(...(await countDistrict(students, 2)));
  for (const night of nights) console.log(JSON.stringify({ ...night, model: nightModel(night) }, null, 2));
  if (options.write) writeFileSync(MEASURED_FILE, `${JSON.stringify(nights, null, 2)}\n`);
}
if (options.write || options.pages) {
  renewPage('cost.md', costTables());
  const { scaleTables } = await import('./scale/scale-tables.ts');
  renewPage('scale.md', scaleTables());
}
