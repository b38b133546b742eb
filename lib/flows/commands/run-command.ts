import type { CommandMessage } from '../../contracts/messages.ts';
import type { CommandResult } from '../../core/sync/command.ts';
import { Failure } from '../../ports/failure.ts';
import type { Lease } from '../../ports/ledger.ts';
import { codeOf, isHopeless } from '../hopeless.ts';
import { LeaseLost } from '../lease-keeper.ts';
import { endReplaced } from '../replaced-deliveries.ts';
import { startApply } from '../start-apply.ts';
import { startNext } from '../start-next.ts';
import { tellUntold } from '../tell-untold.ts';
import { approveHeld } from './approve-held.ts';
import { type Answer, type CommandPorts, giverIn, refused, STALE, syncIdOfCommand } from './command-ports.ts';
import { pauseSyncs } from './pause-syncs.ts';
import { rejectHeld } from './reject-held.ts';
import { rekeyUser } from './rekey-user.ts';
import { undoSync } from './undo-sync.ts';

/** What a command message led to. */
export type CommandOutcome = CommandResult['outcome'] | 'already-done' | 'busy' | 'stale' | 'again';

/** A district that is busy is asked again after so many seconds, then twice as many, and so on: a person waits. */
const BUSY_SECONDS = 5;
const MOST_BUSY_SECONDS = 300;

/** Copies of a command that waits for a busy district: more than two hours, the apply of a large district ends before. */
export const MAX_COMMAND_ATTEMPTS = 50;

/**
 * So often a command is sent again after a service failed, each time later: a person waits, and the queue itself brings
 * a message back only after its visibility, which is much longer. 5 + 10 + … + 40 seconds are 3 minutes.
 */
const MAX_FAULTS = 8;

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
  try {
    return await carryOut(ports, message, worker, lastTry);
  } catch (thrown) {
    const faults = (message.faults ?? 0) + 1;
    if (!(thrown instanceof Failure && thrown.retryable) || faults > MAX_FAULTS) throw thrown;
    // What was decided is known by the command's id, so the next copy goes on where this one stopped (R15).
    await ports.queues.sendPlan({ ...message, faults }, BUSY_SECONDS * faults);
    return 'again';
  }
}

async function carryOut(
  ports: CommandPorts,
  message: CommandMessage,
  worker: string,
  lastTry: boolean,
): Promise<CommandOutcome> {
  const { districtId } = message;
  if (await putRightIfAnswered(ports, message)) {
    // Its worker perhaps ended before it could start what it decided.
    await startNext(ports, districtId);
    return 'already-done';
  }
  const unknown = refused('unknown-district', `There is no district ${districtId}.`);
  if ((await ports.districts.get(districtId)) === null) return conclude(ports, message, unknown);
  const lease = await ports.leases.take(districtId, worker, ports.leaseSeconds);
  if (lease === null) return waitOrGiveUp(ports, message);
  let answer: Answer | typeof STALE;
  try {
    // A copy of this message may have been answered while this one waited for the lease.
    if (await putRightIfAnswered(ports, message)) {
      await ports.leases.release(lease);
      await startNext(ports, districtId);
      return 'already-done';
    }
    // Looked for again, because a district leaves under the lease (R22).
    const isThere = (await ports.districts.get(districtId)) !== null;
    answer = isThere ? await answerUnderLease(ports, lease, message) : unknown;
  } catch (thrown) {
    await ports.leases.release(lease);
    // The message ends here: without another one the command would be lost, and nobody would get an answer.
    if (thrown instanceof LeaseLost) return waitOrGiveUp(ports, message);
    if (!isHopeless(thrown, lastTry)) throw thrown;
    const text = `The command could not be carried out (${codeOf(thrown)}). Nothing was changed.`;
    return conclude(ports, message, refused('failed', text));
  }
  if (answer === STALE) {
    await ports.leases.release(lease);
    return waitOrGiveUp(ports, message);
  }
  // A copy of this message may hold the lease by now and be about to do it: "refused" is said by a holder only.
  if (answer.outcome === 'refused' && !(await ports.leases.renew(lease, ports.leaseSeconds))) {
    return waitOrGiveUp(ports, message);
  }
  const starts = answer.apply && answer.syncId !== null;
  if (starts) await startApply(ports, lease, answer.syncId!);
  // Before the lease is free: the next copy of this message must find the answer.
  const outcome = await conclude(ports, message, answer);
  if (starts) return outcome;
  await ports.leases.release(lease);
  // A decision may free deltas that waited for it (R15).
  await startNext(ports, districtId);
  await tellUntold(ports, districtId);
  return outcome;
}

/**
 * Whether the command has its answer. One copy may have given up ("nothing was changed") while another carried it out and
 * ended before it could say so: then the answer is put right here, when that one's message comes again.
 */
async function putRightIfAnswered(ports: CommandPorts, message: CommandMessage): Promise<boolean> {
  const known = await ports.commands.get(message.districtId, message.commandId);
  const effect = known?.outcome === 'refused' ? await effectOf(ports, message) : null;
  if (effect !== null) await answerWith(ports, message, effect);
  return known !== null;
}

async function waitOrGiveUp(ports: CommandPorts, message: CommandMessage): Promise<CommandOutcome> {
  const again = { ...message, attempt: message.attempt + 1 };
  if (again.attempt < MAX_COMMAND_ATTEMPTS) {
    await ports.queues.sendPlan(again, Math.min(BUSY_SECONDS * again.attempt, MOST_BUSY_SECONDS));
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

/** Answers, unless that would be "nothing was changed" of a command that had an effect before its worker ended. */
async function conclude(ports: CommandPorts, message: CommandMessage, answer: Answer): Promise<'done' | 'refused'> {
  const effect = answer.outcome === 'refused' ? await effectOf(ports, message) : null;
  return answerWith(ports, message, effect ?? answer);
}

async function answerWith(
  ports: CommandPorts,
  { commandId, districtId, ...message }: CommandMessage,
  { apply: _, ...said }: Answer,
): Promise<'done' | 'refused'> {
  const at = ports.clock.now().toISOString();
  await ports.commands.put({ commandId, districtId, at, by: giverIn(message), ...said });
  return said.outcome;
}

/** What the command did, if it did anything. */
async function effectOf({ log }: CommandPorts, message: CommandMessage): Promise<Answer | null> {
  const { districtId, commandId, command } = message;
  const done = { outcome: 'done', code: command.name, message: 'It was carried out.' } as const;
  if (command.name === 'pause' || command.name === 'resume') {
    const { switchCommandIds } = await log.state(districtId);
    return switchCommandIds.includes(commandId) ? { ...done, syncId: null } : null;
  }
  const decides = command.name === 'approve' || command.name === 'reject';
  const sync = await log.get(districtId, decides ? command.syncId : syncIdOfCommand(commandId));
  if (sync?.decision?.commandId !== commandId) return null;
  return { ...done, syncId: sync.syncId, changes: sync.changes };
}
