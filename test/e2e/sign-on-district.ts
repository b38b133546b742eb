import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { makeZip } from '../adapters/zip/make-zip.ts';
import { rollcall } from './rollcall-process.ts';

/** Somebody of the export, as its files say. */
export interface Rostered {
  readonly sourcedId: string;
  readonly username: string;
  readonly name: string;
  readonly role: string;
  readonly schools: readonly string[];
  readonly classes: readonly string[];
}

/** A generated export, and the same without some of its people. */
export interface SignOnDistrict {
  readonly zip: string;
  readonly students: readonly Rostered[];
  readonly teachers: readonly Rostered[];
  /** Writes the export without the rows of these users in users.csv and answers its path. */
  without(...sourcedIds: readonly string[]): Promise<string>;
}

type Row = Readonly<Record<string, string>>;

/** Generates a small district; always the same people. */
export async function generateSignOnDistrict(folder: string): Promise<SignOnDistrict> {
  await rollcall(['generate', folder, '--students', '200', '--seed', '5']);
  const day = join(folder, 'day-1');
  const files = readdirSync(day).map((name) => ({ path: name, content: readFileSync(join(day, name), 'utf8') }));
  const rows = (name: string): Row[] =>
    parse(files.find(({ path }) => path === name)?.content ?? '', { columns: true });
  const enrollments = rows('enrollments.csv');
  const people = rows('users.csv').map((row) => rostered(row, enrollments));
  const write = async (name: string, without: readonly string[]): Promise<string> => {
    const isGone = (line: string) => without.some((sourcedId) => line.startsWith(`${sourcedId},`));
    const kept = files.map(({ path, content }) => ({
      path,
      content:
        path === 'users.csv'
          ? content
              .split('\n')
              .filter((line) => !isGone(line))
              .join('\n')
          : content,
    }));
    writeFileSync(join(folder, name), await makeZip(kept));
    return join(folder, name);
  };
  return {
    zip: await write('all.zip', []),
    students: people.filter(({ role, classes }) => role === 'student' && classes.length > 0),
    teachers: people.filter(({ role, classes }) => role === 'teacher' && classes.length > 0),
    without: (...sourcedIds) => write(`without-${sourcedIds.join('-')}.zip`, sourcedIds),
  };
}

function rostered(row: Row, enrollments: readonly Row[]): Rostered {
  const sourcedId = row['sourcedId'] ?? '';
  const own = enrollments.filter((enrollment) => enrollment['userSourcedId'] === sourcedId);
  return {
    sourcedId,
    username: row['username'] ?? '',
    name: `${row['givenName']} ${row['familyName']}`,
    role: row['role'] ?? '',
    schools: (row['orgSourcedIds'] ?? '').split(',').sort(),
    classes: [...new Set(own.map((enrollment) => enrollment['classSourcedId'] ?? ''))].sort(),
  };
}
