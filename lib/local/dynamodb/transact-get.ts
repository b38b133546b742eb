import type { RequestData, Store } from 'dynalite/db/index.js';
import type { CommitQueue } from './commit-queue.ts';
import { actions, checks, runActionNow } from './dynalite-parts.ts';
import { itemRow } from './item-writes.ts';
import { checkRequest, withFields } from './request-check.ts';
import type { TableCatalog } from './table-catalog.ts';
import { refuseRepeatedRows, transactItems } from './transact-items.ts';

const getCheck = withFields(checks.getItem, {
  AttributesToGet: null,
  ConsistentRead: null,
  ReturnConsumedCapacity: null,
});

/** TransactGetItems: up to 100 items as they are between two commits. */
export function transactGetItems(
  request: RequestData,
  store: Store,
  catalog: TableCatalog,
  queue: CommitQueue,
): Promise<unknown> {
  const parts = transactItems(request, ['Get']).map(({ request: entry }) => {
    const data = checkRequest(getCheck, entry, store);
    return { data, row: itemRow(catalog.requireActive(String(data['TableName'])), data) };
  });
  refuseRepeatedRows(parts.map(({ row }) => row));
  // Through the queue as a write that changes nothing, so that its rows are read at one moment.
  return queue.submit((staging) => ({
    Responses: parts.map(({ data }) => runActionNow(actions.getItem, staging.store, data)),
  }));
}
