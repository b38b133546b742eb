import type { ForeignSeparator } from '../delivery/table-file.ts';
import type { FindingLog } from './finding-log.ts';
import { LEADING_COLUMNS } from './tables.ts';

/** A OneRoster column as a header needs to know it. */
export interface HeaderColumn {
  readonly name: string;
  readonly required: boolean;
}

/** What a file's header must and may have. */
export interface HeaderSpec {
  /** Columns after `sourcedId`, `status`, `dateLastModified`, in the standard's order. */
  readonly columns: readonly HeaderColumn[];
  /** Columns of other versions that are no surprise and are not read. */
  readonly tolerated: readonly string[];
  readonly mode: 'bulk' | 'delta';
}

/** Where each known column stands. */
export interface Header {
  readonly width: number;
  /** Index by standard column name. */
  readonly indexOf: ReadonlyMap<string, number>;
}

/** OneRoster 1.0 and spreadsheet names, for the message only: a column is never taken for another. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  sourcedId: ['userSourcedId', 'id'],
  orgSourcedIds: ['orgs', 'orgSourcedId', 'schools'],
  agentSourcedIds: ['agents'],
  userIds: ['userId'],
  termSourcedIds: ['termSourcedId', 'terms'],
  grades: ['grade'],
  schoolYearSourcedId: ['schoolYearId'],
  courseSourcedId: ['course'],
  schoolSourcedId: ['school'],
  birthDate: ['birthdate'],
};

/**
 * Reads a header (R7, R8): any order, quoted or not, unknown and `metadata.*` columns allowed; a missing required
 * column or two columns of one name (blank names too) make the file unreadable. Null then.
 */
export function readHeader(cells: readonly string[], spec: HeaderSpec, file: string, log: FindingLog): Header | null {
  const separator = foreignSeparator(cells);
  if (separator !== null) {
    log.add('wrong-separator', { file, row: 1 }, { separator });
    return null;
  }
  // Lone carriage returns end some lines of the file, or all lines end in two: its rows cannot be told apart.
  if (cells.some((cell) => cell.includes('\r'))) {
    log.add('bare-carriage-return', { file, row: 1 });
    return null;
  }
  const names = cells.map((cell) => cell.trim());
  const indexOf = new Map<string, number>();
  const known = [...LEADING_COLUMNS, ...spec.columns.map((column) => column.name)];
  const folded = new Map(known.map((name) => [name.toLowerCase(), name]));
  const misspelt: string[] = [];
  const unknown: string[] = [];
  let metadata = 0;
  names.forEach((name, index) => {
    const meant = folded.get(name.toLowerCase());
    if (meant !== undefined) {
      if (!indexOf.has(meant)) indexOf.set(meant, index);
      if (meant !== cells[index]) misspelt.push(meant);
    } else if (name.startsWith('metadata.')) metadata++;
    else if (name !== '' && !spec.tolerated.includes(name)) unknown.push(name);
  });
  const showable = unknown.every((name) => COLUMN_NAME.test(name)) && !names.includes('');
  const broken = [
    reportDuplicates(names, folded, showable, file, log),
    reportMissing(names, indexOf, spec, file, log),
  ].includes(true);
  if (broken) {
    if (indexOf.has('sourcedId') && unknown.length > 0) sayUnknown(unknown, showable, file, log);
    return null;
  }
  // Only now: without the required columns, what looks like a header may be a row about a person.
  if (misspelt.length > 0) log.add('header-case', { file, row: 1 }, { columns: misspelt.join(', ') });
  const absent = spec.columns.filter((column) => !column.required && !indexOf.has(column.name)).map(({ name }) => name);
  if (absent.length > 0) log.add('optional-columns-missing', { file, row: 1 }, { columns: absent.join(', ') });
  if (unknown.length > 0) sayUnknown(unknown, showable, file, log);
  if (metadata > 0) log.add('metadata-columns', { file, row: 1 }, { count: metadata });
  const positions = known.flatMap((name) => indexOf.get(name) ?? []);
  if (positions.some((position, i) => i > 0 && position < positions[i - 1]!)) log.add('column-order', { file, row: 1 });
  return { width: cells.length, indexOf };
}

/**
 * How a column may be called to be shown. A header that lost its line end goes on with the first row, and that row always
 * has a blank, a date or a number in it: where one unknown name does not look like a name, none of them is shown.
 */
const COLUMN_NAME = /^\p{L}[\p{L}\d _.:/()#-]{0,59}$/u;

const sayUnknown = (names: readonly string[], showable: boolean, file: string, log: FindingLog): void =>
  log.add('unknown-columns', { file, row: 1 }, { columns: showable ? listed(names) : `${names.length} (not shown)` });

const listed = (names: readonly string[]): string =>
  names.length <= 12 ? names.join(', ') : `${names.slice(0, 12).join(', ')} and ${names.length - 12} more`;

/** How findings call other separators than the comma. */
export const SEPARATOR_NAMES: Readonly<Record<ForeignSeparator, string>> = {
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'vertical bars',
};

/** A header of one cell that holds the column names, but between other separators. */
export function foreignSeparator(cells: readonly string[]): string | null {
  const text = cells.length === 1 ? (cells[0] ?? '') : '';
  if (!/sourcedId/i.test(text) && !/propertyName/i.test(text)) return null;
  const found = (Object.keys(SEPARATOR_NAMES) as ForeignSeparator[]).find((separator) => text.includes(separator));
  return found === undefined ? null : SEPARATOR_NAMES[found];
}

function reportDuplicates(
  names: readonly string[],
  folded: ReadonlyMap<string, string>,
  showable: boolean,
  file: string,
  log: FindingLog,
): boolean {
  const counts = new Map<string, number>();
  for (const name of names) {
    const key = folded.get(name.toLowerCase()) ?? name;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  // Without a sourcedId column this may be no header but a row about a person.
  const recognisable = names.some((name) => name.toLowerCase() === 'sourcedid');
  let broken = false;
  for (const [name, count] of counts) {
    if (count < 2) continue;
    broken = true;
    const shown = recognisable && (showable || folded.has(name.toLowerCase()));
    const place = { file, row: 1, column: shown ? name : null };
    if (name === '') log.add('blank-column', { file, row: 1 }, { count });
    else log.add('duplicate-column', place, { column: shown ? name : '(not shown)' });
  }
  return broken;
}

function reportMissing(
  names: readonly string[],
  indexOf: ReadonlyMap<string, number>,
  spec: HeaderSpec,
  file: string,
  log: FindingLog,
): boolean {
  const required = [
    'sourcedId',
    ...(spec.mode === 'delta' ? ['status', 'dateLastModified'] : []),
    ...spec.columns.filter((column) => column.required).map((column) => column.name),
  ];
  const missing = required.filter((name) => !indexOf.has(name));
  const optional = spec.columns.filter((column) => !column.required && !indexOf.has(column.name));
  for (const column of missing) {
    log.add('column-missing', { file, row: 1, column }, { column, alias: aliasOf(column, names) });
  }
  if (missing.length > 0) {
    for (const { name } of optional) {
      const alias = aliasOf(name, names);
      if (alias !== '')
        log.add('optional-columns-missing', { file, row: 1, column: name }, { columns: `${name}${alias}` });
    }
  }
  return missing.length > 0;
}

function aliasOf(column: string, names: readonly string[]): string {
  const other = (OTHER_NAMES[column] ?? []).find((name) => names.includes(name));
  return other === undefined ? '' : ` (the file has ${other} instead)`;
}
