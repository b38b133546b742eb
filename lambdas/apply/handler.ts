import { type BatchResult, forEachMessage, type QueueRecord, type Receipt } from '../../lib/contracts/batch-result.ts';
import type { ApplyMessage } from '../../lib/contracts/messages.ts';
import type { ApplyPorts } from '../../lib/flows/apply-ports.ts';
import { applySync } from '../../lib/flows/apply-sync.ts';
import type { Logger } from '../../lib/ports/logger.ts';
import { wireApply } from './wire.ts';

/** What the function works with. */
export type ApplyHandlerPorts = ApplyPorts & { readonly logger: Logger };

interface Invocation {
  readonly awsRequestId: string;
  readonly getRemainingTimeInMillis: () => number;
}

/** The applies queue: writes a plan, or goes on with it. */
export const makeApplyHandler =
  (ports: ApplyHandlerPorts) =>
  (event: { readonly Records: readonly QueueRecord[] }, context: Invocation): Promise<BatchResult> => {
    const apply = async (body: unknown, { lastTry }: Receipt) => {
      const message = body as ApplyMessage;
      const { districtId, syncId } = message;
      const timeLeft = () => context.getRemainingTimeInMillis();
      const outcome = await applySync(ports, message, context.awsRequestId, timeLeft, lastTry);
      ports.logger.info('apply', { districtId, syncId, outcome });
    };
    return forEachMessage(event.Records, apply, (thrown) => ports.logger.error('apply', thrown));
  };

let wired: ReturnType<typeof makeApplyHandler> | undefined;

/** Lambda entry. */
export const handler = (
  event: { readonly Records: readonly QueueRecord[] },
  context: Invocation,
): Promise<BatchResult> => {
  wired ??= makeApplyHandler(wireApply(process.env));
  return wired(event, context);
};
