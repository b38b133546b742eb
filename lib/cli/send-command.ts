import { createIds, systemClock } from '../adapters/clock/system-clock.ts';
import type { Command, CommandResult } from '../core/sync/command.ts';
import { ENDED_STATES } from '../core/sync/states.ts';
import type { Sync } from '../core/sync/sync.ts';
import { CommandError } from './output.ts';
import { poll } from './poll.ts';
import type { Target } from './target.ts';

/** Sends a command to the functions and waits for what became of it; nothing is written from here (R15). */
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
  const result = await poll(waitSeconds, 'waiting for the district', () => target.commands.get(districtId, commandId));
  if (result !== null) return result;
  const message = `The district was busy for ${waitSeconds} seconds. The command is on its way and will be carried out.`;
  throw new CommandError('still-waiting', message, `See \`rollcall syncs ${districtId} ${target.flags}\`.`);
}

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
