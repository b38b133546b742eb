import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { sayBusy } from '../../../lib/adapters/aws/patient-client.ts';
import { createEventBridge, EventRefused } from '../../../lib/adapters/events/event-bridge.ts';
import { createSesMailer } from '../../../lib/adapters/mail/ses.ts';
import { detailOf } from '../../../lib/contracts/events.ts';
import { ServiceBusy } from '../../../lib/ports/failure.ts';
import { EVENT_SAMPLES } from '../../support/event-samples.ts';

let server: Server;
let requests: { readonly url: string; readonly target: unknown; readonly body: unknown }[];
let answer: { status: number; body: object };
let common: ConstructorParameters<typeof SESv2Client>[0] & object;

beforeEach(async () => {
  requests = [];
  server = createServer(async (request, response) => {
    let text = '';
    for await (const piece of request) text += piece;
    requests.push({ url: request.url ?? '', target: request.headers['x-amz-target'], body: JSON.parse(text) });
    response
      .writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  common = { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('EventBridge', () => {
  const held = EVENT_SAMPLES['rollcall.sync.held'];
  const emit = () => createEventBridge(sayBusy(new EventBridgeClient(common)), 'rollcall-dev').emit(held);
  const failed = (ErrorCode: string) => ({ status: 200, body: { FailedEntryCount: 1, Entries: [{ ErrorCode }] } });

  test('one entry: the bus, our source, the type, and the event with its id', async () => {
    answer = { status: 200, body: { FailedEntryCount: 0, Entries: [{ EventId: '1' }] } };
    await emit();
    const entry = {
      EventBusName: 'rollcall-dev',
      Source: 'rollcall',
      DetailType: 'rollcall.sync.held',
      Detail: JSON.stringify(detailOf(held)),
    };
    expect(requests).toEqual([{ url: '/', target: 'AWSEvents.PutEvents', body: { Entries: [entry] } }]);
  });

  test.each<[string, { status: number; body: object }, new (...args: never[]) => Error]>([
    [
      'an entry that was not taken, although the answer is 200',
      failed('NotAuthorizedForSourceException'),
      EventRefused,
    ],
    ['an entry that may be taken later', failed('ThrottlingException'), ServiceBusy],
    ['a service that is down', { status: 503, body: { __type: 'InternalException' } }, ServiceBusy],
  ])('%s is a failure', async (_name, given, failure) => {
    answer = given;
    await expect(emit()).rejects.toBeInstanceOf(failure);
  });
});

describe('SES', () => {
  const mail = { subject: 'Held: ä', text: 'plain', html: '<p>rich</p>' };
  const send = () =>
    createSesMailer(sayBusy(new SESv2Client(common)), 'rollcall@vendor.example', 'help@vendor.example').send(
      'ann@maple.example',
      mail,
    );

  test('one mail to one address, both parts', async () => {
    answer = { status: 200, body: { MessageId: '1' } };
    await send();
    expect(requests).toMatchObject([
      {
        url: '/v2/email/outbound-emails',
        body: {
          FromEmailAddress: 'rollcall@vendor.example',
          Destination: { ToAddresses: ['ann@maple.example'] },
          ReplyToAddresses: ['help@vendor.example'],
          Content: {
            Simple: { Subject: { Data: 'Held: ä' }, Body: { Text: { Data: 'plain' }, Html: { Data: '<p>rich</p>' } } },
          },
        },
      },
    ]);
  });

  test('too many at once is for later', async () => {
    answer = { status: 429, body: { __type: 'TooManyRequestsException' } };
    await expect(send()).rejects.toBeInstanceOf(ServiceBusy);
  });
});
