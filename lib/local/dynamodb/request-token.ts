import { createHash } from 'node:crypto';
import type { CommitQueue } from './commit-queue.ts';
import { type LevelDatabase, type RowChange, underPrefix, walkRows, writeChanges } from './level-database.ts';
import { tokenPrefix } from './row-keys.ts';
import { dynamoError } from './service-error.ts';
import type { Staging } from './staging.ts';

/** How long a ClientRequestToken stands for its request (API reference, TransactWriteItems): 10 minutes. */
export const tokenLifeMillis = 10 * 60 * 1000;

/** A transaction's token and what it stands for. The SDK makes one up for every request that has none. */
export interface RequestToken {
  /** Key of the row that remembers it. A hash, so that keys stay plain text. */
  readonly row: string;
  readonly contentHash: string;
}

interface TokenRow {
  readonly contentHash: string;
  readonly doneAt: number;
}

const hash = (text: string) => createHash('sha256').update(text).digest('base64url');

/** The token of a request, and its text as it was sent: every parameter counts, and a repetition is the same text. */
export function requestToken(token: unknown, requestText: string): RequestToken | null {
  return typeof token === 'string' ? { row: tokenPrefix + hash(token), contentHash: hash(requestText) } : null;
}

/**
 * True when the token's request is done already and must not be done again.
 *
 * @throws ServiceError IdempotentParameterMismatchException when the token stood for another request
 */
export function isDone(token: RequestToken, staging: Staging, nowMillis: number): boolean {
  const row = staging.before(token.row) as TokenRow | undefined;
  if (row === undefined || row.doneAt + tokenLifeMillis <= nowMillis) return false;
  if (row.contentHash === token.contentHash) return true;
  throw dynamoError(
    'IdempotentParameterMismatchException',
    'The request uses the same client token as a previous, but non-identical request.',
  );
}

/** Remembers the token in the same batch as the transaction, so that a crash cannot part them. */
export function rememberToken(token: RequestToken, staging: Staging, nowMillis: number): void {
  staging.putRow(token.row, { contentHash: token.contentHash, doneAt: nowMillis } satisfies TokenRow);
}

/** Removes the tokens whose time is over. */
export function sweepTokens(database: LevelDatabase, queue: CommitQueue, nowMillis: number): Promise<void> {
  // Alone, because an expired token may be in use again by the time that it is removed.
  return queue.alone(async () => {
    const over: RowChange[] = [];
    for await (const rows of walkRows(database, underPrefix(tokenPrefix))) {
      for (const [key, text] of rows) {
        if ((JSON.parse(text) as TokenRow).doneAt + tokenLifeMillis <= nowMillis) over.push({ type: 'del', key });
      }
    }
    await writeChanges(database, over);
  });
}
