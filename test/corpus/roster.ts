import type { MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import { KINDS, type Kind } from './standard.ts';

/** A record as plain text; blank cells are left out. `productId` is '' where a model cannot know it. */
export interface RosterRecord {
  readonly status: string;
  readonly productId: string;
  readonly cells: Readonly<Record<string, string>>;
}

/** All synced records of a district by kind and sourcedId. */
export type Roster = ReadonlyMap<Kind, ReadonlyMap<string, RosterRecord>>;

/** What the table holds now, as a copy. */
export function rosterOf(store: MemoryStore, districtId: string): Roster {
  return new Map(
    KINDS.map((kind) => {
      const records = [...store.synced(districtId, kind)].map(([id, { status, productId, fields, source }]) => {
        const cells = Object.entries(fields).map(([name, value]) => [name, textOf(value)]);
        if (source !== 'sis') cells.push(['source', String(source)]);
        return [id, { status: String(status), productId, cells: Object.fromEntries(cells) }] as const;
      });
      return [kind, new Map(records)];
    }),
  );
}

const textOf = (value: unknown): string => (Array.isArray(value) ? value.join(',') : String(value));

/** A difference between two rosters. */
export interface Difference {
  readonly kind: Kind;
  readonly id: string;
  /** In the first; null where it is not there. */
  readonly was: RosterRecord | null;
  readonly is: RosterRecord | null;
}

/** Records that differ; a blank productId equals any. */
export function differencesOf(first: Roster, second: Roster): Difference[] {
  return KINDS.flatMap((kind) => {
    const [some, others] = [first.get(kind), second.get(kind)];
    const ids = new Set([...(some?.keys() ?? []), ...(others?.keys() ?? [])]);
    return [...ids].flatMap((id): Difference[] => {
      const was = some?.get(id) ?? null;
      const is = others?.get(id) ?? null;
      return was !== null && is !== null && isSame(was, is) ? [] : [{ kind, id, was, is }];
    });
  });
}

function isSame(one: RosterRecord, other: RosterRecord): boolean {
  if (one.status !== other.status) return false;
  if (one.productId !== other.productId && one.productId !== '' && other.productId !== '') return false;
  return isSameCells(one, other);
}

/** Whether two records say the same, whatever their status. */
export function isSameCells({ cells: one }: RosterRecord, { cells: other }: RosterRecord): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

/** A difference in a sentence. */
export function sentenceOf({ kind, id, was, is }: Difference, words: readonly [string, string]): string {
  const told = (record: RosterRecord | null) => (record === null ? 'not there' : record.status);
  const cells = [...new Set([...Object.keys(was?.cells ?? {}), ...Object.keys(is?.cells ?? {})])]
    .filter((name) => was !== null && is !== null && was.cells[name] !== is.cells[name])
    .map((name) => `${name} "${was?.cells[name] ?? ''}"/"${is?.cells[name] ?? ''}"`);
  const product = was?.productId && is?.productId && was.productId !== is.productId ? ['another productId'] : [];
  return [`${kind} ${id}: ${words[0]} ${told(was)}, ${words[1]} ${told(is)}`, ...cells, ...product].join('; ');
}
