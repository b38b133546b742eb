import type { Random } from '../../lib/generate/random.ts';
import { CANARY } from './base-export.ts';
import type { Draft, DraftFile } from './draft.ts';
import { type Mutation, saidOf } from './mutation.ts';

/** Texts that have broken readers before; `x` is ordinary. */
const ODD_TEXTS = [
  ...[
    '',
    ' ',
    '  ',
    'NULL',
    'null',
    'N/A',
    '0',
    '-1',
    '1.23E+11',
    '1E5',
    'true',
    'TRUE',
    'yes',
    '__proto__',
    'constructor',
  ],
  ...[
    'tobedeleted',
    'active',
    'inactive',
    'TOBEDELETED',
    'deleted',
    '2026-02-29',
    '2028-02-29',
    '31/12/2026',
    '2026-8-1',
  ],
  ...[
    '2026-08-15T00:00:00.000Z',
    '2026-08-15 00:00:00',
    '99999',
    'org-0',
    'org-1,org-2',
    'org-1,,org-2',
    ',',
    ';',
    '"',
    '""',
  ],
  ...[
    "'",
    '=1+1',
    '\t',
    'a\tb',
    'a\u0000b',
    'a\u0007b',
    'a\u001fb',
    'a\u007fb',
    '\ufeffx',
    'x\u200b',
    '\u00a0x',
    'x\u3000',
    '\u2028',
  ],
  ...[
    'İ',
    'ß',
    'e\u0301',
    '👩‍🏫',
    '\ud800',
    '{A:1}',
    '{A:1}{B:2}',
    '{}',
    'a\nb',
    'a\r\nb',
    'a\rb',
    '%s%n',
    '../../x',
    'u-0',
    'U-0',
    'u-1',
    's-1',
    'secondary',
    'guardian',
    'counselor',
    'ext:coach',
  ],
];

const someFile = (draft: Draft, dice: Random): DraftFile | null =>
  draft.files.length === 0 ? null : dice.pick(draft.files);

/** Runs on a file and one of its rows. */
const onRow =
  (change: (file: DraftFile, at: number, dice: Random, draft: Draft) => unknown) =>
  (draft: Draft, dice: Random): string => {
    const file = someFile(draft, dice);
    if (file === null || file.rows.length === 0) return '';
    const at = dice.below(file.rows.length);
    return `${file.path} row ${at + 2} ${saidOf(change(file, at, dice, draft))}`;
  };

/** Runs on one cell; gives its new text. */
const onCell = (change: (cell: string, dice: Random, file: DraftFile, column: number) => string) =>
  onRow((file, at, dice) => {
    const row = file.rows[at]!;
    if (row.length === 0) return;
    const column = dice.chance(0.25) ? 0 : dice.below(row.length);
    row[column] = change(row[column]!, dice, file, column);
    return `${file.header[column]} = ${JSON.stringify(row[column]!.slice(0, 40))}`;
  });

const swap = <T>(list: T[], a: number, b: number): void => {
  [list[a], list[b]] = [list[b]!, list[a]!];
};

/** Damage of rows and cells, as spreadsheets, joins and hands make it. */
export const ROW_MUTATIONS: readonly Mutation<Draft>[] = [
  { name: 'drop-row', weight: 6, apply: onRow((file, at) => file.rows.splice(at, 1)) },
  {
    name: 'drop-rows',
    weight: 3,
    apply: onRow((file, at, dice) => file.rows.splice(at, 1 + dice.below(file.rows.length))),
  },
  { name: 'repeat-row', weight: 4, apply: onRow((file, at) => file.rows.push([...file.rows[at]!])) },
  {
    name: 'conflicting-row',
    weight: 5,
    apply: onRow((file, at, dice) => {
      const copy = [...file.rows[at]!];
      if (copy.length > 1) copy[1 + dice.below(copy.length - 1)] = dice.pick(ODD_TEXTS);
      file.rows.splice(dice.below(file.rows.length + 1), 0, copy);
    }),
  },
  { name: 'swap-rows', weight: 2, apply: onRow((file, at, dice) => swap(file.rows, at, dice.below(file.rows.length))) },
  {
    name: 'new-row',
    weight: 3,
    apply: onRow((file, at) => file.rows.push([`${file.rows[at]![0]}-new`, ...file.rows[at]!.slice(1)])),
  },
  {
    name: 'case-twin',
    weight: 2,
    apply: onRow((file, at) => file.rows.push([file.rows[at]![0]?.toUpperCase() ?? '', ...file.rows[at]!.slice(1)])),
  },
  {
    name: 'row-to-other-file',
    weight: 2,
    shifts: true,
    apply: onRow((file, at, dice, draft) => someFile(draft, dice)?.rows.push(file.rows.splice(at, 1)[0]!)),
  },
  {
    name: 'no-rows',
    weight: 2,
    apply: onRow((file) => {
      file.rows = [];
    }),
  },
  {
    name: 'blank-row',
    weight: 2,
    apply: onRow((file, at) => {
      file.rows[at] = file.rows[at]!.map(() => '');
    }),
  },
  {
    name: 'drop-cell',
    weight: 4,
    shifts: true,
    apply: onRow((file, at, dice) => file.rows[at]!.splice(dice.below(file.rows[at]!.length + 1), 1)),
  },
  {
    name: 'short-row',
    weight: 4,
    apply: onRow((file, at, dice) => {
      file.rows[at]!.length = 1 + dice.below(file.rows[at]!.length || 1);
    }),
  },
  {
    name: 'extra-cell',
    weight: 4,
    shifts: true,
    apply: onRow((file, at, dice) => file.rows[at]!.splice(dice.below(file.rows[at]!.length + 1), 0, `x${CANARY}`)),
  },
  {
    name: 'swap-cells',
    weight: 3,
    shifts: true,
    apply: onRow((file, at, dice) => {
      const row = file.rows[at]!;
      if (row.length > 0) swap(row, dice.below(row.length), dice.below(row.length));
    }),
  },
  {
    name: 'cell-of-other-row',
    weight: 4,
    apply: onCell((cell, dice, file, column) => dice.pick(file.rows)[column] ?? cell),
  },
  { name: 'odd-cell', weight: 16, apply: onCell((_cell, dice) => dice.pick(ODD_TEXTS)) },
  { name: 'blank-cell', weight: 6, apply: onCell(() => '') },
  {
    name: 'cell-case',
    weight: 3,
    apply: onCell((cell, dice) => (dice.chance(0.5) ? cell.toUpperCase() : cell.toLowerCase())),
  },
  { name: 'cell-blanks', weight: 4, apply: onCell((cell, dice) => (dice.chance(0.5) ? ` ${cell}` : `${cell} `)) },
  { name: 'cell-plus-odd', weight: 5, apply: onCell((cell, dice) => cell + dice.pick(ODD_TEXTS)) },
  { name: 'cell-cut', weight: 3, apply: onCell((cell, dice) => cell.slice(0, dice.below(cell.length + 1))) },
  { name: 'long-cell', weight: 2, apply: onCell((cell, dice) => (cell || 'x').repeat(1 + dice.below(400))) },
  {
    name: 'huge-cell',
    weight: 1,
    apply: onCell((_cell, dice) => (dice.chance(0.1) ? 'x'.repeat(1_100_000) : 'y,'.repeat(3000))),
  },
  {
    name: 'status',
    weight: 5,
    apply: onRow((file, at, dice) => {
      const column = file.header.indexOf('status');
      if (column >= 0)
        file.rows[at]![column] = dice.pick(['tobedeleted', 'tobedeleted', 'inactive', 'Active', 'gone', '']);
    }),
  },
];
