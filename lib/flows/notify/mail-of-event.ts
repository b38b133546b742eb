import type { RollcallEvent } from '../../contracts/events.ts';
import type { DistrictSettings } from '../../core/district/settings.ts';
import { blockedMail } from '../../core/mail/blocked-mail.ts';
import { lateMail, weeklyMail } from '../../core/mail/calendar-mails.ts';
import { incompleteMail } from '../../core/mail/incomplete-mail.ts';
import type { MailDraft } from '../../core/mail/mail.ts';
import { firstAppliedMail, heldMail, rejectedMail } from '../../core/mail/sync-mails.ts';

/** Days of waiting on which a held plan is mailed again; then every seventh. People of ours see it every day. */
const REMINDED: readonly number[] = [0, 1, 3];

/**
 * What a district is mailed about an event (design §4, report); null where nobody needs a mail.
 *
 * @param isTest the event is about a test upload, as far as that is known.
 */
export function mailOfEvent(event: RollcallEvent, settings: DistrictSettings, isTest: boolean): MailDraft | null {
  const { name: districtName, timeZone, weeklySummary } = settings;
  switch (event.type) {
    case 'rollcall.sync.held':
      return isReminded(event.waitingDays) ? heldMail({ ...event, districtName }, event.waitingDays) : null;
    case 'rollcall.sync.rejected':
      return rejectedMail({ ...event, districtName, changes: {} }, event.by, isTest);
    case 'rollcall.sync.applied':
      return event.first ? firstAppliedMail({ ...event, districtName, codes: [] }) : null;
    case 'rollcall.delivery.incomplete':
      return incompleteMail(districtName, event.deliveryId, isTest);
    case 'rollcall.delivery.blocked':
      return blockedMail(districtName, event.deliveryId);
    case 'rollcall.sync.late':
      return lateMail(districtName, timeZone, event.expectedAt, event.dueAt);
    case 'rollcall.district.weekly':
      return weeklySummary ? weeklyMail(districtName, event) : null;
    default:
      return null;
  }
}

const isReminded = (days: number): boolean => REMINDED.includes(days) || days % 7 === 0;
