import { FIELD_SEPARATOR, idOfLine } from '../oneroster/record-line.ts';
import type { StoredRecord } from '../plan/change.ts';
import { hashText, SEED_HIGH, SEED_LOW } from './text-hash.ts';

/** Parts that the records of a kind are spread over, so that an edit in the Portal blinds one of them, not all. */
export const DIGEST_BUCKETS = 512;

/** Sums of a bucket: identity low and high, content low and high. */
const SUMS = 4;

/** A record as a digest sees it. */
export type DigestedRecord = Pick<StoredRecord, 'status' | 'productId' | 'line' | 'movedTo'>;

/**
 * Counts and an order-independent hash of the records of one kind (design §4, apply): records may be added and taken
 * away in any order. Two hashes a bucket: the identity (sourcedId, status, productId, movedTo), which nobody but a sync
 * writes, and the content (the whole line), which the Portal may edit.
 */
export class KindDigest {
  active = 0;
  inactive = 0;
  readonly sums = new Uint32Array(DIGEST_BUCKETS * SUMS);

  add(record: DigestedRecord): void {
    this.#count(record, 1);
  }

  remove(record: DigestedRecord): void {
    this.#count(record, -1);
  }

  copy(): KindDigest {
    const copy = new KindDigest();
    copy.active = this.active;
    copy.inactive = this.inactive;
    copy.sums.set(this.sums);
    return copy;
  }

  #count({ status, productId, line, movedTo = '' }: DigestedRecord, sign: 1 | -1): void {
    if (status === 'active') this.active += sign;
    else this.inactive += sign;
    const id = idOfLine(line);
    const at = bucketOfId(id) * SUMS;
    const identity = `${id}${FIELD_SEPARATOR}${status}${FIELD_SEPARATOR}${productId}${FIELD_SEPARATOR}${movedTo}`;
    const { sums } = this;
    sums[at] = sums[at]! + sign * hashText(identity, SEED_LOW);
    sums[at + 1] = sums[at + 1]! + sign * hashText(identity, SEED_HIGH);
    sums[at + 2] = sums[at + 2]! + sign * hashText(line, SEED_LOW);
    sums[at + 3] = sums[at + 3]! + sign * hashText(line, SEED_HIGH);
  }
}

/** The bucket of a sourcedId. */
export const bucketOfId = (sourcedId: string): number => hashText(sourcedId, SEED_LOW) % DIGEST_BUCKETS;

/** What of two digests differs. `identity` can be nobody's doing but a sync's; `content` names the buckets. */
export function differenceOf(
  promised: KindDigest,
  found: KindDigest,
): { readonly identity: boolean; readonly content: ReadonlySet<number> } {
  let identity = promised.active !== found.active || promised.inactive !== found.inactive;
  const content = new Set<number>();
  for (let at = 0; at < promised.sums.length; at++) {
    if (promised.sums[at] === found.sums[at]) continue;
    if (at % SUMS < 2) identity = true;
    else content.add(Math.floor(at / SUMS));
  }
  return { identity, content };
}
