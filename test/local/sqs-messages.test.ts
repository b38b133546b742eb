import { createHash } from 'node:crypto';
import {
  AddPermissionCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  type Message,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import {
  arnOf,
  bodies,
  counts,
  create,
  failure,
  pass,
  receive,
  remove,
  restart,
  send,
  server,
  sqs,
  urlOf,
  useSqsServer,
  withDeadLetters,
} from './sqs-harness.ts';

useSqsServer();

describe('receipts', () => {
  test('an old receipt deletes nothing and changes nothing', async () => {
    await create('q', { VisibilityTimeout: '30' });
    await send('q', 'x');
    const [first] = await receive('q');
    pass(31_000);
    const [second] = await receive('q');
    await remove('q', first ?? {});
    const change = (message: Message | undefined) =>
      failure(
        sqs.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl: urlOf('q'),
            ReceiptHandle: message?.ReceiptHandle,
            VisibilityTimeout: 60,
          }),
        ),
      );
    expect(await change(first)).toBe('InvalidParameterValue');
    expect(await change(second)).toBe('none');
    pass(59_000);
    expect(await counts('q')).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    pass(2000);
    expect(await change(second)).toBe('MessageNotInflight');
    await remove('q', second ?? {});
    expect(await counts('q')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test("another queue's receipt is invalid", async () => {
    await create('q');
    await create('other');
    await send('q', 'x');
    const [message] = await receive('q');
    expect(await failure(remove('other', message ?? {}))).toBe('ReceiptHandleIsInvalid');
  });
});

describe('FIFO', () => {
  const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };

  test('a group is delivered in order, one hidden message holds back the rest of it, also over a restart', async () => {
    await create('q.fifo', fifo);
    for (const body of ['1', '2', '3']) await send('q.fifo', body, { MessageGroupId: 'maple' });
    await send('q.fifo', 'other', { MessageGroupId: 'oak' });
    const [first] = await receive('q.fifo', { MaxNumberOfMessages: 1 });
    expect(await bodies('q.fifo')).toEqual(['other']);
    await remove('q.fifo', first ?? {});
    await restart();
    expect(await bodies('q.fifo')).toEqual(['2', '3', 'other']);
    expect(await bodies('q.fifo')).toEqual([]);
    pass(31_000);
    expect(await failure(remove('q.fifo', first ?? {}))).toBe('none');
    const [again] = await receive('q.fifo');
    pass(31_000);
    expect(await failure(remove('q.fifo', again ?? {}))).toBe('InvalidParameterValue');
  });

  test('a deduplication id counts once in five minutes, also over a restart and after the delete', async () => {
    await create('q.fifo', fifo);
    const sent = await send('q.fifo', 'same', { MessageGroupId: 'maple' });
    const [message] = await receive('q.fifo');
    await remove('q.fifo', message ?? {});
    await restart();
    const again = await send('q.fifo', 'same', { MessageGroupId: 'maple' });
    expect([again.MessageId, again.SequenceNumber]).toEqual([sent.MessageId, sent.SequenceNumber]);
    expect(await bodies('q.fifo')).toEqual([]);
    pass(5 * 60_000);
    const later = await send('q.fifo', 'same', { MessageGroupId: 'maple' });
    expect(BigInt(later.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(sent.SequenceNumber ?? 0));
    expect(await bodies('q.fifo')).toEqual(['same']);
  });
});

describe('dead letters', () => {
  test('a move task brings them back to where they came from, as new messages', async () => {
    await withDeadLetters(1);
    await send('q', 'repaired');
    const [first] = await receive('q');
    pass(31_000);
    expect(await bodies('q')).toEqual([]);
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf('dead') }));
    const [again] = await receive('q');
    expect([again?.Body, again?.Attributes?.ApproximateReceiveCount]).toEqual(['repaired', '1']);
    expect(again?.MessageId).not.toBe(first?.MessageId);
    const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arnOf('dead') }));
    expect(Results?.[0]).toMatchObject({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 });
    expect(await counts('dead')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test('only a dead-letter queue can be moved, and a redrive policy needs one that exists', async () => {
    await create('q');
    expect(await failure(sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf('q') })))).toBe(
      'InvalidParameterValue',
    );
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('absent'), maxReceiveCount: 3 });
    const set = new SetQueueAttributesCommand({ QueueUrl: urlOf('q'), Attributes: { RedrivePolicy } });
    expect(await failure(sqs.send(set))).toBe('InvalidParameterValue');
  });

  test('a message is gone after the retention time', async () => {
    await create('q', { MessageRetentionPeriod: '60' });
    await send('q', 'x');
    pass(61_000);
    expect(await bodies('q')).toEqual([]);
  });
});

describe('the protocol', () => {
  test('MD5s of attributes are those that SQS computes', async () => {
    await create('q');
    const { MD5OfMessageAttributes } = await send('q', 'x', {
      MessageAttributes: {
        b: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
        a: { DataType: 'Number.int', StringValue: '12' },
      },
    });
    const sized = (text: string) => `\0\0\0${String.fromCharCode(text.length)}${text}`;
    const flat = `${sized('a')}${sized('Number.int')}\x01${sized('12')}${sized('b')}${sized('Binary')}\x02${sized('\x01\x02')}`;
    expect(MD5OfMessageAttributes).toBe(createHash('md5').update(flat, 'latin1').digest('hex'));
    const [some] = await receive('q', { MessageAttributeNames: ['b*', 'a'] });
    expect(Object.keys(some?.MessageAttributes ?? {})).toEqual(['a']);
  });

  test('an entry of a batch fails for itself', async () => {
    await create('q');
    const sent = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: urlOf('q'),
        Entries: [
          { Id: 'good', MessageBody: 'x' },
          { Id: 'bad', MessageBody: '\u0001' },
        ],
      }),
    );
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(sent.Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidMessageContents', SenderFault: true }]);
    const twice = [1, 2].map(() => ({ Id: 'same', ReceiptHandle: 'x' }));
    expect(await failure(sqs.send(new DeleteMessageBatchCommand({ QueueUrl: urlOf('q'), Entries: twice })))).toBe(
      'BatchEntryIdsNotDistinct',
    );
  });

  test('making a queue again gives it back, unless its attributes differ', async () => {
    await create('q', { VisibilityTimeout: '30' });
    expect((await create('q')).QueueUrl).toBe(urlOf('q'));
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'q' }))).QueueUrl).toBe(urlOf('q'));
    expect(await failure(create('q', { VisibilityTimeout: '31' }))).toBe('QueueNameExists');
    expect(await failure(create('r', { VisibilityTimeout: '-1' }))).toBe('InvalidAttributeValue');
    expect(await failure(create('r', { Colour: 'red' }))).toBe('InvalidAttributeName');
    expect(await failure(create('../r'))).toBe('InvalidParameterValue');
  });

  test('what is not done is answered with 501', async () => {
    await create('q');
    const permission = new AddPermissionCommand({
      QueueUrl: urlOf('q'),
      Label: 'l',
      AWSAccountIds: ['1'],
      Actions: ['SendMessage'],
    });
    expect(await failure(sqs.send(permission))).toBe('NotImplemented');
    const query = await fetch(server.endpoint, { method: 'POST', body: 'Action=ListQueues' });
    expect(query.status).toBe(501);
  });
});
