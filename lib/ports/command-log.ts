import type { CommandResult } from '../core/sync/command.ts';

/** What became of people's commands. */
export interface CommandLog {
  get(districtId: string, commandId: string): Promise<CommandResult | null>;
  /** Writes it once; a second result of the same command is dropped. */
  put(result: CommandResult): Promise<void>;
}
