import { setTimeout as sleep } from 'node:timers/promises';
import { ENDED_STATES } from '../core/sync/states.ts';
import type { Delivery, Sync } from '../core/sync/sync.ts';
import type { DeliveryLedger, SyncLog } from '../ports/ledger.ts';

/** What became of an upload. */
export interface Followed {
  readonly deliveryId: string | null;
  readonly sync: Sync | null;
  /** The sync's state, or what kept the upload from becoming one. */
  readonly state: Sync['state'];
  readonly seconds: number;
}

export interface FollowInput {
  readonly log: SyncLog;
  readonly ledger: DeliveryLedger;
  readonly districtId: string;
  /** Deliveries that were there before the upload. */
  readonly known: ReadonlySet<string>;
  readonly quietSeconds: number;
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Milliseconds between looks. */
const LOOK_EVERY = 200;

/**
 * Waits until what was uploaded has become a sync that ended. An open set that gets no further file for longer than any
 * set may take to be whole (ten quiet times, and some) is called incomplete; it stays open in the stack.
 */
export async function followDelivery(input: FollowInput): Promise<Followed> {
  const started = Date.now();
  const patience = (input.quietSeconds * 12 + 10) * 1000;
  let lastChange = started;
  let lastSeen = '';
  const ended = (state: Sync['state'], delivery: Delivery | null, sync: Sync | null): Followed => ({
    deliveryId: delivery?.deliveryId ?? null,
    sync,
    state,
    seconds: (Date.now() - started) / 1000,
  });
  for (;;) {
    input.signal.throwIfAborted();
    const delivery = await newDelivery(input);
    const syncId = delivery?.syncId ?? (delivery === null ? null : `s${delivery.deliveryId.slice(1)}`);
    const sync = syncId === null ? null : await input.log.get(input.districtId, syncId);
    if (sync !== null && (ENDED_STATES.includes(sync.state) || sync.state === 'held'))
      return ended(sync.state, delivery, sync);
    if (delivery?.state === 'incomplete') return ended('incomplete', delivery, null);
    if (delivery?.state === 'superseded') return ended('superseded', delivery, null);
    const seen = JSON.stringify([delivery?.state, sync?.state, sync?.recordsWritten]);
    if (seen !== lastSeen) lastChange = Date.now();
    lastSeen = seen;
    const waiting = delivery === null || delivery.state === 'receiving';
    if (waiting && Date.now() - lastChange > patience) return ended('incomplete', delivery, null);
    input.onProgress(describe(delivery, sync));
    await sleep(LOOK_EVERY, undefined, { signal: input.signal });
  }
}

async function newDelivery({ ledger, districtId, known }: FollowInput): Promise<Delivery | null> {
  const deliveries = await ledger.list(districtId, 20);
  return deliveries.find(({ deliveryId }) => !known.has(deliveryId)) ?? null;
}

function describe(delivery: Delivery | null, sync: Sync | null): string {
  if (sync?.state === 'applying') return `applying: ${sync.recordsWritten.toLocaleString('en-US')} records written`;
  if (sync !== null) return sync.state;
  if (delivery === null) return 'waiting for the quiet time';
  return delivery.state === 'receiving' ? 'waiting for the rest of the files' : delivery.state;
}
