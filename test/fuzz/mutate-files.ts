import type { Random } from '../../lib/generate/random.ts';
import { CANARY } from './base-export.ts';
import { copyOf, type Draft, type DraftFile } from './draft.ts';
import { type Mutation, saidOf } from './mutation.ts';

const ODD_PATHS = [
  ...[
    'readme.txt',
    '.DS_Store',
    '__MACOSX/._users.csv',
    'lineItems.csv',
    'notes.csv',
    'sub/users.csv',
    'students.csv',
    'Users.CSV.bak',
  ],
  ...[
    'section.csv',
    'orgs',
    '.csv',
    'users.csv.csv',
    'usérs.csv',
    `${'a'.repeat(300)}.csv`,
    '20261123_notes.csv',
    'roles.csv',
    'résumé/x',
  ],
];

const onFile =
  (change: (draft: Draft, at: number, dice: Random) => unknown) =>
  (draft: Draft, dice: Random): string => {
    if (draft.files.length === 0) return '';
    const at = dice.below(draft.files.length);
    return `${draft.files[at]!.path} ${saidOf(change(draft, at, dice))}`;
  };

const datedName = (path: string, dice: Random): string =>
  dice.pick([`20261123_${path}`, `2026-11-23-${path}`, path.replace('.csv', '_20261123.csv'), path.toUpperCase()]);

const looksLikeOther = (dice: Random): DraftFile => {
  const [path, header] = dice.pick<readonly [string, string[]]>([
    ['students.csv', ['School_id', 'Student_id', 'First_name']],
    ['student.csv', ['SIS ID', 'School SIS ID', 'Username']],
    ['terms.csv', ['term_id', 'name', 'status']],
  ]);
  return { path, header: [...header], rows: [header.map(() => `x${CANARY}`)], lineEnd: '\n', quoteAll: false };
};

/** Damage of the set of files. */
export const FILE_MUTATIONS: readonly Mutation<Draft>[] = [
  { name: 'drop-file', weight: 4, apply: onFile((draft, at) => draft.files.splice(at, 1)) },
  {
    name: 'repeat-file',
    weight: 1,
    apply: onFile((draft, at, dice) => {
      const copy = copyOf(draft).files[at]!;
      draft.files.push({ ...copy, path: datedName(copy.path, dice) });
    }),
  },
  {
    name: 'dated-name',
    weight: 5,
    apply: onFile((draft, at, dice) => {
      draft.files[at]!.path = datedName(draft.files[at]!.path, dice);
      return `is now ${draft.files[at]!.path}`;
    }),
  },
  {
    name: 'odd-name',
    weight: 1,
    apply: onFile((draft, at, dice) => {
      draft.files[at]!.path = dice.pick(ODD_PATHS);
    }),
  },
  {
    name: 'stray-file',
    weight: 5,
    apply: onFile((draft, at, dice) => {
      const path = dice.pick(ODD_PATHS);
      draft.files.splice(dice.below(draft.files.length), 0, { ...copyOf(draft).files[at]!, path });
      return `also as ${path}`;
    }),
  },
  {
    name: 'look-alike',
    weight: 1,
    apply: (draft, dice) => {
      draft.files.push(looksLikeOther(dice));
      return 'another product';
    },
  },
  {
    name: 'enclosing-folder',
    weight: 5,
    apply: (draft) => {
      for (const file of draft.files) file.path = `Export/${file.path}`;
      return 'Export/';
    },
  },
  {
    name: 'other-content',
    weight: 1,
    apply: onFile((draft, at, dice) => {
      const other = dice.pick(copyOf(draft).files);
      draft.files[at] = { ...other, path: draft.files[at]!.path };
      return `holds ${other.path}`;
    }),
  },
  {
    name: 'one-file-only',
    weight: 3,
    apply: onFile((draft, at) => {
      draft.files = [draft.files[at]!];
      draft.packaging = 'file';
      return 'alone';
    }),
  },
  { name: 'file-order', weight: 3, apply: onFile((draft, at) => draft.files.push(...draft.files.splice(0, at))) },
];
