import type { Command } from '../../core/sync/command.ts';
import { type Answer, type Commanded, STALE } from './command-ports.ts';

/** Commands that are remembered: a message lives for days, and nobody pauses a district so often. */
const REMEMBERED = 50;

/** R14: while syncs are paused, exports are received and planned, and nothing is applied. */
export async function pauseSyncs({
  ports,
  lease,
  message,
  command,
}: Commanded<Extract<Command, { name: 'pause' | 'resume' }>>): Promise<Answer | typeof STALE> {
  const { districtId, commandId } = message;
  const state = await ports.log.state(districtId);
  const syncPaused = command.name === 'pause';
  // A late copy of a command must not take back what was decided since.
  const isCopy = state.switchCommandIds.includes(commandId);
  if (!isCopy) {
    const switchCommandIds = [...state.switchCommandIds, commandId].slice(-REMEMBERED);
    if (!(await ports.log.saveState(lease, { ...state, syncPaused, switchCommandIds }))) return STALE;
  }
  const isNews = isCopy || state.syncPaused !== syncPaused;
  return { outcome: 'done', code: command.name, message: textOf(syncPaused, isNews, state.heldSyncIds), syncId: null };
}

function textOf(paused: boolean, isNews: boolean, held: readonly string[]): string {
  if (paused) return 'Syncs are paused: exports are received and planned, nothing is applied.';
  if (!isNews) {
    return 'Syncs of this district were not paused. A suspended district goes on with `rollcall district resume`.';
  }
  if (held.length === 0) return 'Syncs go on with the next export.';
  return `Syncs go on with the next export. Held meanwhile, to approve or reject: ${held.join(', ')}.`;
}
