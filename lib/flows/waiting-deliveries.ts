import { type BlockedDelta, blockersOf, explainBlocked, type Outcome } from '../core/sync/blocked-deltas.ts';
import { chooseDelivery, isTooOld } from '../core/sync/choose-delivery.ts';
import type { Delivery } from '../core/sync/sync.ts';
import { syncIdOf } from '../core/sync/sync-id.ts';
import type { DeliveryLedger, SyncLog } from '../ports/ledger.ts';
import { outcomesOf } from './delivery-outcomes.ts';

/** What waits in a district. */
export interface WaitingDeliveries {
  /** Those that the next plans take or put aside; oldest first. */
  readonly ready: readonly Delivery[];
  /** Deltas that build on something that was not taken (R15); oldest first. */
  readonly blocked: readonly BlockedDelta[];
  /** Whether only a person or another export frees the blocked ones: nothing else waits or is being applied that could. */
  readonly isFinal: boolean;
}

interface WaitingPorts {
  readonly ledger: Pick<DeliveryLedger, 'waiting' | 'list' | 'files'>;
  readonly log: Pick<SyncLog, 'state' | 'get'>;
}

/** The deltas of a district that only a person or another export frees (R15); oldest first. */
export async function blockedDeltas(ports: WaitingPorts, districtId: string): Promise<readonly BlockedDelta[]> {
  const { blocked, isFinal } = await lookAtWaiting(ports, districtId);
  return isFinal ? blocked : [];
}

/** Looks at what waits, without a lease and without writing anything: for `watch` and for people. */
export async function lookAtWaiting(ports: WaitingPorts, districtId: string): Promise<WaitingDeliveries> {
  // In this order: what is planned between two of these reads is seen as waiting, or as what became of it.
  const waiting = await ports.ledger.waiting(districtId);
  if (!waiting.some(({ hasDelta }) => hasDelta)) return { ready: waiting, blocked: [], isFinal: waiting.length === 0 };
  const { applyingSyncId, lastApplied } = await ports.log.state(districtId);
  const lastOrder = lastApplied?.order ?? null;
  const unplanned: Delivery[] = [];
  const outcomes: Outcome[] = [];
  for (const delivery of waiting) {
    const state = (await ports.log.get(districtId, syncIdOf(delivery.deliveryId)))?.state ?? 'planning';
    if (state !== 'planning') outcomes.push({ delivery, state });
    else if (isTooOld(delivery, lastOrder)) outcomes.push({ delivery, state: 'superseded' });
    else unplanned.push(delivery);
  }
  outcomes.push(...(await outcomesOf(ports, districtId, waiting.length)));
  const { blocked } = chooseDelivery(unplanned, lastOrder, (delta) => blockersOf(delta, outcomes).length > 0);
  const ready = waiting.filter((delivery) => !blocked.includes(delivery));
  return {
    ready,
    blocked: explainBlocked(blocked, outcomes),
    // An open set may still become whole.
    isFinal: applyingSyncId === null && ready.length === 0 && !outcomes.some(({ delivery }) => isOpen(delivery)),
  };
}

const isOpen = ({ state }: Delivery): boolean => state === 'receiving';
