import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { FILE_OF_KIND, RECORD_KINDS, type RecordKind, type RosterFile } from '../core/oneroster/kinds.ts';
import { idOfLine } from '../core/oneroster/record-line.ts';
import { headerOf } from '../core/oneroster/tables.ts';
import type { RecordStatus } from '../core/plan/change.ts';
import { csvLine, rowOfLine, rowOfManual } from './csv-rows.ts';
import { districtOf, withTarget } from './district-target.ts';
import { CommandError, formatTable, printJson, printLine } from './output.ts';
import { type Target, type TargetOptions, targetOptions } from './target.ts';

interface Options extends TargetOptions {
  readonly out?: string;
  readonly inactive?: true;
  readonly includeManual?: true;
  readonly json?: true;
}

/** `rollcall roster DISTRICT`: what the table holds, as OneRoster 1.1 CSV. */
export function rosterCommand(): Command {
  return targetOptions(new Command('roster'))
    .description("write a district's active synced records as OneRoster 1.1 CSV, sorted by sourcedId")
    .argument('<district>')
    .option('--out <dir>', 'folder for the CSV files; without it they go to stdout one after the other')
    .option('--inactive', 'inactive records too, with status tobedeleted')
    .option('--include-manual', 'records made by hand in the product too (their id is the productId)')
    .option('--json', 'the counts as one JSON object on stdout (needs --out)')
    .addHelpText('after', '\nExit codes: 0 written, 2 wrong usage, or no such district.')
    .action(roster);
}

async function roster(districtId: string, options: Options): Promise<void> {
  if (options.json && options.out === undefined) {
    throw new CommandError(
      'missing-option',
      '--json needs --out: the CSV files go somewhere else then.',
      'Add --out DIR.',
    );
  }
  if (options.out !== undefined) await mkdir(options.out, { recursive: true });
  await withTarget(options, async (target) => {
    await districtOf(target, districtId);
    const counts: Partial<Record<RosterFile, number>> = {};
    for (const kind of RECORD_KINDS) {
      const rows = await rowsOf(target, districtId, kind, options);
      counts[FILE_OF_KIND[kind]] = rows.length;
      await write(kind, rows, options);
    }
    if (options.out === undefined) return;
    await write('manifest', manifestRows(), options);
    if (options.json) printJson({ district: districtId, out: options.out, records: counts });
    else printLine(formatTable(['file', 'records'], Object.entries(counts)));
  });
}

/** The CSV lines of a kind, sorted by sourcedId in code unit order. */
async function rowsOf(target: Target, districtId: string, kind: RecordKind, options: Options): Promise<string[]> {
  const found: { id: string; line: string; status: RecordStatus }[] = [];
  for await (const batch of target.roster.readSynced(districtId, kind)) {
    for (const { line, status } of batch) {
      if (status === 'active' || options.inactive) found.push({ id: idOfLine(line), line, status });
    }
  }
  found.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const rows = found.map(({ line, status }) => csvLine(rowOfLine(kind, line, status)));
  if (options.includeManual) {
    for (const record of await target.manualRecords(districtId, kind)) rows.push(csvLine(rowOfManual(kind, record)));
  }
  return rows;
}

async function write(name: RecordKind | 'manifest', rows: readonly string[], options: Options): Promise<void> {
  const file = name === 'manifest' ? 'manifest' : FILE_OF_KIND[name];
  const header = csvLine(name === 'manifest' ? ['propertyName', 'value'] : headerOf(name));
  if (options.out === undefined) {
    process.stdout.write(`== ${file}.csv\n${[header, ...rows].join('\n')}\n\n`);
    return;
  }
  const lines = Readable.from([header, ...rows].map((line) => `${line}\n`));
  await pipeline(lines, createWriteStream(join(options.out, `${file}.csv`)));
}

const OTHER_FILES = ['categories', 'classResources', 'courseResources', 'lineItems', 'resources', 'results'];

const manifestRows = (): string[] => [
  'manifest.version,1.0',
  'oneroster.version,1.1',
  ...RECORD_KINDS.map((kind) => `file.${FILE_OF_KIND[kind]},bulk`),
  ...OTHER_FILES.map((file) => `file.${file},absent`),
  'source.systemName,Rollcall',
];
