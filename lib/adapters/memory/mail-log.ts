import { CLAIM_MILLIS, type MailLog, type MailName } from '../../ports/mail.ts';

/** Sent mails over a plain map. */
export function memoryMailLog(): MailLog {
  const rows = new Map<string, { sender: string; until: number }>();
  const keyOf = ({ districtId, eventId, address }: MailName) => JSON.stringify([districtId, eventId, address]);
  return {
    async claim(mail, sender, at) {
      const row = rows.get(keyOf(mail));
      if (row?.until === Number.POSITIVE_INFINITY) return 'sent';
      if (row !== undefined && row.sender !== sender && row.until >= at.getTime()) return 'busy';
      rows.set(keyOf(mail), { sender, until: at.getTime() + CLAIM_MILLIS });
      return 'claimed';
    },
    async sent(mail) {
      rows.set(keyOf(mail), { sender: '', until: Number.POSITIVE_INFINITY });
    },
  };
}
