import { denialKey, denialsIndex } from '../../contracts/sign-on-keys.ts';
import type { Denial, Denials } from '../../ports/sso/sign-on-store.ts';
import { attributesOf, timeToLive, writeRow } from './sign-on-row.ts';
import { bodyAttribute, bodyOf } from './stored-body.ts';
import type { Item, TableClient } from './table-client.ts';

/** How long a reference can be asked about. Seconds. */
const KEPT_SECONDS = 14 * 24 * 3600;

/** Refused launches in DynamoDB. */
export function createDenials(table: TableClient): Denials {
  return {
    async save(denial) {
      const { reference, districtId, at } = denial;
      const index: Item =
        districtId === null ? {} : attributesOf({ gsi1pk: denialsIndex(districtId), gsi1sk: `${at}#${reference}` });
      const end = timeToLive(Date.parse(at) / 1000 + KEPT_SECONDS);
      await writeRow(table, denialKey(reference), { ...bodyAttribute(denial), ...index, ...end });
    },
    async find(reference) {
      const item = await table.get(denialKey(reference));
      return item && bodyOf<Denial>(item);
    },
  };
}
