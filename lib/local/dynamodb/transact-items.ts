import type { RequestData } from 'dynalite/db/index.js';
import { validationError } from './service-error.ts';

/** Items of a transaction at most (API reference, TransactWriteItems and TransactGetItems). */
const maxTransactItems = 100;

/**
 * The list of a transaction: each entry's kind and its request.
 *
 * @throws ServiceError ValidationException when the list or an entry has not the documented shape
 */
export function transactItems<Kind extends string>(
  request: RequestData,
  kinds: readonly Kind[],
): { kind: Kind; request: RequestData }[] {
  const list = request['TransactItems'];
  const refuse = (constraint: string) =>
    validationError(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must ${constraint}`,
    );
  if (!Array.isArray(list)) throw refuse('not be null');
  if (list.length < 1) throw refuse('have length greater than or equal to 1');
  if (list.length > maxTransactItems) throw refuse(`have length less than or equal to ${maxTransactItems}`);
  return list.map((entry: unknown) => {
    const given = kinds.filter((kind) => isObject(entry) && isObject(entry[kind]));
    const [kind] = given;
    if (kind === undefined || given.length > 1) {
      throw validationError(`TransactItems can only contain one of ${kinds.join(', ')}`);
    }
    return { kind, request: (entry as Record<Kind, RequestData>)[kind] };
  });
}

/** @throws ServiceError ValidationException when two entries name one item */
export function refuseRepeatedRows(rows: readonly (string | null)[]): void {
  const named = rows.filter((row) => row !== null);
  if (new Set(named).size < named.length) {
    throw validationError('Transaction request cannot include multiple operations on one item');
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
