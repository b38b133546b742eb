import type { ApplyMessage } from '../contracts/messages.ts';
import { reached } from '../core/sync/reached.ts';
import type { DistrictState, Sync, UndoRequest } from '../core/sync/sync.ts';
import { ownProfileOf, usualApplied, usualOf } from '../core/sync/usual-profile.ts';
import type { Lease } from '../ports/ledger.ts';
import { promisedChanges } from './applied-changes.ts';
import type { ApplyPorts, TimeLeft } from './apply-ports.ts';
import { Applying } from './applying.ts';
import { codeOf, isHopeless } from './hopeless.ts';
import { LeaseLost } from './lease-keeper.ts';
import { handedTo } from './start-apply.ts';
import { MAX_ATTEMPTS, startNext } from './start-next.ts';
import { tellUntold } from './tell-untold.ts';
import { begun, forgetTry, hasHadItsTries, refuseEndless } from './tries.ts';

export type ApplyOutcome =
  | 'unknown-sync'
  /** Not in `applying`: another worker finished it. */
  | 'already-done'
  | 'busy'
  /** A newer holder works on this district. */
  | 'stale'
  /** Time is up: the rest was sent to the queue. */
  | 'continued'
  /** It cannot succeed: ended, reported, and out of the way. */
  | 'failed'
  | 'applied';

/** Syncs that say what is usual after an undo: hourly ones of the 40 days for which a plan is kept at most, and more. */
const LOOK_BACK = 1000;

/** Continuations of one apply. At four minutes of work each that is 13 hours: more is a loop, not a district. */
const MAX_HOPS = 200;

/**
 * Applies a plan, or goes on where the last worker stopped (design §4, R15): sections in order, slices of a section side
 * by side on the write lanes, each one transaction under the fence. Repeating a slice writes the same content.
 * What it throws is worth another try, unless it is the `lastTry`: then the sync has failed.
 */
export async function applySync(
  ports: ApplyPorts,
  message: ApplyMessage,
  worker: string,
  timeLeft: TimeLeft,
  lastTry = false,
): Promise<ApplyOutcome> {
  const { districtId, syncId } = message;
  const seen = await ports.log.get(districtId, syncId);
  if (seen === null) return 'unknown-sync';
  if (seen.state !== 'applying') {
    await startNext(ports, districtId);
    return 'already-done';
  }
  const lease = await ports.leases.take(districtId, worker, ports.leaseSeconds, handedTo(syncId));
  if (lease === null) {
    const again = { ...message, attempt: message.attempt + 1 };
    if (again.attempt < MAX_ATTEMPTS) await ports.queues.sendApply(again, ports.leaseSeconds);
    return 'busy';
  }
  let outcome: ApplyOutcome;
  try {
    outcome = await applyUnderLease(ports, message, lease, timeLeft);
  } catch (thrown) {
    const failed = isHopeless(thrown, true) && (await failApply(ports, message, lease, thrown, lastTry));
    await ports.leases.release(lease);
    if (thrown instanceof LeaseLost) return 'stale';
    if (!failed) throw thrown;
    outcome = 'failed';
  }
  if (outcome === 'continued') return outcome;
  await ports.leases.release(lease);
  if (outcome !== 'stale') await startNext(ports, districtId);
  await tellUntold(ports, districtId);
  return outcome;
}

async function applyUnderLease(
  ports: ApplyPorts,
  message: ApplyMessage,
  lease: Lease,
  timeLeft: TimeLeft,
): Promise<ApplyOutcome> {
  const { districtId, syncId } = message;
  if (!(await ports.roster.raiseFences(districtId, lease.number))) return 'stale';
  const state = await ports.log.state(districtId);
  const sync = await ports.log.get(districtId, syncId);
  if (sync?.state !== 'applying' || state.applyingSyncId !== syncId) return 'already-done';
  if (message.hop >= MAX_HOPS) throw new Error('an apply has continued itself too often');
  const now = ports.clock.now();
  const beginning = begun(sync, sync, now);
  refuseEndless(beginning, now);
  if (!(await ports.log.save(lease, beginning, 'applying'))) return 'stale';
  const applying = new Applying(ports, lease, beginning, timeLeft);
  const ended = await applying.run().catch(async (thrown: unknown) => {
    await forgetTry(ports.log, lease, applying.sync, thrown);
    throw thrown;
  });
  if (ended === 'fenced') return 'stale';
  if (ended === 'time-is-up') {
    await ports.leases.handOver(lease, handedTo(syncId), ports.leaseSeconds);
    await ports.queues.sendApply({ ...message, hop: message.hop + 1, attempt: 0 }, 0);
    return 'continued';
  }
  return finish(ports, lease, applying.sync, state);
}

