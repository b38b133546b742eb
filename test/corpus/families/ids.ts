import { BASE, TONIGHT } from '../exports.ts';
import { bothWays, type Family, type Fault } from '../fault.ts';
import { COLUMNS_OF, FILE_OF, KINDS, type Kind, ROSTER_NAMES } from '../standard.ts';
import { type Export, filesOf, mapColumn, mapRows, mapTable } from '../tables.ts';

type Change = (id: string) => string;

/** Changes the ids of some kinds, and every reference to them if asked. */
function withIds(from: Export, kinds: readonly Kind[], change: Change, references: boolean): Export {
  let tables = from;
  const changed = (cell: string) => (cell === '' ? '' : cell.split(',').map(change).join(','));
  for (const kind of KINDS) {
    const owner = kind === 'demographics' ? 'user' : kind;
    const own = kinds.includes(kind) || (references && kinds.includes(owner)) ? ['sourcedId'] : [];
    const others = COLUMNS_OF[kind].filter(({ refersTo }) => refersTo !== null && kinds.includes(refersTo));
    for (const column of [...own, ...(references ? others.map(({ name }) => name) : [])]) {
      tables = mapTable(tables, FILE_OF[kind], (table) => mapColumn(table, column, changed));
    }
  }
  return tables;
}

const rot = (id: string): string =>
  id.replace(/[0-9a-f]/g, (digit) => ((Number.parseInt(digit, 16) * 7 + 3) % 16).toString(16));
const CHANGES: Readonly<Record<string, Change>> = {
  're-keyed': (id) => `n${rot(id)}`,
  'upper-cased': (id) => id.toUpperCase(),
  'without their first character': (id) => id.slice(1),
  'as UUIDs': (id) =>
    `00000000-0000-4000-8000-${[...id]
      .map((each) => each.charCodeAt(0).toString(16))
      .join('')
      .slice(-12)}`,
  'cut to 8 characters': (id) => id.slice(0, 8),
  'with a blank behind': (id) => `${id} `,
  'in scientific notation': (id) => `4.${id.length}E+11`,
  blank: () => '',
};

function* changes(names: readonly string[]): Generator<Fault> {
  for (const name of names) {
    const change = CHANGES[name] ?? ((id) => id);
    for (const [night, from] of [
      ['', BASE],
      [' tonight', TONIGHT],
    ] as const) {
      const files = filesOf(withIds(from, KINDS, change, true));
      yield* bothWays({ name: `all ids ${name}${night}`, files, mayChange: 'files' });
      for (const kind of KINDS) {
        for (const [with_, references] of [
          ['with what refers to them', true],
          ['alone', false],
        ] as const) {
          const some = filesOf(withIds(from, [kind], change, references));
          yield { name: `ids of ${kind} ${name}, ${with_}${night}`, packaging: 'zip', files: some, mayChange: 'files' };
        }
      }
    }
  }
}

function* some(): Generator<Fault> {
  for (const school of ['lin', 'roo', 'har', 'eve']) {
    const members = new Set(BASE.users.rows.filter((row) => row.join().includes(`d1-${school}`)).map(([id]) => id));
    const files = filesOf(withIds(BASE, ['user'], (id) => (members.has(id) ? `n${rot(id)}` : id), true));
    yield { name: `users of ${school} re-keyed`, packaging: 'zip', files, mayChange: 'files' };
  }
  for (const share of [2, 5, 7, 20]) {
    const files = filesOf(
      withIds(TONIGHT, ['user'], (id) => (id.charCodeAt(6) % share === 0 ? `n${rot(id)}` : id), true),
    );
    yield { name: `about one user in ${share} re-keyed`, packaging: 'zip', files, mayChange: 'files' };
  }
}

const WRECKS: Readonly<Record<string, (row: readonly string[]) => readonly string[]>> = {
  'without an id': (row) => ['', ...row.slice(1)],
  'with the id NULL': (row) => ['NULL', ...row.slice(1)],
  'with an id in scientific notation': (row) => ['1.234E+15', ...row.slice(1)],
};

/** R5, R11: what was usual is what was applied. A night that changed nothing makes nothing usual. */
function* twoNights(): Generator<Fault> {
  for (const name of ROSTER_NAMES) {
    const wrecked = (from: Export, most: number, wreck: (row: readonly string[]) => readonly string[]) =>
      filesOf(mapTable(from, name, (table) => mapRows(table, (row, at) => (at >= 1 && at <= most ? wreck(row) : row))));
    for (const [what, wreck] of Object.entries(WRECKS)) {
      for (const most of [1, 3, 8]) {
        const [plain, tonight] = [wrecked(BASE, most, wreck), wrecked(TONIGHT, most, wreck)];
        const rows = `${name}.csv: up to ${most} rows ${what}`;
        const nothing = { files: plain, mayChange: 'nothing', endings: ['unchanged'] } as const;
        const all = { packaging: 'zip', mayChange: 'files' } as const;
        yield { ...all, ...nothing, name: `${rows}, two nights`, nightsBefore: [plain] };
        yield { ...all, ...nothing, name: `${rows}, three nights`, nightsBefore: [plain, plain] };
        yield { ...all, name: `${rows}, then also in the next export`, files: tonight, nightsBefore: [plain] };
        yield { ...all, name: `${rows}, the next export twice`, files: tonight, nightsBefore: [tonight] };
      }
    }
    // Errors of rows whose ids can be read: more than usual holds, however many an unchanged night had.
    const [plain, tonight] = [BASE, TONIGHT].map((from) => wrecked(from, 30, (row) => row.slice(0, 4)));
    if (plain === undefined || tonight === undefined) continue;
    const cut = { packaging: 'zip', mayChange: 'files', files: tonight } as const;
    yield { ...cut, name: `${name}.csv: up to 30 rows cut, then also in the next export`, nightsBefore: [plain] };
  }
}

/** Ids that are not what they were. */
export const ID_FAMILIES: readonly Family[] = [
  { name: 'ids re-keyed', faults: () => changes(['re-keyed', 'as UUIDs']) },
  { name: 'ids re-keyed, some', faults: some },
  { name: 'ids upper-cased', faults: () => changes(['upper-cased']) },
  {
    name: 'ids damaged',
    faults: () =>
      changes([
        'without their first character',
        'cut to 8 characters',
        'with a blank behind',
        'in scientific notation',
        'blank',
      ]),
  },
  { name: 'damaged ids, two nights running', faults: twoNights },
];
