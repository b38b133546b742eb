import type { RequestData, Store } from 'dynalite/db/index.js';
import type { CommitQueue } from './commit-queue.ts';
import { actions, checks, runAction } from './dynalite-parts.ts';
import { batchWriteItem, writeItem } from './item-writes.ts';
import type { LevelDatabase } from './level-database.ts';
import { checkRequest } from './request-check.ts';
import type { TableCatalog } from './table-catalog.ts';
import { accountLimits, createTable, deleteTable, listTables } from './table-operations.ts';
import {
  describeContinuousBackups,
  describeTimeToLive,
  updateContinuousBackups,
  updateTimeToLive,
} from './table-settings.ts';
import { transactGetItems } from './transact-get.ts';
import { transactWriteItems } from './transact-write.ts';
import { updateTable } from './update-table.ts';

/** What every operation of one server works on. */
export interface ServerState {
  readonly database: LevelDatabase;
  readonly catalog: TableCatalog;
  readonly queue: CommitQueue;
  /** The committed rows. */
  readonly store: Store;
}

/**
 * One operation: the request (its JSON, parsed, and as the text that was sent) to the answer's JSON.
 * Throws or rejects with error answers (service-error.ts).
 */
export type Operation = (request: RequestData, state: ServerState, text: string) => unknown;

const read =
  (name: 'getItem' | 'batchGetItem' | 'query' | 'scan' | 'describeTable' | 'listTagsOfResource'): Operation =>
  (request, { store }) =>
    runAction(actions[name], store, checkRequest(checks[name], request, store));

const tag =
  (name: 'tagResource' | 'untagResource'): Operation =>
  (request, { store, queue }) => {
    const data = checkRequest(checks[name], request, store);
    return queue.alone(() => runAction(actions[name], store, data));
  };

/** The operations of the DynamoDB API that this server has, by the name in `X-Amz-Target`. */
export const operations: Readonly<Record<string, Operation>> = {
  GetItem: read('getItem'),
  BatchGetItem: read('batchGetItem'),
  Query: read('query'),
  Scan: read('scan'),
  TransactGetItems: (request, { store, catalog, queue }) => transactGetItems(request, store, catalog, queue),

  PutItem: (request, { store, catalog, queue }) => writeItem('PutItem', request, store, catalog, queue),
  UpdateItem: (request, { store, catalog, queue }) => writeItem('UpdateItem', request, store, catalog, queue),
  DeleteItem: (request, { store, catalog, queue }) => writeItem('DeleteItem', request, store, catalog, queue),
  BatchWriteItem: (request, { store, queue }) => batchWriteItem(request, store, queue),
  TransactWriteItems: (request, { store, catalog, queue }, text) =>
    transactWriteItems(request, text, store, catalog, queue),

  CreateTable: (request, { store, catalog, queue }) => createTable(request, store, catalog, queue),
  UpdateTable: (request, { store, catalog, queue, database }) => updateTable(request, store, catalog, queue, database),
  DeleteTable: (request, { store, catalog, queue, database }) => deleteTable(request, store, catalog, queue, database),
  DescribeTable: read('describeTable'),
  ListTables: (request, { store, catalog }) => listTables(request, store, catalog),
  DescribeLimits: () => accountLimits,

  UpdateTimeToLive: (request, { catalog, queue, database }) => updateTimeToLive(request, catalog, queue, database),
  DescribeTimeToLive: (request, { catalog }) => describeTimeToLive(request, catalog),
  UpdateContinuousBackups: (request, { catalog }) => updateContinuousBackups(request, catalog),
  DescribeContinuousBackups: (request, { catalog }) => describeContinuousBackups(request, catalog),

  TagResource: tag('tagResource'),
  UntagResource: tag('untagResource'),
  ListTagsOfResource: read('listTagsOfResource'),
};
