import type { IndexDefinition, RequestData, Store, TableDefinition } from 'dynalite/db/index.js';
import type { FieldTypes } from 'dynalite/validations/index.js';
import type { CommitQueue } from './commit-queue.ts';
import { actions, checks, runAction } from './dynalite-parts.ts';
import { type LevelDatabase, underPrefix } from './level-database.ts';
import { checkRequest, withFields } from './request-check.ts';
import { indexPrefix } from './row-keys.ts';
import { dynamoError, validationError } from './service-error.ts';
import type { TableCatalog } from './table-catalog.ts';
import { activate, untilSettled } from './table-states.ts';

interface IndexUpdate {
  readonly Create?: IndexDefinition;
  readonly Delete?: { readonly IndexName: string };
  readonly Update?: unknown;
}

/** dynalite's fields, except that a new index needs no throughput (tables on demand have none to give). */
const updateCheck = (() => {
  const types = structuredClone(checks.updateTable.types) as {
    GlobalSecondaryIndexUpdates: {
      children: { children: { Create: { children: { ProvisionedThroughput: { notNull?: boolean } } } } };
    };
  };
  delete types.GlobalSecondaryIndexUpdates.children.children.Create.children.ProvisionedThroughput.notNull;
  const { notNull: _optionalHere, ...definitions } = checks.createTable.types['AttributeDefinitions'] as FieldTypes;
  return withFields(
    { ...checks.updateTable, types },
    { AttributeDefinitions: definitions, DeletionProtectionEnabled: 'Boolean' },
  );
})();

/**
 * UpdateTable: dynalite changes throughput and billing; deletion protection and one index made or deleted at a time
 * are done here. A new index is filled before the next write runs, and is then ACTIVE; killed meanwhile, the next
 * start fills it.
 */
export function updateTable(
  request: RequestData,
  store: Store,
  catalog: TableCatalog,
  queue: CommitQueue,
  database: LevelDatabase,
): Promise<unknown> {
  const protect = request['DeletionProtectionEnabled'];
  const updates = request['GlobalSecondaryIndexUpdates'] as IndexUpdate[] | undefined;
  const remakesIndex = Array.isArray(updates) && updates.some((update) => update?.Create || update?.Delete);
  const isOurs = remakesIndex || protect !== undefined;
  const { custom: _dynaliteOnly, ...fieldsOnly } = updateCheck;
  const data = checkRequest(isOurs ? fieldsOnly : updateCheck, request, store);
  const name = String(data['TableName']);
  return queue.alone(async () => {
    if (!isOurs) {
      const answer = structuredClone(await runAction(actions.updateTable, store, data));
      await untilSettled(name, catalog);
      return answer;
    }
    const changed = changeDefinition(catalog.requireActive(name), data);
    await catalog.put(changed.table);
    for (const index of changed.dropped) await database.clear(underPrefix(indexPrefix('Global', name, index)));
    await activate(changed.table, catalog, database);
    return { TableDescription: changed.table };
  });
}

function changeDefinition(before: TableDefinition, data: RequestData): { table: TableDefinition; dropped: string[] } {
  const table = structuredClone(before);
  const dropped: string[] = [];
  if (typeof data['DeletionProtectionEnabled'] === 'boolean') {
    table.DeletionProtectionEnabled = data['DeletionProtectionEnabled'];
  }
  const updates = (data['GlobalSecondaryIndexUpdates'] ?? []) as IndexUpdate[];
  if (updates.length > 1) {
    throw dynamoError('LimitExceededException', 'Only 1 online index can be created or deleted at a time per table');
  }
  for (const { Create: created, Delete: deleted } of updates) {
    table.TableStatus = 'UPDATING';
    if (created)
      addIndex(table, created, (data['AttributeDefinitions'] ?? []) as TableDefinition['AttributeDefinitions']);
    if (deleted) dropped.push(dropIndex(table, deleted.IndexName));
  }
  return { table, dropped };
}

function addIndex(
  table: TableDefinition,
  index: IndexDefinition,
  definitions: TableDefinition['AttributeDefinitions'],
): void {
  const indexes = table.GlobalSecondaryIndexes ?? [];
  if (indexes.some(({ IndexName: name }) => name === index.IndexName)) {
    throw validationError(`Attempting to create an index which already exists: ${index.IndexName}`);
  }
  for (const definition of definitions) {
    if (!table.AttributeDefinitions.some(({ AttributeName: name }) => name === definition.AttributeName)) {
      table.AttributeDefinitions.push(definition);
    }
  }
  const undefinedKey = index.KeySchema.find(
    ({ AttributeName: name }) => !table.AttributeDefinitions.some((definition) => definition.AttributeName === name),
  );
  if (undefinedKey) {
    throw validationError(
      `One or more parameter values were invalid: index key attribute ${undefinedKey.AttributeName} is not defined in AttributeDefinitions`,
    );
  }
  table.GlobalSecondaryIndexes = [
    ...indexes,
    {
      ...index,
      IndexArn: `${table.TableArn}/index/${index.IndexName}`,
      IndexStatus: 'CREATING',
      Backfilling: true,
      IndexSizeBytes: 0,
      ItemCount: 0,
      ProvisionedThroughput: {
        ReadCapacityUnits: 0,
        WriteCapacityUnits: 0,
        ...(index['ProvisionedThroughput'] as object | undefined),
        NumberOfDecreasesToday: 0,
      },
    },
  ];
}

function dropIndex(table: TableDefinition, name: string): string {
  const left = (table.GlobalSecondaryIndexes ?? []).filter((index) => index.IndexName !== name);
  if (left.length === (table.GlobalSecondaryIndexes ?? []).length) {
    throw dynamoError('ResourceNotFoundException', `Requested resource not found: index ${name}`);
  }
  if (left.length > 0) table.GlobalSecondaryIndexes = left;
  else delete table.GlobalSecondaryIndexes;
  return name;
}
