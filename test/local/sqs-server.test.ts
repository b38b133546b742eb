import { appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { startKillableServers } from './killable-servers.ts';
import {
  arnOf,
  bodies,
  clientOf,
  counts,
  create,
  directory,
  failure,
  now,
  pass,
  receive,
  remove,
  restart,
  send,
  server,
  sqs,
  start,
  startWith,
  urlOf,
  useSqsServer,
  withDeadLetters,
} from './sqs-harness.ts';

useSqsServer();

describe('what is on disk', () => {
  test('queues, settings, messages and their attributes survive a restart', async () => {
    await sqs.send(
      new CreateQueueCommand({ QueueName: 'q', Attributes: { VisibilityTimeout: '7' }, tags: { team: 'data' } }),
    );
    await send('q', 'körper', {
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'plan' } },
      MessageGroupId: 'maple',
    });
    await restart();
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: urlOf('q'), AttributeNames: ['VisibilityTimeout', 'QueueArn'] }),
    );
    expect(Attributes).toEqual({ VisibilityTimeout: '7', QueueArn: arnOf('q') });
    expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl: urlOf('q') }))).Tags).toEqual({ team: 'data' });
    const [message] = await receive('q');
    expect(message).toMatchObject({ Body: 'körper', Attributes: { MessageGroupId: 'maple', SentTimestamp: `${now}` } });
    expect(message?.MessageAttributes?.['kind']?.StringValue).toBe('plan');
  });

  test('a delay goes on over a restart', async () => {
    await create('q');
    await send('q', 'later', { DelaySeconds: 180 });
    pass(100_000);
    await restart();
    expect(await bodies('q')).toEqual([]);
    expect(await counts('q')).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
    pass(80_000);
    expect(await bodies('q')).toEqual(['later']);
  });

  test('what was in flight is visible at once after a restart, and its receives still count', async () => {
    await withDeadLetters(2);
    await send('q', 'poison');
    expect(await bodies('q')).toEqual(['poison']);
    expect(await counts('q')).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    await restart();
    expect((await receive('q'))[0]?.Attributes?.ApproximateReceiveCount).toBe('2');
    await restart();
    expect(await bodies('q')).toEqual([]);
    const [dead] = await receive('dead');
    expect(dead?.Body).toBe('poison');
    expect(dead?.Attributes?.DeadLetterQueueSourceArn).toBe(arnOf('q'));
    expect(await counts('q')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test('a receipt stays good over a restart', async () => {
    await create('q');
    await send('q', 'done before the restart');
    const [message] = await receive('q');
    await restart();
    await remove('q', message ?? {});
    await restart();
    expect(await bodies('q')).toEqual([]);
  });

  test('a torn last line is ignored and does not spoil what is written after it', async () => {
    await create('q');
    await send('q', 'whole');
    await server.close();
    appendFileSync(join(directory, 'q', 'messages.jsonl'), '{"op":"send","message":{"id":"to');
    await start();
    await send('q', 'after');
    await restart();
    expect(await bodies('q')).toEqual(['whole', 'after']);
  });

  test('a killed server has every message that it acknowledged', async () => {
    const killed = await startKillableServers(join(directory, 'killed'));
    const victim = clientOf(killed.sqs);
    const { QueueUrl } = await victim.send(new CreateQueueCommand({ QueueName: 'q' }));
    const acknowledged: string[] = [];
    const sender = async (from: number): Promise<void> => {
      for (let n = from; ; n += 4) {
        await victim.send(new SendMessageCommand({ QueueUrl, MessageBody: `message ${n}` }));
        acknowledged.push(`message ${n}`);
        if (acknowledged.length === 60) await killed.kill();
      }
    };
    await Promise.allSettled([0, 1, 2, 3].map(sender));

    await server.close();
    await startWith({ dataDir: join(directory, 'killed', 'sqs') });
    const found: (string | undefined)[] = [];
    for (let page = await bodies('q'); page.length > 0; page = await bodies('q')) found.push(...page);
    expect(acknowledged.length).toBeGreaterThanOrEqual(60);
    expect(found).toEqual(expect.arrayContaining(acknowledged));
  }, 30_000);

  test('a journal of messages that are gone is rewritten, and keeps the one that is not', async () => {
    await create('q');
    await send('q', 'kept');
    const [kept] = await receive('q', { VisibilityTimeout: 43_200 });
    const big = 'x'.repeat(900_000);
    for (let n = 0; n < 12; n++) {
      await send('q', big);
      const [message] = await receive('q');
      await remove('q', message ?? {});
    }
    expect(statSync(join(directory, 'q', 'messages.jsonl')).size).toBeLessThan(6_000_000);
    await restart();
    const [again] = await receive('q');
    expect([again?.MessageId, again?.Attributes?.ApproximateReceiveCount]).toEqual([kept?.MessageId, '2']);
  });

  test('a deleted queue is gone', async () => {
    await create('q');
    await send('q', 'x');
    await sqs.send(new DeleteQueueCommand({ QueueUrl: urlOf('q') }));
    await restart();
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls ?? []).toEqual([]);
    await create('q');
    expect(await bodies('q')).toEqual([]);
  });
});

