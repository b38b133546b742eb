import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SESv2Client } from '@aws-sdk/client-sesv2';
import { makeNotifyHandler } from '../../lambdas/notify/handler.ts';
import { wireNotify } from '../../lambdas/notify/wire.ts';
import { detailOf } from '../../lib/contracts/events.ts';
import { NOTIFY_DELIVERIES, NOTIFY_DISTRICT_READS, NOTIFY_ROWS } from '../../lib/contracts/notify-rights.ts';
import { districtPartition, syncedPartition } from '../../lib/contracts/table-keys.ts';
import { districtSettingsSchema } from '../../lib/core/district/settings.ts';
import { EVENT_SAMPLES } from '../support/event-samples.ts';
import { covers } from '../support/leading-keys.ts';

const HELD = EVENT_SAMPLES['rollcall.sync.held'];
const INCOMPLETE = EVENT_SAMPLES['rollcall.delivery.incomplete'];
const { districtId } = HELD;
const SETTINGS = districtSettingsSchema.parse({ districtId, name: 'Maple', contacts: ['ann@maple.example'] });

interface Asked {
  readonly Key?: { readonly pk: { readonly S: string } };
  readonly ExpressionAttributeValues?: Readonly<Record<string, { readonly S: string }>>;
}

/** The one that is read, changed or queried. */
const partitionOf = ({ Key, ExpressionAttributeValues = {} }: Asked): string =>
  Key?.pk.S ?? Object.values(ExpressionAttributeValues)[0]?.S ?? '';

/** The delivery that is not whole, as its row says. */
const DELIVERY = {
  deliveryId: { S: INCOMPLETE.deliveryId },
  body: { S: JSON.stringify({ ...INCOMPLETE, state: 'incomplete', folder: '', openedAt: '2026-11-23T07:30:00.000Z' }) },
};

test.each([
  [HELD, ['GetItemCommand', 'UpdateItemCommand', 'mail', 'UpdateItemCommand']],
  [INCOMPLETE, ['GetItemCommand', 'QueryCommand', 'UpdateItemCommand', 'mail', 'UpdateItemCommand']],
])(
  'what a mail asks the table it has a right to, and each mail is claimed, sent and written down: $type',
  async (event, expected) => {
    const asked: string[] = [];
    const answers = {
      GetItemCommand: [{ version: { N: '1' }, body: { S: JSON.stringify(SETTINGS) } }, NOTIFY_DISTRICT_READS],
      UpdateItemCommand: [{}, NOTIFY_ROWS],
      QueryCommand: [DELIVERY, NOTIFY_DELIVERIES],
    } as const;
    const send = async (command: { readonly input: Asked }) => {
      const name = command.constructor.name as keyof typeof answers;
      asked.push(name);
      const [Item, keys] = answers[name];
      expect(covers(keys, partitionOf(command.input))).toBe(true);
      return { Item, Attributes: Item, Items: [Item] };
    };
    const middlewareStack = { add: () => {} };
    const ses = { send: async () => asked.push('mail'), middlewareStack } as unknown as SESv2Client;
    const ports = wireNotify(
      { TABLE_NAME: 't', MAIL_FROM: 'a@b.example', MAIL_REPLY_TO: 'c@b.example' },
      { dynamodb: { send } as unknown as DynamoDBClient, ses, logger: { info: () => {}, error: () => {} } },
    );
    const record = { messageId: 'm', body: JSON.stringify({ source: 'rollcall', detail: detailOf(event) }) };
    expect(await makeNotifyHandler(ports)({ Records: [record] })).toEqual({ batchItemFailures: [] });
    expect(asked).toEqual(expected);
  },
);

test('it may read no roster, and change no settings', () => {
  for (const keys of [NOTIFY_ROWS, NOTIFY_DELIVERIES, NOTIFY_DISTRICT_READS]) {
    expect(covers(keys, syncedPartition('d', 'user', 0))).toBe(false);
  }
  expect(covers(NOTIFY_ROWS, districtPartition('d'))).toBe(false);
});
