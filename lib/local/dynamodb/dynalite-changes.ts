import { requestRules, rules } from './dynalite-parts.ts';
import { encodeKey, keyAttributes } from './key-encoding.ts';
import { rememberConditions } from './parsed-conditions.ts';
import { queryTable } from './read-page.ts';
import { layoutOf, startRowKey } from './table-layout.ts';

const parseExpressions = rememberConditions(requestRules.validateExpressions);

/**
 * Puts our own steps in place of five of dynalite's. Its actions call them through its module's exports, so that this
 * changes dynalite for the whole process; doing it again changes nothing.
 */
export function changeDynalite(): void {
  requestRules.validateExpressions = parseExpressions;
  rules.queryTable = queryTable;
  // Index rows are staged with the item that they belong to (staging.ts), in one batch with it.
  rules.updateIndexes = (_store, _table, _before, _after, done) => done();
  rules.createIndexKey = (item, table, schema) => startRowKey(table, schema, item);
  rules.createKey = (item, table, schema) =>
    encodeKey(schema ? keyAttributes(table, schema) : layoutOf(table).key, item);
}
