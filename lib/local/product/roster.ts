import type { Item, TableClient } from '../../adapters/dynamodb/table-client.ts';
import { productIdIndex, syncedKey, userIndex } from '../../contracts/table-keys.ts';

/** What the product shows of somebody who is signed in. */
export interface ProductUser {
  readonly name: string;
  readonly role: string;
  readonly schools: readonly { readonly sourcedId: string; readonly name: string }[];
  readonly classes: readonly { readonly sourcedId: string; readonly title: string }[];
}

/** The roster as a product reads it, by the access patterns of docs/data-model.md and nothing else. */
export interface ProductRoster {
  /** The user whose `productId` is the `sub` of a token; null where there is none. `schoolIds`: those of the token. */
  find(districtId: string, productId: string, schoolIds: readonly string[]): Promise<ProductUser | null>;
}

export function createProductRoster(table: TableClient): ProductRoster {
  return {
    async find(districtId, productId, schoolIds) {
      const rows = await table.all({ partition: productIdIndex(districtId, productId), index: 'gsi2' });
      // A re-key leaves the old record behind, inactive and with the same productId.
      const user = rows.find((row) => text(row, 'status') === 'active') ?? rows[0];
      if (user === undefined) return null;
      const partition = userIndex(districtId, text(user, 'sk'));
      const enrollments = await table.all({ partition, index: 'gsi1', attributes: ['classSourcedId'] });
      const classIds = [...new Set(enrollments.map((each) => text(each, 'classSourcedId')))].sort();
      const titles = await named(table, districtId, 'class', classIds, 'title');
      const schools = await named(table, districtId, 'org', schoolIds, 'name');
      return {
        name: `${text(user, 'givenName')} ${text(user, 'familyName')}`.trim(),
        role: text(user, 'role'),
        schools: schools.map(([sourcedId, name]) => ({ sourcedId, name })),
        classes: titles.map(([sourcedId, title]) => ({ sourcedId, title })),
      };
    },
  };
}

/** Each id with the name of its record; with itself where there is no record. */
async function named(
  table: TableClient,
  districtId: string,
  kind: 'class' | 'org',
  ids: readonly string[],
  attribute: string,
): Promise<(readonly [string, string])[]> {
  const keys = ids.map((id) => syncedKey(districtId, kind, id));
  const names = new Map(
    (await table.getMany(keys, ['sk', attribute])).map((item) => [text(item, 'sk'), text(item, attribute)]),
  );
  return ids.map((id) => [id, names.get(id) ?? id] as const);
}

const text = (item: Item, attribute: string): string => item[attribute]?.S ?? '';