/**
 * Ends an apply that cannot succeed as `failed` (states of design §4), so that it holds nobody up: what it wrote stays,
 * and the next plan, which compares with the table itself, repairs the rest. False where someone newer works here, and
 * where another try may succeed.
 */
async function failApply(
  ports: ApplyPorts,
  message: ApplyMessage,
  lease: Lease,
  thrown: unknown,
  lastTry: boolean,
): Promise<boolean> {
  const { districtId, syncId } = message;
  const state = await ports.log.state(districtId);
  const sync = await ports.log.get(districtId, syncId);
  if (sync?.state !== 'applying' || !isHopeless(thrown, lastTry || hasHadItsTries(sync))) return false;
  const endedAt = ports.clock.now().toISOString();
  const ended = { ...reached(sync, 'failed'), endedAt, failureCode: codeOf(thrown) };
  // An undo may have marked what it undid. Where even that cannot be read, ending comes first: it holds the district up.
  const lastApplied = await lastAppliedAfterUndo(ports, sync, state).catch(() => state.lastApplied);
  const after: DistrictState = { ...state, applyingSyncId: null, revision: state.revision + 1, lastApplied };
  return ports.log.save(lease, ended, 'applying', after);
}

/** After the last write, proven (design §4): the sync is applied, and what it took back is undone. */
async function finish(ports: ApplyPorts, lease: Lease, sync: Sync, state: DistrictState): Promise<ApplyOutcome> {
  const promised = promisedChanges(sync);
  if (sync.recordsWritten !== promised) {
    throw new Error(`an apply wrote ${sync.recordsWritten} of the ${promised} changes that its plan promised`);
  }
  const at = ports.clock.now().toISOString();
  if (!(await markUndone(ports, lease, sync))) return 'stale';
  const ended: DistrictState = {
    ...state,
    applyingSyncId: null,
    revision: state.revision + 1,
    lastApplied:
      sync.origin === 'delivery'
        ? await lastAppliedOf(ports, sync, state, at)
        : await lastAppliedAfterUndo(ports, sync, state),
  };
  const saved = await ports.log.save(lease, { ...reached(sync, 'applied'), endedAt: at }, 'applying', ended);
  return saved ? 'applied' : 'stale';
}

async function lastAppliedOf(
  { ledger }: ApplyPorts,
  sync: Sync,
  { lastApplied }: DistrictState,
  appliedAt: string,
): Promise<DistrictState['lastApplied']> {
  const { syncId, deliveryId, districtId } = sync;
  const delivery = await ledger.get(districtId, deliveryId);
  // Over what is usual now, not when it was planned: meanwhile another delivery may have ended `unchanged`.
  const profile = usualApplied(lastApplied?.profile ?? null, ownProfileOf(sync)!);
  return { syncId, deliveryId, order: delivery?.order ?? '', appliedAt, profile };
}

/** What is usual is again as if the undone sync had never come (R5, R11); its place in the order stays taken (R15). */
async function lastAppliedAfterUndo(
  { log }: ApplyPorts,
  { districtId, undo }: Sync,
  { lastApplied }: DistrictState,
): Promise<DistrictState['lastApplied']> {
  if (undo === null || !isWhole(undo) || lastApplied === null) return lastApplied;
  return { ...lastApplied, profile: usualOf(await log.list(districtId, LOOK_BACK)) };
}

const isWhole = ({ onlySchool, user }: UndoRequest): boolean => onlySchool === null && user === null;

/**
 * R14: what was taken back as a whole is `undone`; a part of it leaves a note.
 */
async function markUndone({ log }: ApplyPorts, lease: Lease, { syncId, districtId, undo }: Sync): Promise<boolean> {
  if (undo === null) return true;
  const undone = await log.get(districtId, undo.syncId);
  if (undone?.state !== 'applied' || undone.undoneBy === syncId) return true;
  const whole = isWhole(undo);
  return log.save(lease, { ...undone, state: whole ? 'undone' : 'applied', undoneBy: syncId }, 'applied');
}
