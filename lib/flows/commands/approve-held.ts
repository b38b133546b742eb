import { planPrefix } from '../../contracts/object-keys.ts';
import type { DistrictSettings } from '../../core/district/settings.ts';
import type { Command } from '../../core/sync/command.ts';
import { describeGiver } from '../../core/sync/giver.ts';
import type { ApplyScope, DistrictState, HoldDecision, Sync } from '../../core/sync/sync.ts';
import { LeaseKeeper } from '../lease-keeper.ts';
import { endReplaced, withReplaced } from '../replaced-deliveries.ts';
import { type Answer, type Commanded, giverIn, refused, STALE } from './command-ports.ts';
import { findEditedSince } from './edited-since.ts';
import { isPlanKept } from './plan-kept.ts';
import { refuseChanged } from './refuse-changed.ts';
import { refuseFailedUpload } from './refuse-failed-upload.ts';
import { refuseOvertaken } from './refuse-overtaken.ts';
import { refuseSuspended } from './refuse-suspended.ts';
import { writeScopedPromise } from './scoped-promise.ts';

type Approve = Extract<Command, { name: 'approve' }>;

/**
 * Approves a held plan: exactly what was shown is applied (R13), or it without its removals, or with its pairs re-keyed
 * (R12). Refuses where anything was applied since, a newer delivery came, or a file's upload is known as failed (R16).
 */
export async function approveHeld(commanded: Commanded<Approve>): Promise<Answer | typeof STALE> {
  const { ports, lease, message, command } = commanded;
  const { districtId } = message;
  const state = await ports.log.state(districtId);
  const sync = await ports.log.get(districtId, command.syncId);
  if (sync === null) return refused('unknown-sync', `There is no sync ${command.syncId} in this district.`);
  if (sync.decision?.commandId === message.commandId) return approved(sync, sync.decision);
  const reason =
    refusalOf(sync, state) ??
    (await refuseChanged(ports, sync, state)) ??
    scopeRefusalOf(sync, command) ??
    (await refuseOvertaken(ports, sync, state, command.newerSeen)) ??
    (await refuseSuspended(ports, districtId)) ??
    (await refuseFailedUpload(ports, sync));
  if (reason !== null) return { ...reason, syncId: sync.syncId };
  const { syncId } = sync;
  const district = await ports.districts.get(districtId);
  if (district !== null && !mayStore(district.settings, sync)) {
    return refused('stale', 'The plan stores demographics, and the district no longer wants that (R10). Reject it.', {
      syncId,
    });
  }
  const keeper = new LeaseKeeper(ports.leases, ports.clock, lease, ports.leaseSeconds);
  const beat = () => keeper.beat();
  // It may have waited for most of the days that a plan is kept, and is to be undone for all of them (R14).
  await ports.plans.renew(planPrefix(sync));
  if (!(await isPlanKept(ports, sync, command.scope, beat))) {
    return refused('plan-expired', 'Its plan is no longer kept. Reject it, and let the next export be planned.', {
      syncId,
    });
  }
  await writeScopedPromise(ports, sync, command.scope, beat);
  const { overwrites, edited } = await findEditedSince(ports, sync, command.scope, beat);
  const decision: HoldDecision = {
    commandId: message.commandId,
    verdict: 'approved',
    scope: command.scope,
    ...giverIn(message),
    why: command.why,
    at: ports.clock.now().toISOString(),
    overwrites,
  };
  const applying: Sync = { ...sync, state: 'applying', decision };
  const next: DistrictState = {
    ...state,
    applyingSyncId: sync.syncId,
    heldSyncIds: state.heldSyncIds.filter((each) => each !== sync.syncId),
  };
  const own = next.heldSyncIds.length === 0 ? null : await ports.ledger.get(districtId, sync.deliveryId);
  const after = own === null ? next : await withReplaced(ports, next, own);
  // Suspended while the plan and the table were read.
  const late = await refuseSuspended(ports, districtId, syncId);
  if (late !== null) return late;
  if (!(await ports.log.save(lease, applying, 'held', after))) return STALE;
  if (after !== next && (await endReplaced(ports, lease)) === 'stale') return STALE;
  return { ...approved(applying, decision), edited };
}

const approved = (sync: Sync, { scope, overwrites }: HoldDecision): Answer => ({
  outcome: 'done',
  code: 'approve',
  message: `Approved ${SCOPE_WORDS[scope]}; it is being applied.`,
  syncId: sync.syncId,
  changes: changesOf(sync, scope),
  overwrites,
  // Asked again after it ended, there is nothing to start.
  ...(sync.state === 'applying' ? { apply: true } : {}),
});

/** What is applied of what the plan counts. */
function changesOf({ changes }: Sync, scope: ApplyScope): Sync['changes'] {
  if (scope !== 'all-but-removals') return changes;
  return Object.fromEntries(Object.entries(changes).map(([file, counts]) => [file, { ...counts, deactivate: 0 }]));
}

const SCOPE_WORDS: Readonly<Record<ApplyScope, string>> = {
  'as-shown': 'as it was shown',
  'all-but-removals': 'without its removals',
  'as-rekey': 'with its pairs re-keyed',
};

function refusalOf(sync: Sync, state: DistrictState): Answer | null {
  if (sync.state !== 'held' || !state.heldSyncIds.includes(sync.syncId)) {
    const who =
      sync.decision === null
        ? ''
        : ` (${sync.decision.verdict} by ${describeGiver(sync.decision)} at ${sync.decision.at})`;
    return refused('not-held', `The sync is ${sync.state}${who}, so there is nothing to approve.`);
  }
  if (state.applyingSyncId !== null) {
    return refused('applying', `The sync ${state.applyingSyncId} is being applied.`, { newer: [state.applyingSyncId] });
  }
  if (state.syncPaused) return refused('paused', 'Syncs of this district are paused. Resume them first.');
  return null;
}

function scopeRefusalOf(sync: Sync, { scope }: Approve): Answer | null {
  if (scope === 'all-but-removals' && sync.pairs > 0) {
    // Both records of a person would be active, and the next export would take the one with the work away unseen.
    const message = `${sync.pairs} users seem to have a new sourcedId. Approve with --as-rekey, as shown, or reject.`;
    return refused('has-pairs', message);
  }
  if (scope === 'as-rekey' && sync.pairs === 0) {
    return refused('no-pairs', 'No user of this plan seems to have a new sourcedId.');
  }
  return null;
}

/** R10: demographics that a plan writes are still wanted. */
function mayStore({ storeDemographics }: DistrictSettings, { changes }: Sync): boolean {
  const { add = 0, update = 0, reactivate = 0 } = changes.demographics ?? {};
  return storeDemographics || add + update + reactivate === 0;
}
