import type { EventDetail } from '../../contracts/events.ts';
import { renderMail } from '../../core/mail/mail.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Districts } from '../../ports/districts.ts';
import { Failure } from '../../ports/failure.ts';
import type { DeliveryLedger } from '../../ports/ledger.ts';
import type { Mailer, MailLog } from '../../ports/mail.ts';
import { incompleteOccasion, isTestSync, type MailOccasion } from './mail-occasion.ts';
import { mailOfEvent } from './mail-of-event.ts';

/** What notifying works with. */
export interface NotifyPorts {
  readonly clock: Clock;
  readonly districts: Pick<Districts, 'get'>;
  readonly mailer: Mailer;
  readonly mailLog: MailLog;
  readonly ledger: Pick<DeliveryLedger, 'list'>;
}

/** Another call is about to send this mail, or ended before it did. Looked at again, it is sent, or free. */
export class MailIsClaimed extends Failure {
  override readonly name = 'MailIsClaimed';
  readonly code = 'mail-is-claimed';
  readonly retryable = true;
}

/** How many mails were sent, and what kept others from it. */
export interface NotifyOutcome {
  readonly sent: number;
  readonly failures: readonly unknown[];
}

/**
 * Mails an event to the contacts of its district, where it is one that people are mailed about. Each address once for each
 * event, however often it comes; one that cannot be mailed keeps no other from its mail. What is not known to be sent is
 * among the failures, so that the event comes again.
 *
 * @param sender names this call; a retry of it has the same name.
 */
export async function notifyContacts(ports: NotifyPorts, event: EventDetail, sender: string): Promise<NotifyOutcome> {
  const { districtId } = event;
  const district = await ports.districts.get(districtId);
  const occasion = district && (await occasionOf(ports, event, district.settings.timeZone));
  const draft = occasion && mailOfEvent(event, district.settings, occasion.isTest);
  const outcome = { sent: 0, failures: [] as unknown[] };
  if (district === null || occasion === null || draft === null) return outcome;
  const mail = renderMail(draft);
  for (const address of new Set(district.settings.contacts)) {
    const name = { districtId, eventId: occasion.mailId, address };
    try {
      const claim = await ports.mailLog.claim(name, sender, ports.clock.now());
      if (claim === 'sent') continue;
      if (claim === 'busy') throw new MailIsClaimed('another call has claimed this mail');
      await ports.mailer.send(address, mail);
      outcome.sent++;
      await ports.mailLog.sent(name, ports.clock.now());
    } catch (thrown) {
      outcome.failures.push(thrown);
    }
  }
  return outcome;
}

/** Under which name a mail is remembered; null where the event is no news any more. */
async function occasionOf(ports: NotifyPorts, event: EventDetail, timeZone: string): Promise<MailOccasion | null> {
  if (event.type === 'rollcall.delivery.incomplete') return incompleteOccasion(ports, event, timeZone);
  const isTest = event.type === 'rollcall.sync.rejected' && (await isTestSync(ports, event));
  return { mailId: event.eventId, isTest };
}
