import type { CommandMessage } from '../../contracts/messages.ts';
import type { CommandResult } from '../../core/sync/command.ts';
import type { Lease } from '../../ports/ledger.ts';
import { codeOf, isHopeless } from '../hopeless.ts';
import { LeaseLost } from '../lease-keeper.ts';
import { endReplaced } from '../replaced-syncs.ts';
import { startApply } from '../start-apply.ts';
import { MAX_ATTEMPTS, startNext } from '../start-next.ts';
import { approveHeld } from './approve-held.ts';
import { type Answer, type CommandPorts, refused, STALE } from './command-ports.ts';
import { pauseSyncs } from './pause-syncs.ts';
import { rejectHeld } from './reject-held.ts';
import { rekeyUser } from './rekey-user.ts';
import { undoSync } from './undo-sync.ts';

/** What a command message led to. */
export type CommandOutcome = CommandResult['outcome'] | 'already-done' | 'busy' | 'stale';

/** A district that is busy is asked again after so many seconds: a person waits for the answer. */
const BUSY_SECONDS = 5;

/**
 * Carries a person's command out under the lease of its district (R12, R13, R14), once in effect however often it comes
 * (R15): what it decided is in the sync that it names or makes, and its result is a row under its id.
 */
export async function runCommand(
  ports: CommandPorts,
  message: CommandMessage,
  worker: string,
  lastTry = false,
): Promise<CommandOutcome> {
  const { districtId, commandId } = message;
  if ((await ports.commands.get(districtId, commandId)) !== null) return 'already-done';
  if ((await ports.districts.get(districtId)) === null) {
    return conclude(ports, message, refused('unknown-district', `There is no district ${districtId}.`));
  }
  const lease = await ports.leases.take(districtId, worker, ports.leaseSeconds);
  if (lease === null) return waitOrGiveUp(ports, message);
  let answer: Answer | typeof STALE;
  try {
    answer = await answerUnderLease(ports, lease, message);
  } catch (thrown) {
    await ports.leases.release(lease);
    if (thrown instanceof LeaseLost) return 'stale';
    if (!isHopeless(thrown, lastTry)) throw thrown;
    const text = `The command could not be carried out (${codeOf(thrown)}). Nothing was changed.`;
    return conclude(ports, message, refused('failed', text));
  }
  if (answer === STALE) {
    await ports.leases.release(lease);
    return waitOrGiveUp(ports, message);
  }
  if (answer.apply && answer.syncId !== null) await startApply(ports, lease, answer.syncId);
  else await ports.leases.release(lease);
  const outcome = await conclude(ports, message, answer);
  // A decision may free deltas that waited for it (R15).
  if (!answer.apply) await startNext(ports, districtId);
  return outcome;
}

async function waitOrGiveUp(ports: CommandPorts, message: CommandMessage): Promise<CommandOutcome> {
  const again = { ...message, attempt: message.attempt + 1 };
  if (again.attempt < MAX_ATTEMPTS) {
    await ports.queues.sendPlan(again, BUSY_SECONDS);
    return 'busy';
  }
  const text = 'The district was busy all the time. Nothing was changed; try again when its sync has ended.';
  return conclude(ports, message, refused('applying', text));
}

async function answerUnderLease(
  ports: CommandPorts,
  lease: Lease,
  message: CommandMessage,
): Promise<Answer | typeof STALE> {
  if ((await endReplaced(ports, lease)) === 'stale') return STALE;
  const { command } = message;
  switch (command.name) {
    case 'approve':
      return approveHeld({ ports, lease, message, command });
    case 'reject':
      return rejectHeld({ ports, lease, message, command });
    case 'undo':
      return undoSync({ ports, lease, message, command });
    case 'rekey':
      return rekeyUser({ ports, lease, message, command });
    case 'pause':
    case 'resume':
      return pauseSyncs({ ports, lease, message, command });
  }
}

async function conclude(ports: CommandPorts, message: CommandMessage, answer: Answer): Promise<'done' | 'refused'> {
  const { apply: _, ...said } = answer;
  const { commandId, districtId } = message;
  await ports.commands.put({ commandId, districtId, at: ports.clock.now().toISOString(), ...said });
  return answer.outcome;
}
