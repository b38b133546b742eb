import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { FILE_OF_KIND } from '../core/oneroster/kinds.ts';
import { DIALECTS, type Dialect } from '../generate/dialect.ts';
import { EXPORTED_KINDS, generateDistrict } from '../generate/generate-district.ts';
import { DistrictOptionError, type DistrictOptions } from '../generate/options.ts';
import { type WrittenExport, writeChanges, writeExport } from '../generate/write-export.ts';
import { formatTable, grouped, printJson, printLine } from './output.ts';
import { Progress } from './progress.ts';
import { UsageError } from './usage-error.ts';

interface Flags {
  readonly students?: string;
  readonly seed?: string;
  readonly days: string;
  readonly churn: string;
  readonly zip?: true;
  readonly dialect?: string;
  readonly uuid?: true;
  readonly demographics?: true;
  readonly guardians?: true;
  readonly json?: true;
}

/** One day as `--json` tells it; the changes file has the counts. */
type WrittenDay = WrittenExport & { readonly day: number; readonly date: string; readonly changesPath: string };

/** `rollcall generate`: writes the exports of a fictional district, for trials, tests and benchmarks. */
export function generateCommand(): Command {
  const dialects = Object.entries(DIALECTS).map(([name, what]) => `  ${name.padEnd(10)}${what}`);
  return new Command('generate')
    .description('Write OneRoster 1.1 exports of a fictional district, one a day, and what a sync of each must change')
    .usage('OUT --students N --seed S [options]')
    .argument('<out>', 'folder for day-1, day-1.changes.json and so on; made if need be')
    .option('--students <n>', 'how many students it has on day 1 (required)')
    .option('--seed <s>', 'any number or word; the same seed and options give the same bytes (required)')
    .option('--days <k>', 'how many exports, one a night', '1')
    .option('--churn <share>', 'share of the students that change in a night', '0.01')
    .option('--zip', 'day-1.zip instead of the folder day-1')
    .option('--dialect <list>', 'habits of real exporters, comma separated (below)')
    .option('--uuid', 'UUIDs as sourcedIds instead of short numbers')
    .option('--demographics', 'fill demographics.csv (else it has a header only)')
    .option('--guardians', 'add 1.6 guardians per student')
    .option('--json', 'print one JSON object instead of a table')
    .addHelpText('after', `\nDialects:\n${dialects.join('\n')}`)
    .action(generate);
}

async function generate(out: string, flags: Flags): Promise<void> {
  const district = withUsageErrors(() => generateDistrict(optionsFrom(flags)));
  const dialects = dialectsFrom(flags.dialect);
  await makeFolder(out);
  const progress = new Progress();
  const days: WrittenDay[] = [];
  for (const day of district) {
    const path = join(out, `day-${day.number}${flags.zip ? '.zip' : ''}`);
    const changesPath = join(out, `day-${day.number}.changes.json`);
    let rows = 0;
    const onRows = (more: number) => {
      rows += more;
      progress.tell(`Day ${day.number} of ${district.options.days}: ${grouped(rows)} rows`);
    };
    const written = await writeExport(day, path, { zip: flags.zip === true, dialects, onRows });
    await writeChanges(day, changesPath);
    days.push({ day: day.number, date: day.date, changesPath, ...written });
  }
  progress.end();
  if (flags.json) printJson({ out, options: district.options, dialects: [...dialects], days });
  else printLine(formatTable(TABLE_HEAD, days.map(tableRow)));
}

const FILES = EXPORTED_KINDS.map((kind) => FILE_OF_KIND[kind]);
const TABLE_HEAD = ['day', 'date', ...FILES, 'rows', 'bytes', 'path'];
const tableRow = ({ day, date, files, rows, bytes, path }: WrittenDay) => [
  ...[day, date, ...FILES.map((file) => files[file]?.rows ?? 0)],
  ...[rows, bytes, path],
];

function optionsFrom(flags: Flags): DistrictOptions {
  return {
    students: numberFrom('--students', flags.students, '20000'),
    seed: required('--seed', flags.seed, '7'),
    days: numberFrom('--days', flags.days, '4'),
    churn: numberFrom('--churn', flags.churn, '0.01'),
    uuid: flags.uuid === true,
    demographics: flags.demographics === true,
    guardians: flags.guardians === true,
  };
}

function required(option: string, value: string | undefined, example: string): string {
  if (value !== undefined) return value;
  throw new UsageError('missing-option', `${option} is missing`, `For example ${option} ${example}`);
}

function numberFrom(option: string, value: string | undefined, example: string): number {
  const text = required(option, value, example);
  if (/^\d*\.?\d+$/.test(text)) return Number(text);
  throw new UsageError('bad-value', `${option} ${text}: not a number`, `For example ${option} ${example}`);
}

function dialectsFrom(list: string | undefined): ReadonlySet<Dialect> {
  const names = (list ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  for (const name of names) {
    if (Object.hasOwn(DIALECTS, name)) continue;
    const hint = `Any of ${Object.keys(DIALECTS).join(', ')}, separated by commas`;
    throw new UsageError('bad-value', `--dialect ${name}: no such dialect`, hint);
  }
  return new Set(names as Dialect[]);
}

function withUsageErrors<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof DistrictOptionError)) throw error;
    throw new UsageError('bad-value', `--${error.option}: ${error.message}`, error.hint);
  }
}

async function makeFolder(out: string): Promise<void> {
  try {
    await mkdir(out, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new UsageError('bad-value', `${out} cannot be used as a folder (${reason})`, 'Name a folder, or a new path');
  }
}
