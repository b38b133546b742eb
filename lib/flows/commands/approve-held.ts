import { planPrefix, planPromiseKey, planSummaryKey } from '../../contracts/object-keys.ts';
import type { DistrictSettings } from '../../core/district/settings.ts';
import { RECORD_KINDS } from '../../core/oneroster/kinds.ts';
import { idOfLine } from '../../core/oneroster/record-line.ts';
import { recordsOf } from '../../core/plan/change.ts';
import { PLAN_SECTIONS } from '../../core/plan/sections.ts';
import { readPromise, writePromise } from '../../core/proof/plan-promise.ts';
import { isDryRun } from '../../core/sync/choose-delivery.ts';
import type { Command } from '../../core/sync/command.ts';
import { describeGiver } from '../../core/sync/giver.ts';
import type { ApplyScope, DistrictState, HoldDecision, Sync } from '../../core/sync/sync.ts';
import { AppliedChanges } from '../applied-changes.ts';
import { LeaseKeeper } from '../lease-keeper.ts';
import { type Answer, type Commanded, type CommandPorts, giverIn, refused, STALE } from './command-ports.ts';

type Approve = Extract<Command, { name: 'approve' }>;

/**
 * Approves a held plan: exactly what was shown is applied (R13), or it without its removals, or with its pairs re-keyed
 * (R12). Refuses where anything was applied since, or a newer delivery came.
 */
