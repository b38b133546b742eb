import { BASE, TONIGHT } from '../exports.ts';
import type { Family, Fault } from '../fault.ts';
import { COLUMNS_OF, FILE_OF, KINDS, type RosterName } from '../standard.ts';
import { cellOf, type Export, filesOf, mapColumn, mapTable, type TextTable } from '../tables.ts';

interface Place {
  readonly file: RosterName;
  readonly column: string;
  readonly required: boolean;
}

/** Every column of every file. */
const PLACES: readonly Place[] = KINDS.flatMap((kind) => {
  const own = COLUMNS_OF[kind].map(({ name, required }) => ({ file: FILE_OF[kind], column: name, required }));
  const leading = ['sourcedId', 'status', 'dateLastModified'];
  return [...leading.map((column) => ({ file: FILE_OF[kind], column, required: column === 'sourcedId' })), ...own];
});

const without = ({ header, rows }: TextTable, at: number): TextTable => ({
  header: header.filter((_, place) => place !== at),
  rows: rows.map((row) => row.filter((_, place) => place !== at)),
});

const inHeader = (table: TextTable, change: (names: readonly string[]) => readonly string[]): TextTable => ({
  ...table,
  header: change(table.header),
});

function* each(
  what: string,
  change: (table: TextTable, at: number, column: string) => TextTable,
  mayChange: (place: Place) => Fault['mayChange'],
  from: Export = TONIGHT,
): Generator<Fault> {
  for (const place of PLACES) {
    const { file, column } = place;
    const files = filesOf(mapTable(from, file, (table) => change(table, table.header.indexOf(column), column)));
    yield { name: `${file}.csv, ${column}: ${what}`, packaging: 'zip', files, mayChange: mayChange(place) };
  }
}

const byNeed = ({ required }: Place): Fault['mayChange'] => (required ? 'nothing' : 'files');
const spliced = (names: readonly string[], at: number, ...more: readonly string[]) => names.toSpliced(at, 1, ...more);

function* shifted(): Generator<Fault> {
  // All rows have another width than the header: each is damaged, and names its record (R5).
  yield* each(
    'its name missing in the header',
    (table, at) => inHeader(table, (names) => names.toSpliced(at, 1)),
    () => 'nothing',
    BASE,
  );
  yield* each(
    'its name twice in the header',
    (table, at, name) => inHeader(table, (names) => spliced(names, at, name, name)),
    () => 'nothing',
  );
}

/** Columns that are not there, blank, or in the wrong place. */
export const COLUMN_FAMILIES: readonly Family[] = [
  { name: 'a column missing', faults: () => each('missing', without, byNeed) },
  {
    name: 'a column misnamed',
    faults: () =>
      each('misspelt', (table, at, name) => inHeader(table, (names) => spliced(names, at, `${name}_1`)), byNeed),
  },
  { name: 'a header that does not fit', faults: shifted },
  {
    name: 'a column blank',
    faults: () =>
      each(
        'blank',
        (table, _, name) => mapColumn(table, name, () => ''),
        () => 'files',
      ),
  },
  {
    name: 'a column moved by one row',
    faults: () =>
      each(
        'moved by one row',
        (table, _, name) =>
          mapColumn(table, name, (cell, _row, at) => cellOf(table, table.rows[at + 1] ?? [], name) || cell),
        () => 'files',
        BASE,
      ),
  },
];
