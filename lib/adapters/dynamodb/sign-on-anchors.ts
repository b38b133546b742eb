import { anchorKey, anchorsIndex, tenantKey } from '../../contracts/sign-on-keys.ts';
import type { Anchors, Tenants } from '../../ports/sso/sign-on-store.ts';
import { attributesOf, textOf, writeRow } from './sign-on-row.ts';
import type { TableClient } from './table-client.ts';

/** Anchors in DynamoDB. */
export function createAnchors(table: TableClient): Anchors {
  return {
    async find(districtId, userId) {
      const item = await table.get(anchorKey(districtId, userId));
      return item && { sourcedId: textOf(item, 'sourcedId'), productId: textOf(item, 'productId') };
    },
    save: (districtId, userId, { sourcedId, productId }) =>
      writeRow(
        table,
        anchorKey(districtId, userId),
        attributesOf({ districtId, sourcedId, productId, gsi1pk: anchorsIndex(districtId), gsi1sk: userId }),
      ),
  };
}

/** Which district a ClassLink tenant is; the rows are written with the districts' settings. */
export function createTenants(table: TableClient): Tenants {
  return {
    async districtOf(tenantId) {
      const item = await table.get(tenantKey(tenantId));
      return item && textOf(item, 'districtId');
    },
  };
}
