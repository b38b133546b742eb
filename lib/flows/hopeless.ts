import { Failure } from '../ports/failure.ts';
import { LeaseLost } from './lease-keeper.ts';

/** Whether another try is pointless: a failure that says so, or anything on the last try. A lost lease is no failure. */
export const isHopeless = (thrown: unknown, lastTry: boolean): boolean =>
  !(thrown instanceof LeaseLost) && (lastTry || (thrown instanceof Failure && !thrown.retryable));

/** What a failed sync remembers of its failure: a code, no message (R22). */
export function codeOf(thrown: unknown): string {
  if (thrown instanceof Failure) return thrown.code;
  return thrown instanceof Error ? `defect: ${thrown.name}` : 'defect';
}
