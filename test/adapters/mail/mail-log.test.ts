import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createMailLog } from '../../../lib/adapters/dynamodb/mail-log.ts';
import { createTableClient } from '../../../lib/adapters/dynamodb/table-client.ts';
import { memoryMailLog } from '../../../lib/adapters/memory/mail-log.ts';
import { type DynamoDbServer, startDynamoDbServer } from '../../../lib/local/dynamodb/server.ts';
import { CLAIM_MILLIS, type MailLog } from '../../../lib/ports/mail.ts';
import { openTable, TABLE } from '../dynamodb-world.ts';

let server: DynamoDbServer;
let client: DynamoDBClient;
beforeAll(async () => {
  server = await startDynamoDbServer({ dataDir: null });
  client = await openTable(server.endpoint);
}, 30_000);
afterAll(async () => {
  client.destroy();
  await server.close();
});

const NOW = new Date('2026-11-24T08:00:00.000Z');
const LATER = new Date(NOW.getTime() + CLAIM_MILLIS + 1);
let mails = 0;

describe.each<[string, () => MailLog]>([
  ['memory', () => memoryMailLog()],
  ['dynamodb', () => createMailLog(createTableClient(client, TABLE))],
])('%s: sent mails', (_name, open) => {
  const name = () => ({ districtId: 'maple-unified', eventId: `s-${++mails}:held`, address: 'ann@maple.example' });

  test('one sender at a time; the same one may try again', async () => {
    const [log, mail] = [open(), name()];
    expect(await log.claim(mail, 'a', NOW)).toBe('claimed');
    expect(await log.claim(mail, 'b', NOW)).toBe('busy');
    expect(await log.claim(mail, 'a', NOW)).toBe('claimed');
    expect(await log.claim({ ...mail, address: 'bob@maple.example' }, 'b', NOW)).toBe('claimed');
    expect(await log.claim({ ...mail, districtId: 'cedar-city' }, 'b', NOW)).toBe('claimed');
  });

  test('a sender that ended frees it after a while', async () => {
    const [log, mail] = [open(), name()];
    await log.claim(mail, 'a', NOW);
    expect(await log.claim(mail, 'b', LATER)).toBe('claimed');
    expect(await log.claim(mail, 'a', LATER)).toBe('busy');
  });

  test('what was sent is never sent again, by nobody', async () => {
    const [log, mail] = [open(), name()];
    await log.claim(mail, 'a', NOW);
    await log.sent(mail, NOW);
    for (const sender of ['a', 'b']) expect(await log.claim(mail, sender, LATER)).toBe('sent');
  });
});
