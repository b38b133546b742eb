import type { RecordKind } from '../../lib/core/oneroster/kinds.ts';
import { idOfLine, joinLine, valuesOfLine } from '../../lib/core/oneroster/record-line.ts';
import { storedColumnsOf } from '../../lib/core/oneroster/tables.ts';
import type { Change, StoredRecord } from '../../lib/core/plan/change.ts';

/** A roster table as a map: applies changes, and refuses one whose `before` is not what it holds. */
export class ModelTable {
  readonly #records = new Map<string, StoredRecord>();
  #products = 0;

  /** A copy that shares nothing. */
  clone(): ModelTable {
    const copy = new ModelTable();
    for (const [key, record] of this.#records) copy.#records.set(key, record);
    copy.#products = this.#products;
    return copy;
  }

  newProductId(): string {
    this.#products++;
    return `product-${this.#products}`;
  }

  get(kind: RecordKind, sourcedId: string): StoredRecord | undefined {
    return this.#records.get(keyOf(kind, sourcedId));
  }

  all(): readonly StoredRecord[] {
    return [...this.#records.values()];
  }

  /** All records of a kind, two at a time, so that batches matter. */
  async *read(kind: RecordKind): AsyncGenerator<readonly StoredRecord[]> {
    const records = this.all().filter((record) => record.kind === kind);
    for (let at = 0; at < records.length; at += 2) yield records.slice(at, at + 2);
  }

  apply(changes: readonly Change[]): void {
    for (const change of changes) this.#applyOne(change);
  }

  #applyOne({ op, kind, productId, before, after }: Change): void {
    const key = keyOf(kind, idOfLine(after.line));
    const record = this.#records.get(key);
    if (before === null) {
      if (op !== 'add' || record !== undefined) throw new Error(`${op} of ${key}, which the table has`);
    } else if (record?.line !== before.line || record.status !== before.status || record.productId !== productId) {
      throw new Error(`${op} of ${key} does not start from what the table has`);
    }
    this.#records.set(key, { kind, productId, sound: true, status: after.status, line: after.line });
  }

  /** What the Portal does to a synced record (R1): one field, or only the keys beside the fields (`sound`). */
  edit(kind: RecordKind, sourcedId: string, column: string | null, value: string): boolean {
    const record = this.get(kind, sourcedId);
    if (record === undefined) return false;
    if (column === null) {
      this.#records.set(keyOf(kind, sourcedId), { ...record, sound: false });
      return true;
    }
    const values = valuesOfLine(record.line);
    const index = storedColumnsOf(kind).findIndex(({ name }) => name === column);
    if (index < 0) throw new Error(`${kind} has no stored column ${column}`);
    values[index] = value;
    this.#records.set(keyOf(kind, sourcedId), { ...record, line: joinLine(sourcedId, values) });
    return true;
  }

  /** The records as text to compare: one entry each, with the productId unless told otherwise. */
  image(options: { readonly products: boolean } = { products: true }): Record<string, string> {
    const entries = this.all().map(({ kind, status, productId, line }) => [
      keyOf(kind, idOfLine(line)),
      [status, ...(options.products ? [productId] : []), line.replaceAll('\u001f', '|')].join(' '),
    ]);
    return Object.fromEntries(entries.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)));
  }
}

const keyOf = (kind: RecordKind, sourcedId: string): string => `${kind} ${sourcedId}`;
