import type { Blocker } from '../sync/blocked-deltas.ts';
import type { SyncState } from '../sync/states.ts';
import { listed } from './explain-words.ts';

/** Deliveries that are named, the latest ones. */
const NAMED = 3;

const FATES: Readonly<Partial<Record<SyncState, string>>> = {
  held: 'was held',
  rejected: 'was rejected',
  incomplete: 'never became whole',
  failed: 'failed',
  undone: 'was undone',
  superseded: 'was passed by',
};

/** `waits: what it builds on (d-1) was held; decide it, or send a full export` (R15). Ids of ours, no names (R22). */
export function blockedInWords(by: readonly Blocker[]): string {
  const named = by.slice(-NAMED).map(({ deliveryId, state }) => `(${deliveryId}) ${FATES[state ?? 'failed'] ?? state}`);
  const more = by.length > NAMED ? `, and ${by.length - NAMED} earlier` : '';
  // Nothing is left to decide about the others.
  const remedy = by.some(({ state }) => state === 'held') ? 'decide it, or send a full export' : 'send a full export';
  return `waits: what it builds on ${listed(named)}${more}; ${remedy}`;
}
