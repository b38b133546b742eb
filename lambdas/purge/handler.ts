import { type BatchResult, forEachMessage, type QueueRecord, type Receipt } from '../../lib/contracts/batch-result.ts';
import type { PurgesMessage } from '../../lib/contracts/messages.ts';
import { offboardDistrict } from '../../lib/flows/offboard/offboard-district.ts';
import { type OrderPorts, orderOfGiver } from '../../lib/flows/offboard/order-of-giver.ts';
import { sweepDistrict } from '../../lib/flows/offboard/sweep-district.ts';
import { purgeNight } from '../../lib/flows/purge/purge-night.ts';
import { purgeRecords, type RetentionPorts } from '../../lib/flows/purge/purge-records.ts';
import type { Logger } from '../../lib/ports/logger.ts';
import { wirePurge } from './wire.ts';

/** What the function works with. */
export type PurgeHandlerPorts = OrderPorts & RetentionPorts & { readonly logger: Logger };

interface Invocation {
  readonly awsRequestId: string;
  readonly getRemainingTimeInMillis: () => number;
}

/** Messages of the purges queue, or the schedule's own event, of which nothing matters. */
interface PurgeEvent {
  readonly 'detail-type'?: unknown;
  readonly Records?: readonly QueueRecord[];
}

/** The purges queue: deletes. Every night: asks for what is due. */
export const makePurgeHandler =
  (ports: PurgeHandlerPorts) =>
  async (event: PurgeEvent, context: Invocation): Promise<BatchResult> => {
    if (event.Records === undefined) {
      ports.logger.info('purge', { outcome: 'asked', districts: await purgeNight(ports) });
      return { batchItemFailures: [] };
    }
    const purge = async (body: unknown, { senderId }: Receipt) => {
      const message = orderOfGiver(body as PurgesMessage, senderId, ports);
      const { districtId, type } = message;
      ports.logger.info('purge', { districtId, command: type, ...(await carryOut(ports, message, context)) });
    };
    return forEachMessage(event.Records, purge, (thrown) => ports.logger.error('purge', thrown));
  };

async function carryOut(ports: PurgeHandlerPorts, message: PurgesMessage, context: Invocation) {
  const [timeLeft, worker] = [() => context.getRemainingTimeInMillis(), context.awsRequestId];
  switch (message.type) {
    case 'offboard':
      return { outcome: await offboardDistrict(ports, message, worker, timeLeft) };
    case 'sweep':
      return { outcome: await sweepDistrict(ports, message, timeLeft) };
    case 'retention':
      return purgeRecords(ports, message, worker, timeLeft);
  }
}

let wired: ReturnType<typeof makePurgeHandler> | undefined;

/** Lambda entry. */
export const handler = (event: PurgeEvent, context: Invocation): Promise<BatchResult> => {
  wired ??= makePurgeHandler(wirePurge(process.env));
  return wired(event, context);
};
