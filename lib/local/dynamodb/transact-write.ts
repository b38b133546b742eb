import type { Action, Item, RequestData, Store } from 'dynalite/db/index.js';
import type { RequestCheck } from 'dynalite/validations/index.js';
import type { CommitQueue } from './commit-queue.ts';
import { rules } from './dynalite-parts.ts';
import { itemRow, itemWrites, runItemWrite } from './item-writes.ts';
import { checkRequest, withFields } from './request-check.ts';
import { isDone, rememberToken, requestToken } from './request-token.ts';
import { dynamoError, errorName, isErrorAnswer, validationError } from './service-error.ts';
import type { Staging } from './staging.ts';
import type { TableCatalog } from './table-catalog.ts';
import { refuseRepeatedRows, transactItems } from './transact-items.ts';

/** Size of a transaction's items at most (API reference, TransactWriteItems). */
const maxTransactBytes = 4 * 2 ** 20;

/** A ConditionCheck changes nothing: it only judges the item as it is. */
const checkCondition: Action = (store, data, done) => {
  store.getTable(String(data['TableName']), true, (noTable, table) => {
    if (noTable || !table) return done(noTable);
    const key = data['Key'] as Item;
    const badKey = rules.validateKey(key, table);
    if (badKey) return done(badKey);
    store.getItemDb(table.TableName).get(rules.createKey(key, table), (error, item) => {
      done(error ?? rules.checkConditional(data, item), {});
    });
  });
};

/** An entry of a transaction takes expressions only, and returns no values. */
const expressionsOnly = { Expected: null, ConditionalOperator: null, AttributeUpdates: null, ReturnValues: null };
const expression = { type: 'String', notNull: true };
const { PutItem, UpdateItem, DeleteItem } = itemWrites;
const kinds: Readonly<Record<Kind, { check: RequestCheck; action: Action }>> = {
  Put: { check: withFields(PutItem.check, expressionsOnly), action: PutItem.action },
  Update: {
    check: withFields(UpdateItem.check, { ...expressionsOnly, UpdateExpression: expression }),
    action: UpdateItem.action,
  },
  Delete: { check: withFields(DeleteItem.check, expressionsOnly), action: DeleteItem.action },
  ConditionCheck: {
    check: withFields(DeleteItem.check, { ...expressionsOnly, ConditionExpression: expression }),
    action: checkCondition,
  },
};
const kindNames = ['ConditionCheck', 'Put', 'Update', 'Delete'] as const;
type Kind = (typeof kindNames)[number];

const requestFields: RequestCheck = {
  types: {
    ClientRequestToken: { type: 'String', lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 36 },
    ReturnConsumedCapacity: { type: 'String', enum: ['INDEXES', 'TOTAL', 'NONE'] },
    ReturnItemCollectionMetrics: { type: 'String', enum: ['SIZE', 'NONE'] },
  },
};

/** One entry, checked. `row` is the key of its item row; null where the key does not fit the table. */
interface Part {
  readonly action: Action;
  readonly data: RequestData;
  readonly row: string | null;
}

/**
 * TransactWriteItems: every entry is judged on the state before the transaction; when all agree their changes are one
 * batch, together with the request token, and when one fails there are none.
 *
 * @throws error answers: ValidationException for a malformed request, ResourceNotFoundException,
 *   IdempotentParameterMismatchException, TransactionCanceledException with a reason for each entry
 */
export function transactWriteItems(
  request: RequestData,
  requestText: string,
  store: Store,
  catalog: TableCatalog,
  queue: CommitQueue,
): Promise<unknown> {
  const fields = checkRequest(requestFields, request, store);
  const token = requestToken(fields['ClientRequestToken'], requestText);
  const parts = transactItems(request, kindNames).map(({ kind, request: entry }): Part => {
    const { check, action } = kinds[kind];
    const data = checkRequest(check, entry, store);
    return { action, data, row: itemRow(catalog.requireActive(String(data['TableName'])), data) };
  });
  refuseRepeatedRows(parts.map(({ row }) => row));
  return queue.submit((staging) => {
    const now = Date.now();
    if (!token || !isDone(token, staging, now)) {
      runParts(parts, staging);
      if (token) rememberToken(token, staging, now);
    }
    return fields['ReturnConsumedCapacity'] ? { ConsumedCapacity: consumedCapacity(parts) } : {};
  });
}

function runParts(parts: readonly Part[], staging: Staging): void {
  let failed = false;
  const reasons = parts.map(({ action, data, row }) => {
    try {
      runItemWrite(action, staging, data, row);
      return { Code: 'None' };
    } catch (error) {
      failed = true;
      return cancellationReason(error);
    }
  });
  if (failed) {
    const codes = reasons.map(({ Code }) => Code).join(', ');
    const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
    throw dynamoError('TransactionCanceledException', message, { Message: message, CancellationReasons: reasons });
  }
  refuseOversize(staging);
}

/** What an entry's failure looks like in the list of reasons; a missing table and a defect fail the whole request. */
function cancellationReason(error: unknown): { Code: string; Message?: string; Item?: unknown } {
  const name = isErrorAnswer(error) ? errorName(error) : '';
  if (!isErrorAnswer(error)) throw error;
  if (name === 'ConditionalCheckFailedException') {
    const item = error.body['Item'];
    return { Code: 'ConditionalCheckFailed', Message: error.message, ...(item ? { Item: item } : {}) };
  }
  if (name === 'ValidationException') return { Code: 'ValidationError', Message: error.message };
  throw error;
}

/** An item is never larger than its JSON, so most transactions need no exact count. */
function refuseOversize(staging: Staging): void {
  const jsonLength = staging.changes.reduce(
    (sum, change) => sum + (change.type === 'put' ? change.value.length : 0),
    0,
  );
  if (jsonLength <= maxTransactBytes) return;
  const bytes = staging.writtenItems().reduce((sum, item) => sum + rules.itemSize(item), 0);
  if (bytes > maxTransactBytes) throw validationError('Transaction items exceed the aggregate size limit of 4 MB');
}

/** Twice the write units of the entries, by table (a transaction prepares and commits each item). */
function consumedCapacity(parts: readonly Part[]): unknown[] {
  const units = new Map<string, number>();
  for (const { data } of parts) {
    const table = String(data['TableName']);
    const item = data['Item'] as Item | undefined;
    units.set(table, (units.get(table) ?? 0) + 2 * rules.capacityUnits(item, false, true));
  }
  return [...units].map(([TableName, count]) => ({ TableName, CapacityUnits: count, WriteCapacityUnits: count }));
}
