import { MAX_RECEIVES } from '../contracts/messages.ts';
import type { Sync } from '../core/sync/sync.ts';
import { Failure, ServiceBusy } from '../ports/failure.ts';
import type { Lease, SyncLog } from '../ports/ledger.ts';

/**
 * Workers that may begin the same piece of work without bringing it on, and for how long. One that is killed (out of time
 * or memory) says nothing, its message ends among the dead letters, and `watch` would begin anew every quarter of an hour
 * for ever: after so many in so many hours it is a defect (design §4, `failed`). Both, because a bad hour of a service may
 * end many workers within minutes.
 */
export const MAX_TRIES = 12;
export const MAX_HOURS = 6;

/** Worker after worker began this sync, and none brought it on or lived to say why. */
export class GaveUp extends Failure {
  override readonly name = 'GaveUp';
  readonly code = 'gave-up';
  readonly retryable = false;
}

/** A sync that a worker begins now, after those that have begun `earlier`. */
export const begun = (sync: Sync, earlier: Sync | null, now: Date): Sync => ({
  ...sync,
  tries: { count: (earlier?.tries?.count ?? 0) + 1, since: earlier?.tries?.since ?? now.toISOString() },
});

/** Throws `GaveUp` where too many have begun. */
export function refuseEndless({ tries }: Sync, now: Date): void {
  if (!tries || tries.count <= MAX_TRIES) return;
  if (now.getTime() - Date.parse(tries.since) <= MAX_HOURS * 3_600_000) return;
  throw new GaveUp(`${tries.count - 1} workers began this, and none brought it on`);
}

/**
 * Whether a defect has had its tries: `watch` begins anew sooner than the message comes back, so that counting how often
 * a message was received is not enough.
 */
export const hasHadItsTries = ({ tries }: Sync): boolean => (tries?.count ?? 0) >= MAX_RECEIVES;

/** A worker that lived to say that a service was too busy does not count: that slows work down and never fails it. */
export async function forgetTry(log: SyncLog, lease: Lease, sync: Sync, thrown: unknown): Promise<void> {
  if (!(thrown instanceof ServiceBusy) || !sync.tries) return;
  const count = sync.tries.count - 1;
  try {
    await log.save(lease, { ...sync, tries: count > 0 ? { ...sync.tries, count } : null }, sync.state);
  } catch {
    // Too busy for that as well: there are tries to spare.
  }
}
