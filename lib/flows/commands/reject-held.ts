import type { Command } from '../../core/sync/command.ts';
import { reached } from '../../core/sync/reached.ts';
import type { DistrictState, Sync } from '../../core/sync/sync.ts';
import { type Answer, type Commanded, giverIn, refused, STALE } from './command-ports.ts';

/** Rejects a held plan: nothing of it is ever applied (R11). Says who, when and why. */
export async function rejectHeld({
  ports,
  lease,
  message,
  command,
}: Commanded<Extract<Command, { name: 'reject' }>>): Promise<Answer | typeof STALE> {
  const { districtId, commandId } = message;
  const state = await ports.log.state(districtId);
  const sync = await ports.log.get(districtId, command.syncId);
  if (sync === null) return refused('unknown-sync', `There is no sync ${command.syncId} in this district.`);
  const { syncId } = sync;
  const done: Answer = { outcome: 'done', code: 'reject', message: 'Rejected; nothing of it is applied.', syncId };
  if (sync.decision?.commandId === commandId) return done;
  if (sync.state !== 'held') {
    return refused('not-held', `The sync is ${sync.state}, so there is nothing to reject.`, { syncId });
  }
  const at = ports.clock.now().toISOString();
  const rejected: Sync = {
    ...reached(sync, 'rejected'),
    endedAt: at,
    decision: {
      commandId,
      verdict: 'rejected',
      scope: 'as-shown',
      ...giverIn(message),
      why: command.why,
      at,
      overwrites: 0,
    },
  };
  const next: DistrictState = { ...state, heldSyncIds: state.heldSyncIds.filter((each) => each !== syncId) };
  return (await ports.log.save(lease, rejected, 'held', next)) ? done : STALE;
}
