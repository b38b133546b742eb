import type { RequestData, Store, TableDefinition } from 'dynalite/db/index.js';
import type { CommitQueue } from './commit-queue.ts';
import { actions, checks, runAction } from './dynalite-parts.ts';
import type { LevelDatabase } from './level-database.ts';
import { checkRequest, withFields } from './request-check.ts';
import { validationError } from './service-error.ts';
import type { TableCatalog } from './table-catalog.ts';
import { removeTable, untilSettled } from './table-states.ts';

const tagList = {
  type: 'List',
  children: { type: 'ValueStruct<Tag>', children: { Key: 'String', Value: 'String' } },
};
const createCheck = withFields(checks.createTable, {
  DeletionProtectionEnabled: 'Boolean',
  TableClass: { type: 'String', enum: ['STANDARD', 'STANDARD_INFREQUENT_ACCESS'] },
  SSESpecification: {
    type: 'FieldStruct<SSESpecification>',
    children: { Enabled: 'Boolean', SSEType: 'String', KMSMasterKeyId: 'String' },
  },
  StreamSpecification: {
    type: 'FieldStruct<StreamSpecification>',
    children: { StreamEnabled: 'Boolean', StreamViewType: 'String' },
  },
  Tags: tagList,
});

/**
 * CreateTable as dynalite does it, and the settings that it drops silently: deletion protection, class, encryption
 * (remembered, not done) and tags. A stream is refused rather than promised.
 */
export function createTable(
  request: RequestData,
  store: Store,
  catalog: TableCatalog,
  queue: CommitQueue,
): Promise<unknown> {
  const { Tags, TableClass, SSESpecification, StreamSpecification, ...data } = checkRequest(
    createCheck,
    request,
    store,
  );
  if ((StreamSpecification as { StreamEnabled?: boolean } | undefined)?.StreamEnabled) {
    throw validationError('This local server has no DynamoDB Streams');
  }
  const settings = {
    DeletionProtectionEnabled: false,
    ...(TableClass ? { TableClassSummary: { TableClass } } : {}),
    ...((SSESpecification as { Enabled?: boolean } | undefined)?.Enabled
      ? { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS' } }
      : {}),
  };
  return queue.alone(async () => {
    const answer = structuredClone(await runAction(actions.createTable, store, { ...settings, ...data }));
    await untilSettled(String(data['TableName']), catalog);
    const tags = ((Tags ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]);
    if (tags.length > 0) await catalog.changeSettings(String(data['TableName']), { tags: Object.fromEntries(tags) });
    return answer;
  });
}

/** DeleteTable, unless the table is protected. The answer comes when the table is gone. */
export function deleteTable(
  request: RequestData,
  store: Store,
  catalog: TableCatalog,
  queue: CommitQueue,
  database: LevelDatabase,
): Promise<unknown> {
  const name = String(checkRequest(checks.deleteTable, request, store)['TableName']);
  return queue.alone(async () => {
    const table: TableDefinition = { ...catalog.requireKnown(name), TableStatus: 'DELETING' };
    if (table.DeletionProtectionEnabled) {
      throw validationError(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      );
    }
    await catalog.put(table);
    await removeTable(name, catalog, database);
    return { TableDescription: table };
  });
}

/** ListTables from the catalog: dynalite's own walks over every key of the database. */
export function listTables(request: RequestData, store: Store, catalog: TableCatalog): Promise<unknown> {
  const data = checkRequest(checks.listTables, request, store);
  const after = data['ExclusiveStartTableName'];
  const limit = typeof data['Limit'] === 'number' ? data['Limit'] : 100;
  const names = catalog.names().filter((name) => typeof after !== 'string' || name > after);
  const page = names.slice(0, limit);
  return Promise.resolve({
    TableNames: page,
    ...(names.length > limit ? { LastEvaluatedTableName: page.at(-1) } : {}),
  });
}

/** The account's limits, as a new account has them. */
export const accountLimits = {
  AccountMaxReadCapacityUnits: 80_000,
  AccountMaxWriteCapacityUnits: 80_000,
  TableMaxReadCapacityUnits: 40_000,
  TableMaxWriteCapacityUnits: 40_000,
};
