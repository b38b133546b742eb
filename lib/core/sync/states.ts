/**
 * Delivery states (design §4). `receiving`: files are being claimed. `received`: whole and frozen; waits for its turn.
 * `incomplete`: never became whole, or its zip is broken; changes nothing. `superseded`: a newer bulk delivery ran
 * instead, or no file ever came into the set. `planned`: its sync says the rest.
 */
export type DeliveryState = 'receiving' | 'incomplete' | 'received' | 'superseded' | 'planned';

/**
 * Sync states (design §4). `planning` leaves within the lease time or is taken over. `applying` is always finished
 * before anything else starts. `failed` is for defects only: alarmed, never silent.
 */
export type SyncState =
  | 'planning'
  | 'rejected'
  | 'incomplete'
  | 'unchanged'
  | 'checked'
  | 'held'
  | 'applying'
  | 'applied'
  | 'undone'
  | 'superseded'
  | 'failed';

/** States of a sync that the outside is told of (docs/events.md). */
export const TOLD_STATES: readonly SyncState[] = ['applied', 'held', 'rejected', 'incomplete', 'failed'];

/** States that a sync never leaves by itself. */
export const ENDED_STATES: readonly SyncState[] = [
  'rejected',
  'incomplete',
  'unchanged',
  'checked',
  'applied',
  'undone',
  'superseded',
  'failed',
];