export async function approveHeld(commanded: Commanded<Approve>): Promise<Answer | typeof STALE> {
  const { ports, lease, message, command } = commanded;
  const { districtId } = message;
  const state = await ports.log.state(districtId);
  const sync = await ports.log.get(districtId, command.syncId);
  if (sync === null) return refused('unknown-sync', `There is no sync ${command.syncId} in this district.`);
  if (sync.decision?.commandId === message.commandId) return approved(sync, sync.decision);
  const reason = refusalOf(sync, state, command) ?? (await newerThan(ports, sync, state, command.newerSeen));
  if (reason !== null) return { ...reason, syncId: sync.syncId };
  const { syncId, attempt } = sync;
  if ((await ports.archive.readText(planSummaryKey(planPrefix({ districtId, syncId, attempt })))) === null) {
    return refused('plan-expired', 'Its plan is no longer kept. Reject it, and let the next export be planned.', {
      syncId,
    });
  }
  const district = await ports.districts.get(districtId);
  if (district?.settings.suspended !== false) {
    return refused('suspended', 'The district is suspended, so nothing is applied (rollcall district resume).', {
      syncId,
    });
  }
  if (!mayStore(district.settings, sync)) {
    return refused('stale', 'The plan stores demographics, and the district no longer wants that (R10). Reject it.', {
      syncId,
    });
  }
  await writeScopedPromise(ports, sync, command.scope);
  // It may have waited for most of the days that a plan is kept, and is to be undone for all of them (R14).
  await ports.plans.renew(planPrefix({ districtId, syncId, attempt }));
  const overwrites = await editedSince(commanded, sync);
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
  if (!(await ports.log.save(lease, applying, 'held', next))) return STALE;
  return approved(applying, decision);
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

function refusalOf(sync: Sync, state: DistrictState, { scope }: Approve): Answer | null {
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
  if (state.revision !== sync.basis) {
    const newer = state.lastApplied === null ? [] : [state.lastApplied.syncId];
    const message = 'The roster was changed after this plan was made. Reject it, and let the next export be planned.';
    return refused('stale', message, { newer });
  }
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

/** How far back a newer delivery is looked for. */
const LOOK_BACK = 200;

/**
 * R13: a newer delivery that came since. One that waits will be planned; one that was not taken must have been seen by
 * whoever approves. A delta that waits for this very decision is none (R15).
 */
async function newerThan(
  ports: CommandPorts,
  sync: Sync,
  { lastApplied }: DistrictState,
  newerSeen: string | null,
): Promise<Answer | null> {
  const own = await ports.ledger.get(sync.districtId, sync.deliveryId);
  if (own === null) return null;
  // It changed nothing, or the revision would tell; but nothing starts that is older than what the table has (R15).
  if (lastApplied !== null && lastApplied.order > own.order) {
    return refused('stale', 'A newer delivery is in the roster already. Reject this one.', {
      newer: [lastApplied.deliveryId],
    });
  }
  const later = (await ports.ledger.list(sync.districtId, LOOK_BACK)).filter(
    (each) => !isDryRun(each) && each.state !== 'receiving' && each.state !== 'superseded' && each.order > own.order,
  );
  const newer = later.map(({ deliveryId }) => deliveryId);
  const waiting = later.filter(({ state }) => state === 'received');
  if (waiting.some(({ hasDelta }) => !hasDelta)) {
    return refused(
      'newer-delivery',
      'A newer delivery waits to be planned; its plan will take the place of this one.',
      {
        newer,
      },
    );
  }
  const [newest] = later.filter(({ state }) => state !== 'received').toSorted((a, b) => (a.order > b.order ? -1 : 1));
  if (newest === undefined || newest.deliveryId === newerSeen) return null;
  const message = `A newer delivery came and was not taken. Look at it; then approve with --newer-seen ${newest.deliveryId}.`;
  return refused('newer-delivery', message, { newer });
}

/** R10: demographics that a plan writes are still wanted. */
function mayStore({ storeDemographics }: DistrictSettings, { changes }: Sync): boolean {
  const { add = 0, update = 0, reactivate = 0 } = changes.demographics ?? {};
  return storeDemographics || add + update + reactivate === 0;
}

/** What the table will be, where not all of the plan is applied. */
async function writeScopedPromise(ports: CommandPorts, sync: Sync, scope: ApplyScope): Promise<void> {
  const { districtId, syncId, attempt } = sync;
  const prefix = planPrefix({ districtId, syncId, attempt });
  const text = scope === 'as-shown' ? null : await ports.archive.readText(planPromiseKey(prefix));
  if (text === null) return;
  const promise = readPromise(text);
  const shown = new AppliedChanges(ports.plans, prefix, 'as-shown');
  const applied = new AppliedChanges(ports.plans, prefix, scope);
  for (const section of PLAN_SECTIONS) {
    if (scope === 'all-but-removals' ? !section.removal : section.kind !== 'user') continue;
    for await (const batch of shown.read(section, 0)) promise.withoutChanges(batch);
    for await (const batch of applied.read(section, 0)) promise.sawChanges(batch);
  }
  await ports.archive.writeText(planPromiseKey(prefix, scope), writePromise(promise));
}

/** Records of the plan that the Portal edited after the plan was made: they will be overwritten (R13). */
async function editedSince({ ports, lease, command }: Commanded<Approve>, sync: Sync): Promise<number> {
  const { districtId, syncId, attempt } = sync;
  const applied = new AppliedChanges(ports.plans, planPrefix({ districtId, syncId, attempt }), command.scope);
  const keeper = new LeaseKeeper(ports.leases, ports.clock, lease, ports.leaseSeconds);
  let overwritten = 0;
  for (const kind of RECORD_KINDS) {
    const edited = new Set<string>();
    for await (const batch of ports.roster.readSynced(districtId, kind)) {
      await keeper.beat();
      for (const { editedAt, line } of batch)
        if (editedAt !== undefined && editedAt >= sync.createdAt) edited.add(idOfLine(line));
    }
    if (edited.size === 0) continue;
    for (const section of PLAN_SECTIONS.filter((each) => each.kind === kind))
      for await (const batch of applied.read(section, 0)) {
        await keeper.beat();
        const records = batch.flatMap(recordsOf);
        overwritten += records.filter(({ after }) => edited.has(idOfLine(after.line))).length;
      }
  }
  return overwritten;
}
