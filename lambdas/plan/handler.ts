import { type BatchResult, forEachMessage, type QueueRecord, type Receipt } from '../../lib/contracts/batch-result.ts';
import type { CommandMessage, PlanMessage } from '../../lib/contracts/messages.ts';
import { giverOf, type OwnRole } from '../../lib/core/sync/giver.ts';
import type { CommandPorts } from '../../lib/flows/commands/command-ports.ts';
import { runCommand } from '../../lib/flows/commands/run-command.ts';
import { planNext } from '../../lib/flows/plan-next.ts';
import type { Logger } from '../../lib/ports/logger.ts';
import { wirePlan } from './wire.ts';

/** What the function works with. */
export type PlanHandlerPorts = CommandPorts & OwnRole & { readonly logger: Logger };

interface Invocation {
  readonly awsRequestId: string;
}

/** The plans queue: plans the delivery of a district whose turn it is, and carries people's commands out. */
export const makePlanHandler =
  (ports: PlanHandlerPorts) =>
  (event: { readonly Records: readonly QueueRecord[] }, { awsRequestId }: Invocation): Promise<BatchResult> => {
    const plan = async (body: unknown, { lastTry, senderId }: Receipt) => {
      const message = body as PlanMessage | CommandMessage;
      const { districtId } = message;
      if (message.type === 'command') {
        const { commandId, command } = message;
        const given = { ...message, ...giverOf(message, senderId, ports) };
        const outcome = await runCommand(ports, given, awsRequestId, lastTry);
        ports.logger.info('command', { districtId, commandId, command: command.name, outcome });
        return;
      }
      ports.logger.info('plan', { districtId, outcome: await planNext(ports, message, awsRequestId, lastTry) });
    };
    return forEachMessage(event.Records, plan, (thrown) => ports.logger.error('plan', thrown));
  };

let wired: ReturnType<typeof makePlanHandler> | undefined;

/** Lambda entry. */
export const handler = (
  event: { readonly Records: readonly QueueRecord[] },
  context: Invocation,
): Promise<BatchResult> => {
  wired ??= makePlanHandler(wirePlan(process.env));
  return wired(event, context);
};
