import { type BatchResult, forEachMessage, type QueueRecord, type Receipt } from '../../lib/contracts/batch-result.ts';
import type { EventDetail } from '../../lib/contracts/events.ts';
import { type NotifyPorts, notifyContacts } from '../../lib/flows/notify/notify-contacts.ts';
import type { Logger } from '../../lib/ports/logger.ts';
import { wireNotify } from './wire.ts';

/** What the function works with. */
export type NotifyHandlerPorts = NotifyPorts & { readonly logger: Logger };

/** An event as the bus hands it on, the body of a message; its own `id` is another one each time that it is told. */
interface BusEvent {
  readonly detail: EventDetail;
}

/** Some mails could not be sent. The message fails, so that it comes again: the others are not sent twice. */
export class NotifyFailed extends Error {
  override readonly name = 'NotifyFailed';
  readonly code = 'notify-failed';
}

/**
 * The notifications queue: events of the bus become mails to a district's contacts. The message names who sends, so that its
 * next try goes on where this one ended. Logs ids, types and counts, no address (R22).
 */
export const makeNotifyHandler =
  (ports: NotifyHandlerPorts) =>
  (event: { readonly Records: readonly QueueRecord[] }): Promise<BatchResult> => {
    const notify = async (body: unknown, { messageId }: Receipt) => {
      const { detail } = body as BusEvent;
      const { districtId, type } = detail;
      const { sent, failures } = await notifyContacts(ports, detail, messageId);
      for (const thrown of failures) ports.logger.error('notify', thrown, { districtId, event: type });
      const outcome = failures.length === 0 ? 'done' : 'failed';
      ports.logger.info('notify', { districtId, event: type, sent, outcome });
      if (failures.length > 0) throw new NotifyFailed(`${failures.length} mails could not be sent`);
    };
    return forEachMessage(event.Records, notify, (thrown) => ports.logger.error('notify', thrown));
  };

let wired: ReturnType<typeof makeNotifyHandler> | undefined;

/** Lambda entry. */
export const handler = (event: { readonly Records: readonly QueueRecord[] }): Promise<BatchResult> => {
  wired ??= makeNotifyHandler(wireNotify(process.env));
  return wired(event);
};
