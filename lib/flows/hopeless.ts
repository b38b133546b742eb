import { Failure } from '../ports/failure.ts';
import { LeaseLost } from './lease-keeper.ts';

/**
 * Whether another try is pointless: a failure that says so, or a defect on the last try. A lost lease is no failure, and
 * neither is a service that is too busy: that slows work down, and `watch` starts it again (design §4).
 */
export const isHopeless = (thrown: unknown, lastTry: boolean): boolean => {
  if (thrown instanceof LeaseLost) return false;
  return thrown instanceof Failure ? !thrown.retryable : lastTry;
};

/** What a failed sync remembers of its failure: a code, no message (R22). */
export function codeOf(thrown: unknown): string {
  if (thrown instanceof Failure) return thrown.code;
  return thrown instanceof Error ? `defect: ${thrown.name}` : 'defect';
}
