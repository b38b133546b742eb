import type { CommandMessage } from '../../contracts/messages.ts';
import type { Command, CommandResult, RefusalCode } from '../../core/sync/command.ts';
import type { Giver } from '../../core/sync/giver.ts';
import type { CommandLog } from '../../ports/command-log.ts';
import type { Lease } from '../../ports/ledger.ts';
import type { PlanPorts } from '../plan-ports.ts';

/** What commands work with. */
export type CommandPorts = PlanPorts & { readonly commands: CommandLog };

/** A command on its way, under the lease of its district. */
export interface Commanded<C extends Command = Command> {
  readonly ports: CommandPorts;
  readonly lease: Lease;
  readonly message: CommandMessage;
  readonly command: C;
}

/** What a command says about itself; the rest is known. `apply`: its sync is `applying` now, and gets the lease. */
export type Answer = Omit<CommandResult, 'commandId' | 'districtId' | 'at' | 'by'> & { readonly apply?: true };

/** Someone newer works on the district: the command comes again. */
export const STALE = 'stale';

/** Who gave a command, to be kept with what it did. */
export const giverIn = ({ who, senderId = null, saidWho = null }: Giver): Giver => ({ who, senderId, saidWho });

export const refused = (
  code: RefusalCode,
  message: string,
  more: Partial<Pick<CommandResult, 'syncId' | 'newer' | 'conflicts' | 'beyondForce' | 'conflicting'>> = {},
): Answer => ({ outcome: 'refused', code, message, syncId: null, ...more });

/** The sync of a command that makes one: always the same, however often the command comes (R15). */
export const syncIdOfCommand = (commandId: string): string => `s${commandId.slice(1)}`;
