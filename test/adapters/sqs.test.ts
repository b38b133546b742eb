import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createQueues } from '../../lib/adapters/sqs/queues.ts';
import { type SqsServer, startSqsServer } from '../../lib/local/sqs/server.ts';
import { queuesConformance } from './conformance/queues.ts';

let folder: string;
let server: SqsServer;
let client: SQSClient;
const urls = { uploads: '', plans: '', applies: '', purges: '' };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-sqs-'));
  server = await startSqsServer({ dataDir: folder });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new SQSClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
  for (const queue of ['uploads', 'plans', 'applies', 'purges'] as const)
    urls[queue] = (await client.send(new CreateQueueCommand({ QueueName: queue }))).QueueUrl ?? '';
});
afterAll(async () => {
  client.destroy();
  await server.close();
  await rm(folder, { recursive: true });
});

const receive = async (queue: keyof typeof urls) => {
  const request = { QueueUrl: urls[queue], MessageSystemAttributeNames: ['MessageGroupId' as const] };
  const message = (await client.send(new ReceiveMessageCommand(request))).Messages?.[0];
  if (!message) return null;
  await client.send(new DeleteMessageCommand({ QueueUrl: urls[queue], ReceiptHandle: message.ReceiptHandle ?? '' }));
  return message;
};
const bodyOf = (message: { readonly Body?: string | undefined } | null) =>
  message === null ? null : JSON.parse(message.Body ?? '');

queuesConformance('sqs', () => ({
  queues: createQueues(client, urls),
  receive: async (queue) => bodyOf(await receive(queue)),
}));

describe('fair queues', () => {
  test.each([
    ['an upload, by its key', 'uploads', { type: 'settle', key: 'home/maple/a.csv', versionId: 'v' }],
    ['a set', 'uploads', { type: 'consider-set', districtId: 'maple', folder: '', deliveryId: 'd' }],
  ] as const)('the message group is the district: %s', async (_, queue, message) => {
    await createQueues(client, urls).sendUploads(message, 0);
    expect((await receive(queue))?.Attributes).toEqual({ MessageGroupId: 'maple' });
  });

  test('a queue that the function has no address for is a defect', async () => {
    const queues = createQueues(client, { uploads: urls.uploads });
    await expect(queues.sendPlan({ type: 'plan', districtId: 'maple', attempt: 0 }, 0)).rejects.toThrow('plans queue');
  });
});
