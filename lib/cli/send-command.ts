import { createIds, systemClock } from '../adapters/clock/system-clock.ts';
import type { Command, CommandResult } from '../core/sync/command.ts';
import { ENDED_STATES } from '../core/sync/states.ts';
import type { Sync } from '../core/sync/sync.ts';
import { CommandError } from './output.ts';
import { poll } from './poll.ts';
import type { Target } from './target.ts';

/**
 * Sends a command to the functions and waits for what became of it; nothing is written from here (R15). Its id is said
 * on stderr as soon as it is sent, and in each error after that: who stops waiting can ask again (`rollcall command`).
 */
export async function sendCommand(
  target: Target,
  districtId: string,
  command: Command,
  waitSeconds: number,
): Promise<CommandResult> {
  if (!target.running) {
    const hint = 'Start it with `rollcall local`, in another terminal.';
    throw new CommandError(
      'not-running',
      'The local stack is not running, and only its functions change a roster.',
      hint,
    );
  }
  const commandId = createIds(systemClock).next('c');
  await target.queues.sendPlan(
    { type: 'command', districtId, commandId, command, who: await target.who(), attempt: 0 },
    0,
  );
  const ask = `rollcall command ${commandId} ${districtId} ${target.flags}`;
  process.stderr.write(`Sent as ${commandId}. Should this end early: ${ask}\n`);
  const hint = `Ask again: \`${ask}\`.`;
  const result = await pollOutcome(target, districtId, commandId, waitSeconds).catch((thrown: unknown) => {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    const message = `The command is on its way, but its outcome could not be read: ${why}`;
    throw new CommandError('outcome-unknown', message, hint, { commandId });
  });
  if (result !== null) return result;
  const message = `There was no answer for ${waitSeconds} seconds. The command is on its way and will be carried out.`;
  throw new CommandError('still-waiting', message, hint, { commandId });
}

/** What became of a command; null when the time is up. */
export const pollOutcome = (
  { commands }: Pick<Target, 'commands'>,
  districtId: string,
  commandId: string,
  seconds: number,
): Promise<CommandResult | null> =>
  poll(seconds, 'waiting for the district', () => commands.get(districtId, commandId));

/** Waits until a sync that is applied has ended; the sync as it is then, or null when the time is up. */
export function waitForSync(
  target: Target,
  { syncId, districtId }: CommandResult,
  seconds: number,
): Promise<Sync | null> {
  return poll(seconds, 'applying', async () => {
    const sync = syncId === null ? null : await target.log.get(districtId, syncId);
    return sync !== null && ENDED_STATES.includes(sync.state) ? sync : null;
  });
}
