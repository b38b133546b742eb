import type { EventDetail } from '../../lib/contracts/events.ts';
import { type NotifyPorts, notifyContacts } from '../../lib/flows/notify/notify-contacts.ts';
import type { Logger } from '../../lib/ports/logger.ts';
import { wireNotify } from './wire.ts';

/** What the function works with. */
export type NotifyHandlerPorts = NotifyPorts & { readonly logger: Logger };

/** An event as the bus hands it on; its own `id` is another one each time that it is told. */
export interface BusEvent {
  readonly detail: EventDetail;
}

interface Invocation {
  readonly awsRequestId: string;
}

/** Some mails could not be sent. The call fails, so that it comes again: the others are not sent twice. */
export class NotifyFailed extends Error {
  override readonly name = 'NotifyFailed';
  readonly code = 'notify-failed';
}

/** Events of the bus become mails to a district's contacts. Logs ids, types and counts, no address (R22). */
export const makeNotifyHandler =
  (ports: NotifyHandlerPorts) =>
  async ({ detail }: BusEvent, { awsRequestId }: Invocation): Promise<void> => {
    const { districtId, type: event } = detail;
    const { sent, failures } = await notifyContacts(ports, detail, awsRequestId);
    for (const thrown of failures) ports.logger.error('notify', thrown, { districtId, event });
    ports.logger.info('notify', { districtId, event, sent, outcome: failures.length === 0 ? 'done' : 'failed' });
    if (failures.length > 0) throw new NotifyFailed(`${failures.length} mails could not be sent`);
  };

let wired: ReturnType<typeof makeNotifyHandler> | undefined;

/** Lambda entry. */
export const handler = (event: BusEvent, context: Invocation): Promise<void> => {
  wired ??= makeNotifyHandler(wireNotify(process.env));
  return wired(event, context);
};
