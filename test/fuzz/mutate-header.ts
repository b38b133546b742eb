import type { Random } from '../../lib/generate/random.ts';
import { CANARY } from './base-export.ts';
import { type Draft, type DraftFile, draftFile } from './draft.ts';
import { type Mutation, saidOf } from './mutation.ts';

const ODD_NAMES = [
  ...[
    '',
    ' ',
    'SOURCEDID',
    'sourcedId ',
    'sourcedid',
    'userId',
    'metadata.x',
    '__proto__',
    'constructor',
    'toString',
    'email',
  ],
  ...[
    '\ufeffsourcedId',
    '"',
    'a;b',
    'name\t',
    'orgs',
    `x${CANARY}`,
    `2${CANARY}`,
    'grade',
    'birthdate',
    'homeroom',
    'status',
  ],
];

const onFile =
  (change: (file: DraftFile, dice: Random, column: number) => unknown) =>
  (draft: Draft, dice: Random): string => {
    if (draft.files.length === 0) return '';
    const file = dice.pick(draft.files);
    if (file.header.length === 0) return '';
    const column = dice.below(file.header.length);
    return `${file.path} column ${file.header[column]} ${saidOf(change(file, dice, column))}`;
  };

const swap = (cells: string[], a: number, b: number): void => {
  if (a < cells.length && b < cells.length) [cells[a], cells[b]] = [cells[b]!, cells[a]!];
};

const withRows = (file: DraftFile, change: (cells: string[]) => void): void =>
  [file.header, ...file.rows].forEach(change);

/** Damage of headers and whole columns. */
export const HEADER_MUTATIONS: readonly Mutation<Draft>[] = [
  {
    name: 'swap-columns',
    weight: 5,
    apply: onFile((file, dice, column) => {
      const other = dice.below(file.header.length);
      withRows(file, (cells) => swap(cells, column, other));
    }),
  },
  {
    name: 'drop-column',
    weight: 4,
    apply: onFile((file, _dice, column) => withRows(file, (cells) => cells.splice(column, 1))),
  },
  {
    name: 'repeat-column',
    weight: 1,
    apply: onFile((file, _dice, column) => withRows(file, (cells) => cells.push(cells[column] ?? ''))),
  },
  {
    name: 'new-column',
    weight: 4,
    apply: onFile((file, dice) => {
      const name = dice.pick(ODD_NAMES);
      file.header.push(name);
      // What stands under sourcedId is an id, and may be shown.
      const isId = name.trim().toLowerCase() === 'sourcedid';
      for (const [at, row] of file.rows.entries()) row.push(isId ? `x${at}` : `x${CANARY}`);
      return JSON.stringify(name);
    }),
  },
  {
    name: 'rename-column',
    weight: 2,
    shifts: true,
    apply: onFile((file, dice, column) => {
      file.header[column] = dice.pick(ODD_NAMES);
      return `to ${JSON.stringify(file.header[column])}`;
    }),
  },
  {
    name: 'swap-names',
    weight: 3,
    shifts: true,
    apply: onFile((file, dice, column) => swap(file.header, column, dice.below(file.header.length))),
  },
  {
    name: 'name-case',
    weight: 3,
    apply: onFile((file, dice, column) => {
      const name = file.header[column]!;
      file.header[column] = dice.pick([name.toUpperCase(), ` ${name}`, name.toLowerCase()]);
    }),
  },
  {
    name: 'drop-name',
    weight: 1,
    shifts: true,
    apply: onFile((file, _dice, column) => file.header.splice(column, 1)),
  },
  {
    name: 'row-as-header',
    weight: 1,
    shifts: true,
    apply: onFile((file) => {
      file.header = file.rows.shift() ?? [];
    }),
  },
  {
    name: 'row-joined-to-header',
    weight: 2,
    shifts: true,
    apply: onFile((file) => {
      const [first = '', ...rest] = file.rows.shift() ?? [];
      file.header[file.header.length - 1] += first;
      file.header.push(...rest);
    }),
  },
  {
    name: 'header-twice',
    weight: 2,
    apply: onFile((file, dice) => file.rows.splice(dice.below(file.rows.length + 1), 0, [...file.header])),
  },
  {
    name: 'cell-in-header',
    weight: 1,
    shifts: true,
    apply: onFile((file, _dice, column) => {
      file.header[column] = file.rows[0]?.[column] ?? '';
    }),
  },
];

const onManifest =
  (change: (rows: string[][], dice: Random, at: number) => unknown) =>
  (draft: Draft, dice: Random): string => {
    const rows = draftFile(draft, 'manifest')?.rows ?? [];
    if (rows.length === 0) return '';
    const at = dice.below(rows.length);
    return `manifest row ${at + 2} ${rows[at]?.[0] ?? ''} ${saidOf(change(rows, dice, at))}`;
  };

const ODD_VALUES = [
  'absent',
  'absent',
  'bulk',
  'delta',
  'delta',
  'Bulk',
  ' delta',
  '',
  'full',
  '1.1',
  '1.0',
  '1.2',
  '2.0',
  '1',
  'NULL',
];

/** Damage of manifest.csv. */
export const MANIFEST_MUTATIONS: readonly Mutation<Draft>[] = [
  {
    name: 'manifest-value',
    weight: 6,
    apply: onManifest((rows, dice, at) => {
      rows[at]![1] = dice.pick(ODD_VALUES);
      return JSON.stringify(rows[at]![1]);
    }),
  },
  { name: 'manifest-row-gone', weight: 3, apply: onManifest((rows, _dice, at) => rows.splice(at, 1)) },
  {
    name: 'manifest-row-twice',
    weight: 2,
    apply: onManifest((rows, dice, at) => rows.push([rows[at]![0]!, dice.pick(ODD_VALUES)])),
  },
  {
    name: 'manifest-row-short',
    weight: 1,
    apply: onManifest((rows, _dice, at) => {
      rows[at]!.length = 1;
    }),
  },
  {
    name: 'manifest-property',
    weight: 2,
    apply: onManifest((rows, dice, at) => {
      rows[at]![0] = dice.pick(['file.user', 'FILE.USERS', 'x', '', 'propertyName']);
    }),
  },
];
