import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';

/** Rows of the files of an export by file name without date and `.csv`, each row by column name. */
export type ReadExport = ReadonlyMap<string, readonly Readonly<Record<string, string>>[]>;

/** Reads a written day as somebody would who knows nothing of the generator. */
export function readExport(folder: string): ReadExport {
  const files = readdirSync(folder, { recursive: true }).map(String);
  return new Map(
    files
      .filter((each) => each.endsWith('.csv'))
      .map((each) => [nameOf(each), parse(readFileSync(join(folder, each)), { columns: true, bom: true })]),
  );
}

export const nameOf = (path: string): string => basename(path, '.csv').replace(/^\d{8}_/, '');