describe('long polls', () => {
  const timed = async <T>(work: Promise<T>): Promise<[T, number]> => {
    const before = Date.now();
    return [await work, Date.now() - before];
  };

  beforeEach(async () => {
    // These wait for real.
    await server.close();
    await startWith({ dataDir: directory });
    await create('q');
  });

  test('wake when a delay is over and when a message becomes visible again', async () => {
    await send('q', 'delayed', { DelaySeconds: 1 });
    const [first, firstWait] = await timed(receive('q', { WaitTimeSeconds: 10, VisibilityTimeout: 1 }));
    expect([first.length, firstWait < 2500]).toEqual([1, true]);
    const [second, secondWait] = await timed(receive('q', { WaitTimeSeconds: 10 }));
    expect([second[0]?.Attributes?.ApproximateReceiveCount, secondWait < 2500]).toEqual(['2', true]);
  });

  test('wake when a visibility timeout is ended by hand', async () => {
    await send('q', 'x');
    const [message] = await receive('q');
    const poll = timed(bodies('q', { WaitTimeSeconds: 10 }));
    await delay(100);
    await sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: urlOf('q'),
        ReceiptHandle: message?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
    const [found, wait] = await poll;
    expect([found, wait < 1000]).toEqual([['x'], true]);
  });

  test('wake on a message that the S3 server sends', async () => {
    const poll = timed(bodies('q', { WaitTimeSeconds: 10 }));
    await delay(100);
    server.send(arnOf('q'), 'event');
    const [found, wait] = await poll;
    expect([found, wait < 1000]).toEqual([['event'], true]);
    expect(() => server.send(arnOf('absent'), 'event')).toThrow('does not exist');
  });

  test('of a client that went away take no message', async () => {
    const gone = new AbortController();
    const poll = sqs.send(new ReceiveMessageCommand({ QueueUrl: urlOf('q'), WaitTimeSeconds: 20 }), {
      abortSignal: gone.signal,
    });
    await delay(100);
    gone.abort();
    await expect(poll).rejects.toThrow();
    await delay(100);
    await send('q', 'for someone who listens');
    expect(await bodies('q')).toEqual(['for someone who listens']);
  });

  test('are answered when the server closes, at once', async () => {
    const poll = bodies('q', { WaitTimeSeconds: 20 });
    await delay(100);
    const [, wait] = await timed(server.close());
    expect(await poll).toEqual([]);
    expect(wait).toBeLessThan(1000);
    await start();
  });

  test('fail when their queue is deleted', async () => {
    const poll = failure(receive('q', { WaitTimeSeconds: 20 }));
    await delay(100);
    await sqs.send(new DeleteQueueCommand({ QueueUrl: urlOf('q') }));
    expect(await poll).toBe('QueueDoesNotExist');
  });
});
