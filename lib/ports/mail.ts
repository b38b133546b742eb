import type { Mail } from '../core/mail/mail.ts';

/** Where mails go. */
export interface Mailer {
  /** Sends one mail to one address. A failure names neither the address nor the mail (R22). */
  send(address: string, mail: Mail): Promise<void>;
}

/** Which mails were sent, so that an event that comes twice is mailed once. */
export interface MailLog {
  /**
   * Claims the mail of an event to an address for `sender`. `sent`: it was sent already. `busy`: another sender is about to
   * send it, or ended before it did. The same sender may claim again; a claim of another is free after five minutes.
   */
  claim(mail: MailName, sender: string, at: Date): Promise<'claimed' | 'sent' | 'busy'>;
  /** It was sent: nobody sends it again for as long as the log remembers, 30 days. */
  sent(mail: MailName, at: Date): Promise<void>;
}

/** One mail: of one event, to one address. */
export interface MailName {
  readonly districtId: string;
  readonly eventId: string;
  readonly address: string;
}

/** How long a claim keeps others away, milliseconds. */
export const CLAIM_MILLIS = 5 * 60_000;
