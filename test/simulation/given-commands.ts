import type { CommandMessage } from '../../lib/contracts/messages.ts';
import type { CommandResult } from '../../lib/core/sync/command.ts';

/** What people asked for, and what came of it. */
export class GivenCommands {
  readonly #given = new Map<string, CommandMessage>();
  /** What a command did, by its id: at most one thing. */
  readonly #effects = new Map<string, string>();

  give(message: CommandMessage): void {
    this.#given.set(message.commandId, message);
  }

  of(commandId: string): CommandMessage | undefined {
    return this.#given.get(commandId);
  }

  get all(): readonly CommandMessage[] {
    return [...this.#given.values()];
  }

  /** A command took effect. What is wrong with that, or null. */
  took(commandId: string, districtId: string, name: CommandMessage['command']['name'], effect: string): string | null {
    const given = this.#given.get(commandId);
    const before = this.#effects.get(commandId);
    this.#effects.set(commandId, effect);
    if (given === undefined) return `nobody gave ${commandId}: ${effect}`;
    if (given.districtId !== districtId || given.command.name !== name)
      return `${commandId} is no ${name} of ${districtId}`;
    return before === undefined ? null : `${commandId} did ${before}, and ${effect}`;
  }

  /** What a result says that was not so, or null. */
  misreported({ commandId, outcome, code, syncId }: CommandResult): string | null {
    const effect = this.#effects.get(commandId) ?? null;
    const command = this.#given.get(commandId)?.command;
    const isDryRun = (command?.name === 'undo' || command?.name === 'rekey') && command.dryRun === true;
    if (outcome === 'refused') return effect === null ? null : `${commandId} was refused (${code}) and did ${effect}`;
    if (code === 'pause' || code === 'resume' || isDryRun) return effect === null ? null : `${commandId} did ${effect}`;
    return effect === syncId && code === command?.name ? null : `${commandId} says ${code} ${syncId} and did ${effect}`;
  }
}
