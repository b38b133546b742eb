import { GSI1, GSI2 } from './table-keys.ts';

/** A partition key and a sort key, both strings. */
export interface KeySchema {
  readonly partitionKey: string;
  readonly sortKey: string;
}

/** The one table as data: what the stack deploys and what the local servers create. */
export interface TableDefinition extends KeySchema {
  /** Sparse: an item without the index keys is not in the index. All attributes are projected. */
  readonly indexes: readonly (KeySchema & { readonly indexName: string })[];
  /** Epoch seconds after which DynamoDB may delete the item. */
  readonly timeToLiveAttribute: string;
}

/** Key schema, indexes and expiry of the state table (docs/data-model.md). On demand, so there is no capacity here. */
export const ROSTER_TABLE: TableDefinition = {
  partitionKey: 'pk',
  sortKey: 'sk',
  indexes: [
    { indexName: GSI1, partitionKey: 'gsi1pk', sortKey: 'gsi1sk' },
    { indexName: GSI2, partitionKey: 'gsi2pk', sortKey: 'gsi2sk' },
  ],
  timeToLiveAttribute: 'ttl',
};

/** How far back the table can be restored, days: what was deleted is in its backups for so long. */
export const BACKUP_DAYS = 35;

/** Places that a transaction has for changes: DynamoDB takes 100 items, one is the check of the fence row (R15). */
export const CHANGE_PLACES = 99;

/** The fields of a `CreateTable` request (AWS SDK shape, without importing the SDK). */
export interface CreateTableFields {
  TableName: string;
  BillingMode: 'PAY_PER_REQUEST';
  AttributeDefinitions: { AttributeName: string; AttributeType: 'S' }[];
  KeySchema: KeyElement[];
  GlobalSecondaryIndexes: { IndexName: string; KeySchema: KeyElement[]; Projection: { ProjectionType: 'ALL' } }[];
}

type KeyElement = { AttributeName: string; KeyType: 'HASH' | 'RANGE' };

const keyElements = (schema: KeySchema): KeyElement[] => [
  { AttributeName: schema.partitionKey, KeyType: 'HASH' },
  { AttributeName: schema.sortKey, KeyType: 'RANGE' },
];

/** The `CreateTable` request for the state table under a name. */
export function createRosterTableDefinition(tableName: string): CreateTableFields {
  const schemas = [ROSTER_TABLE, ...ROSTER_TABLE.indexes];
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: schemas
      .flatMap((schema) => [schema.partitionKey, schema.sortKey])
      .map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: keyElements(ROSTER_TABLE),
    GlobalSecondaryIndexes: ROSTER_TABLE.indexes.map((index) => ({
      IndexName: index.indexName,
      KeySchema: keyElements(index),
      Projection: { ProjectionType: 'ALL' },
    })),
  };
}
