import type { CommandResult } from '../core/sync/command.ts';

/** What became of people's commands. */
export interface CommandLog {
  get(districtId: string, commandId: string): Promise<CommandResult | null>;
  /** Writes it once. Of a second result only `done` replaces `refused`: one copy of a command gave up too early. Nothing of a district that has left. */
  put(result: CommandResult): Promise<void>;
}
