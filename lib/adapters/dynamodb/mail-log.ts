import { createHash } from 'node:crypto';
import { ROSTER_TABLE } from '../../contracts/table-definition.ts';
import { type Key, mailsPartition } from '../../contracts/table-keys.ts';
import { CLAIM_MILLIS, type MailLog, type MailName } from '../../ports/mail.ts';
import type { TableClient } from './table-client.ts';

/** How long a sent mail is remembered, seconds: longer than an event may wait in a dead-letter queue (14 days). */
const KEPT_SECONDS = 30 * 86_400;

/** The address is not kept, only enough of its hash to tell the contacts of a district apart. */
const keyOf = ({ districtId, eventId, address }: MailName): Key => ({
  pk: mailsPartition(districtId),
  sk: `${eventId}#${createHash('sha256').update(address).digest('hex').slice(0, 16)}`,
});

const NAMES = { '#sender': 'sender', '#until': 'until', '#sent': 'sent', '#ttl': ROSTER_TABLE.timeToLiveAttribute };

/** Sent mails in DynamoDB, a row for each event and address. Failure: `ServiceBusy`. */
export function createMailLog(table: TableClient): MailLog {
  const expiry = (at: Date) => ({ N: String(Math.floor(at.getTime() / 1000) + KEPT_SECONDS) });
  return {
    async claim(mail, sender, at) {
      const change = {
        expression: 'SET #sender = :sender, #until = :until, #sent = :no, #ttl = :ttl',
        names: NAMES,
        values: {
          ':sender': { S: sender },
          ':until': { N: String(at.getTime() + CLAIM_MILLIS) },
          ':no': { BOOL: false },
          ':ttl': expiry(at),
          ':now': { N: String(at.getTime()) },
        },
      };
      const free = 'attribute_not_exists(pk) OR (#sent = :no AND (#sender = :sender OR #until < :now))';
      if ((await table.update(keyOf(mail), change, free)) !== null) return 'claimed';
      return (await table.get(keyOf(mail)))?.['sent']?.BOOL === true ? 'sent' : 'busy';
    },
    async sent(mail, at) {
      const change = {
        expression: 'SET #sent = :yes, #ttl = :ttl',
        names: { '#sent': 'sent', '#ttl': ROSTER_TABLE.timeToLiveAttribute },
        values: { ':yes': { BOOL: true }, ':ttl': expiry(at) },
      };
      await table.update(keyOf(mail), change, 'attribute_exists(pk)');
    },
  };
}
