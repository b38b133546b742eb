import { idOfLine, valuesOfLine } from '../../core/oneroster/record-line.ts';
import { storedColumnsOf } from '../../core/oneroster/tables.ts';
import { type Change, imageOf, type StoredRecord } from '../../core/plan/change.ts';
import { ChangeWriter } from '../../core/plan/change-writer.ts';
import { REKEY_SECTION } from '../../core/plan/sections.ts';
import type { Command } from '../../core/sync/command.ts';
import type { DistrictState } from '../../core/sync/sync.ts';
import { rekeyOf } from '../rekey-section.ts';
import { type Answer, type Commanded, refused, STALE, syncIdOfCommand } from './command-ports.ts';
import { refuseSuspended } from './refuse-suspended.ts';
import { type PlanTools, writePlan } from './write-plan.ts';

type Rekey = Extract<Command, { name: 'rekey' }>;

const ROLE = storedColumnsOf('user').findIndex(({ name }) => name === 'role');

/**
 * Moves the productId, and so the work, of a user whom the SIS gave a new sourcedId to the new record (R12): both records
 * in one transaction. The old one must be inactive: nobody is merged who is there twice.
 */
export async function rekeyUser(commanded: Commanded<Rekey>): Promise<Answer | typeof STALE> {
  const { ports, lease, message, command } = commanded;
  const { districtId, commandId } = message;
  const syncId = syncIdOfCommand(commandId);
  const done: Answer = {
    outcome: 'done',
    code: 'rekey',
    message: 'The work of the old user moves to the new one; sign-ons with the old sourcedId follow.',
    syncId,
  };
  const begun = await ports.log.get(districtId, syncId);
  if (begun !== null) return begun.state === 'applying' ? { ...done, apply: true } : done;
  const state = await ports.log.state(districtId);
  if (state.applyingSyncId !== null) {
    return refused('applying', `The sync ${state.applyingSyncId} is being applied.`, { newer: [state.applyingSyncId] });
  }
  const waits = command.dryRun ? null : await refuseWaiting(commanded, state);
  if (waits !== null) return waits;
  if (!(await ports.roster.raiseFences(districtId, lease.number))) return STALE;
  const identity = { origin: 'rekey', deliveryId: '', undo: null, basis: state.revision } as const;
  let reason: Answer | null = null;
  const planned = await writePlan(commanded, identity, command.why, async (tools) => {
    const { old, now } = await findBoth(tools, command);
    reason = refusalOf(old, now, command);
    const writer = new ChangeWriter({ write: tools.write, newProductId: () => '' });
    if (reason === null && old !== null && now !== null) {
      const change = rekeyOf(unchanged(old), unchanged(now));
      tools.watch.sawChanges([change]);
      writer.put(change, REKEY_SECTION);
      await writer.flush();
    }
    return { changes: writer.counts, conflicts: 0, pairs: reason === null ? 1 : 0 };
  });
  if (reason !== null) return reason;
  const { changes } = planned;
  if (command.dryRun) {
    return { ...done, message: 'This is what it would do. Nothing was changed.', syncId: null, changes };
  }
  // Suspended while this was planned.
  const late = await refuseSuspended(ports, districtId);
  if (late !== null) return late;
  const next = { ...state, applyingSyncId: syncId };
  if (!(await ports.log.save(lease, planned, null, next))) return STALE;
  return { ...done, changes, apply: true };
}

/** Where nothing may be applied now (R14). */
async function refuseWaiting({ ports, message }: Commanded<Rekey>, state: DistrictState): Promise<Answer | null> {
  if (state.syncPaused) return refused('paused', 'Syncs of this district are paused. Resume them first.');
  return refuseSuspended(ports, message.districtId);
}

const unchanged = (record: StoredRecord): Change => {
  const { kind, productId } = record;
  return { op: 'update', kind, productId, before: imageOf(record), after: imageOf(record) };
};

async function findBoth(
  { readTable, watch }: PlanTools,
  { from, to }: Rekey,
): Promise<{ old: StoredRecord | null; now: StoredRecord | null }> {
  let old: StoredRecord | null = null;
  let now: StoredRecord | null = null;
  watch.startTable('user');
  for await (const batch of readTable('user')) {
    watch.sawTable('user', batch);
    for (const record of batch) {
      const id = idOfLine(record.line);
      if (id === from) old = record;
      if (id === to) now = record;
    }
  }
  return { old, now };
}

const positionOf = (column: string): number => storedColumnsOf('user').findIndex(({ name }) => name === column);

/** What tells people apart: one of it must agree, so that a mistyped id does not give away a child's work. */
const AGREES: readonly (readonly number[])[] = [
  [positionOf('identifier')],
  [positionOf('username')],
  [positionOf('email')],
  [positionOf('givenName'), positionOf('familyName')],
];

function areAlike(old: StoredRecord, now: StoredRecord): boolean {
  const [a, b] = [valuesOfLine(old.line), valuesOfLine(now.line)];
  const same = (at: number) => a[at] !== '' && a[at]?.toLowerCase() === b[at]?.toLowerCase();
  return AGREES.some((columns) => columns.every(same));
}

function refusalOf(old: StoredRecord | null, now: StoredRecord | null, { from, to, force }: Rekey): Answer | null {
  if (from === to) return refused('same-user', 'Old and new sourcedId are the same.');
  if (old === null) return refused('unknown-user', `There is no synced user ${from}.`);
  if (now === null) return refused('unknown-user', `There is no synced user ${to}.`);
  if (old.movedTo !== undefined)
    return refused('already-moved', `The user ${from} has moved to ${old.movedTo} already.`);
  if (old.status === 'active') {
    return refused('old-user-active', `The user ${from} is still active: these may be two people.`);
  }
  if (now.status !== 'active') return refused('new-user-inactive', `The user ${to} is not active.`);
  const [oldRole, newRole] = [old, now].map(({ line }) => valuesOfLine(line)[ROLE]);
  if (oldRole !== newRole) return refused('different-roles', `${from} and ${to} have different roles.`);
  if (!force && !areAlike(old, now)) {
    const message = `${from} and ${to} agree neither in identifier, username, e-mail nor name. Look again; --force if you are sure.`;
    return refused('not-alike', message);
  }
  return null;
}
