import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createIds, systemClock } from '../adapters/clock/system-clock.ts';
import type { Command, CommandResult } from '../core/sync/command.ts';
import { ENDED_STATES } from '../core/sync/states.ts';
import type { Sync } from '../core/sync/sync.ts';
import { CommandError } from './output.ts';
import { Progress } from './progress.ts';
import type { Target } from './target.ts';

/** How often the table is asked for the outcome, milliseconds. */
const POLL = 200;

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
    { type: 'command', districtId, commandId, command, who: userInfo().username, attempt: 0 },
    0,
  );
  const result = await poll(waitSeconds, 'waiting for the district', () => target.commands.get(districtId, commandId));
  if (result !== null) return result;
  const message = `The district was busy for ${waitSeconds} seconds. The command is on its way and will be carried out.`;
  throw new CommandError('still-waiting', message, `See \`rollcall syncs ${districtId} --local\`.`);
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

async function poll<T>(seconds: number, doing: string, look: () => Promise<T | null>): Promise<T | null> {
  const progress = new Progress();
  const started = Date.now();
  try {
    for (;;) {
      const found = await look();
      if (found !== null) return found;
      const waited = (Date.now() - started) / 1000;
      if (waited > seconds) return null;
      progress.tell(`${doing}: ${waited.toFixed(0)} s`);
      await sleep(POLL);
    }
  } finally {
    progress.end();
  }
}
