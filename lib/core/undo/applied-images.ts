import { idOfLine } from '../oneroster/record-line.ts';
import { type Change, type RecordImage, recordsOf, type StoredRecord } from '../plan/change.ts';
import { RowStore } from '../plan/row-store.ts';
import { hashText, SEED_HIGH, SEED_LOW } from '../proof/text-hash.ts';

/** What a sync made of a record, and what it was before. */
interface AppliedRecord {
  readonly before: RecordImage | null;
  readonly after: RecordImage;
  /** Whether a productId is the one that the sync left. */
  readonly hasProductId: (productId: string) => boolean;
}

const ACTIVE = 1;
const INACTIVE = 2;

/**
 * The applied changes of one kind, found by sourcedId: lines as bytes, because a first sync of a large district has
 * millions. What only re-keys have is kept beside them.
 */
export class AppliedImages {
  readonly #after = new RowStore();
  /** In the order of `#after`; `row` there is the place here, from 1 on; 0: the record was added. */
  readonly #before = new RowStore();
  /** Fingerprints of the productIds, in the order of `#after`. */
  readonly #products: number[] = [];
  readonly #movedTo = new Map<string, { before: string | undefined; after: string | undefined }>();
  /** Changes with a partner, by the sourcedId of each side. */
  readonly pairs = new Map<string, Change>();

  add(change: Change): void {
    if (change.partner !== undefined) {
      for (const { after } of recordsOf(change)) this.pairs.set(idOfLine(after.line), change);
      return;
    }
    const { before, after } = change;
    const id = idOfLine(after.line);
    const place = before === null ? 0 : this.#before.append(id, before.line, stateOf(before), 0) + 1;
    this.#after.append(id, after.line, stateOf(after), place);
    this.#products.push(fingerprint(change.productId));
    if (before?.movedTo === undefined && after.movedTo === undefined) return;
    this.#movedTo.set(id, { before: before?.movedTo, after: after.movedTo });
  }

  get isEmpty(): boolean {
    return this.#after.count === 0 && this.pairs.size === 0;
  }

  find(id: string): AppliedRecord | null {
    const at = this.#after.find(id);
    if (at < 0) return null;
    const moved = this.#movedTo.get(id);
    const place = this.#after.rowOf(at);
    return {
      before: place === 0 ? null : imageAt(this.#before, place - 1, moved?.before),
      after: imageAt(this.#after, at, moved?.after),
      hasProductId: (productId) => fingerprint(productId) === this.#products[at],
    };
  }
}

/** 53 bits: what a number holds exactly. */
const fingerprint = (productId: string): number =>
  hashText(productId, SEED_HIGH) * 2 ** 21 + (hashText(productId, SEED_LOW) >>> 11);

const stateOf = ({ status }: RecordImage): number => (status === 'active' ? ACTIVE : INACTIVE);

function imageAt(store: RowStore, at: number, movedTo: string | undefined): RecordImage {
  const image: RecordImage = { status: store.state(at) === ACTIVE ? 'active' : 'inactive', line: store.line(at) };
  return movedTo === undefined ? image : { ...image, movedTo };
}

/** Whether a record still is what an image says. */
export const isImage = (record: StoredRecord, { status, line, movedTo }: RecordImage): boolean =>
  record.status === status && record.line === line && record.movedTo === movedTo;
