import batchGetItem from 'dynalite/actions/batchGetItem.js';
import batchWriteItem from 'dynalite/actions/batchWriteItem.js';
import createTable from 'dynalite/actions/createTable.js';
import deleteItem from 'dynalite/actions/deleteItem.js';
import deleteTable from 'dynalite/actions/deleteTable.js';
import describeTable from 'dynalite/actions/describeTable.js';
import getItem from 'dynalite/actions/getItem.js';
import listTagsOfResource from 'dynalite/actions/listTagsOfResource.js';
import putItem from 'dynalite/actions/putItem.js';
import query from 'dynalite/actions/query.js';
import scan from 'dynalite/actions/scan.js';
import tagResource from 'dynalite/actions/tagResource.js';
import untagResource from 'dynalite/actions/untagResource.js';
import updateItem from 'dynalite/actions/updateItem.js';
import updateTable from 'dynalite/actions/updateTable.js';
import type { Action, RequestData, Store } from 'dynalite/db/index.js';
import db from 'dynalite/db/index.js';
import batchGetItemCheck from 'dynalite/validations/batchGetItem.js';
import batchWriteItemCheck from 'dynalite/validations/batchWriteItem.js';
import createTableCheck from 'dynalite/validations/createTable.js';
import deleteItemCheck from 'dynalite/validations/deleteItem.js';
import deleteTableCheck from 'dynalite/validations/deleteTable.js';
import describeTableCheck from 'dynalite/validations/describeTable.js';
import getItemCheck from 'dynalite/validations/getItem.js';
import validations from 'dynalite/validations/index.js';
import listTablesCheck from 'dynalite/validations/listTables.js';
import listTagsOfResourceCheck from 'dynalite/validations/listTagsOfResource.js';
import putItemCheck from 'dynalite/validations/putItem.js';
import queryCheck from 'dynalite/validations/query.js';
import scanCheck from 'dynalite/validations/scan.js';
import tagResourceCheck from 'dynalite/validations/tagResource.js';
import untagResourceCheck from 'dynalite/validations/untagResource.js';
import updateItemCheck from 'dynalite/validations/updateItem.js';
import updateTableCheck from 'dynalite/validations/updateTable.js';

/** dynalite's key encoding, item sizes, condition and filter matching. */
export const rules = db;

/** dynalite's request checks: types, constraints, expression parser. */
export const requestRules = validations;

/** dynalite's operations. They run on whatever store they are given: the committed rows, or a staging of one commit. */
export const actions = {
  batchGetItem,
  batchWriteItem,
  createTable,
  deleteItem,
  deleteTable,
  describeTable,
  getItem,
  listTagsOfResource,
  putItem,
  query,
  scan,
  tagResource,
  untagResource,
  updateItem,
  updateTable,
} as const;

/** The request checks of those operations. */
export const checks = {
  batchGetItem: batchGetItemCheck,
  batchWriteItem: batchWriteItemCheck,
  createTable: createTableCheck,
  deleteItem: deleteItemCheck,
  deleteTable: deleteTableCheck,
  describeTable: describeTableCheck,
  getItem: getItemCheck,
  listTables: listTablesCheck,
  listTagsOfResource: listTagsOfResourceCheck,
  putItem: putItemCheck,
  query: queryCheck,
  scan: scanCheck,
  tagResource: tagResourceCheck,
  untagResource: untagResourceCheck,
  updateItem: updateItemCheck,
  updateTable: updateTableCheck,
} as const;

/** Runs an action to its end; its errors (`statusCode` and `body`, see service-error.ts) become rejections. */
export function runAction(action: Action, store: Store, data: RequestData): Promise<unknown> {
  return new Promise((resolve, reject) => {
    action(store, data, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

/**
 * Runs an action on a store that answers at once, so that a whole commit is worked out without giving way to another.
 * An action that would not finish at once is a defect.
 */
export function runActionNow(action: Action, store: Store, data: RequestData): unknown {
  let outcome: { error: Error | null; result: unknown } | undefined;
  action(store, data, (error, result) => {
    outcome = { error: error ?? null, result };
  });
  if (outcome === undefined) throw new Error('dynalite action gave way although its rows were at hand');
  if (outcome.error) throw outcome.error;
  return outcome.result;
}
