import type { MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import { RECORD_KINDS, type RecordKind } from '../../lib/core/oneroster/kinds.ts';
import type { Pair } from './expected-table.ts';
import { keyOf } from './table-look.ts';

/** Who owns which productId in one district (R4, R12): a record keeps its own for ever, but for re-keys. */
export class ProductOwners {
  readonly #store: MemoryStore;
  readonly #districtId: string;
  readonly #owned = new Map<string, string>();
  /** What the sync that is being applied must make of its pairs; null: a productId that nobody had. */
  #moves: ReadonlyMap<string, string | null> = new Map();

  constructor(store: MemoryStore, districtId: string) {
    this.#store = store;
    this.#districtId = districtId;
  }

  of(kind: RecordKind, id: string): string | null {
    return this.#owned.get(keyOf(kind, id)) ?? null;
  }

  /** A sync begins to be applied: the users of its pairs change over. */
  begin(pairs: readonly Pair[]): void {
    this.#moves = new Map(
      pairs.flatMap(({ from, to }) => [
        [keyOf('user', to), this.of('user', from)],
        [keyOf('user', from), this.of('user', to)],
      ]),
    );
  }

  /** A record was written. What is wrong with its productId, or null. */
  wrote(kind: RecordKind, id: string): string | null {
    const key = keyOf(kind, id);
    const now = this.#store.synced(this.#districtId, kind).get(id)?.productId ?? '';
    const had = this.#owned.get(key) ?? null;
    const should = this.#moves.has(key) ? this.#moves.get(key)! : had;
    this.#owned.set(key, now);
    if (now === '') return `${key} has none`;
    if (should !== null && now !== should) return `${key} had ${had} and has ${now}, not ${should}`;
    // Whoever gets a fresh one keeps it when the same write comes again.
    if (should === null && this.#moves.has(key)) this.#moves = new Map(this.#moves).set(key, now);
    return null;
  }

  /** Two records with one productId, a sentence each. */
  shared(): string[] {
    const owners = new Map<string, string>();
    const wrong: string[] = [];
    for (const kind of RECORD_KINDS) {
      const synced = [...this.#store.synced(this.#districtId, kind)].map(
        ([id, { productId }]) => [id, productId] as const,
      );
      const manual = [...this.#store.manual(this.#districtId, kind).keys()].map((id) => [`manual ${id}`, id] as const);
      for (const [id, productId] of [...synced, ...manual]) {
        const other = owners.get(productId);
        if (other !== undefined) wrong.push(`${other} and ${keyOf(kind, id)} have ${productId}`);
        owners.set(productId, keyOf(kind, id));
      }
    }
    return wrong;
  }
}
