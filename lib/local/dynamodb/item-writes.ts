import type { Action, Item, RequestData, Store, TableDefinition } from 'dynalite/db/index.js';
import type { RequestCheck } from 'dynalite/validations/index.js';
import type { CommitQueue } from './commit-queue.ts';
import { actions, checks, runActionNow } from './dynalite-parts.ts';
import { encodeKey, hasKey } from './key-encoding.ts';
import { checkRequest, withFields } from './request-check.ts';
import { errorName, isErrorAnswer } from './service-error.ts';
import type { Staging } from './staging.ts';
import type { TableCatalog } from './table-catalog.ts';
import { layoutOf } from './table-layout.ts';

/** Whether a failed condition returns the item that failed it (API reference, PutItem). dynalite does not know it. */
const returnOnFailure = {
  ReturnValuesOnConditionCheckFailure: { type: 'String', enum: ['ALL_OLD', 'NONE'] },
};

/** The three single writes: how a request is checked, and what then runs on a staging. */
export const itemWrites = {
  PutItem: { check: withFields(checks.putItem, returnOnFailure), action: actions.putItem },
  UpdateItem: { check: withFields(checks.updateItem, returnOnFailure), action: actions.updateItem },
  DeleteItem: { check: withFields(checks.deleteItem, returnOnFailure), action: actions.deleteItem },
} as const satisfies Record<string, { check: RequestCheck; action: Action }>;

/**
 * The whole key of the item row that a request names by `Item` or `Key`, or null where the key does not fit the table
 * (the action says so in dynalite's words).
 */
export function itemRow(table: TableDefinition, data: RequestData): string | null {
  const named = (data['Item'] ?? data['Key']) as Item;
  const layout = layoutOf(table);
  return hasKey(layout.key, named) ? layout.itemPrefix + encodeKey(layout.key, named) : null;
}

/** Runs a write action; a failed condition carries the item when the request asked for it. */
export function runItemWrite(action: Action, staging: Staging, data: RequestData, row: string | null): unknown {
  try {
    return runActionNow(action, staging.store, data);
  } catch (error) {
    if (isErrorAnswer(error) && errorName(error) === 'ConditionalCheckFailedException') {
      const item = row !== null && data['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD' && staging.before(row);
      if (item) error.body['Item'] = item;
    }
    throw error;
  }
}

/** PutItem, UpdateItem, DeleteItem. */
export function writeItem(
  kind: keyof typeof itemWrites,
  request: RequestData,
  store: Store,
  catalog: TableCatalog,
  queue: CommitQueue,
): Promise<unknown> {
  const { check, action } = itemWrites[kind];
  const data = checkRequest(check, request, store);
  const row = itemRow(catalog.requireActive(String(data['TableName'])), data);
  return queue.submit((staging) => runItemWrite(action, staging, data, row));
}

/** BatchWriteItem: here one commit, with nothing left unprocessed. */
export function batchWriteItem(request: RequestData, store: Store, queue: CommitQueue): Promise<unknown> {
  const data = checkRequest(checks.batchWriteItem, request, store);
  return queue.submit((staging) => runActionNow(actions.batchWriteItem, staging.store, data));
}
