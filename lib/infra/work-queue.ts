import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct, type IDependable } from 'constructs';
import { MAX_RECEIVES, MESSAGE_DAYS } from '../contracts/messages.ts';
import { allow, type Binding } from './binding.ts';
import { encryptionKey } from './encryption-key.ts';
import { KEPT } from './kept.ts';
import type { Oversight } from './oversight.ts';
import type { RunbookHeading } from './runbook.ts';

interface WorkQueueProps {
  /** Timeout of the function that works it off, seconds. */
  readonly workerTimeoutSeconds: number;
  /** `own`: a key of its own, for S3 (which cannot write to a queue with AWS's key), and for messages that say more than ids. */
  readonly encryption: 'own' | 'aws';
  /** Where the runbook says what to do about its dead letters, if there is more to say than of other queues. */
  readonly deadHeading?: RunbookHeading;
  readonly oversight: Oversight;
}

/** AWS asks for six times the function's timeout, so that a throttled retry does not run beside the first try. */
const VISIBILITY_FACTOR = 6;

/** A plan that failed once comes back after 90 minutes; what is older than two hours has failed twice or waits for a worker. */
const OLDEST = Duration.hours(2);

/** A queue with its dead-letter queue. At least once, in any order (R15). */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  /** What failed `MAX_RECEIVES` times; kept for `MESSAGE_DAYS`. */
  readonly deadLetters: Queue;
  private readonly key: Key | null;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    this.key = props.encryption === 'own' ? encryptionKey(this, `${id} queue`) : null;
    const sealed: QueueProps = {
      enforceSSL: true,
      ...(this.key
        ? { encryption: QueueEncryption.KMS, encryptionMasterKey: this.key }
        : { encryption: QueueEncryption.SQS_MANAGED }),
      retentionPeriod: Duration.days(MESSAGE_DAYS),
      removalPolicy: KEPT,
    };
    this.deadLetters = new Queue(this, 'DeadLetters', sealed);
    this.queue = new Queue(this, 'Queue', {
      ...sealed,
      visibilityTimeout: Duration.seconds(VISIBILITY_FACTOR * props.workerTimeoutSeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
    this.watch(props);
  }

  private watch({ oversight, deadHeading = 'Messages in a dead-letter queue' }: WorkQueueProps): void {
    oversight.alarm(this, 'Waits', {
      heading: 'Work waits too long',
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5) }),
      threshold: OLDEST.toSeconds(),
    });
    oversight.alarm(this, 'Dead', {
      heading: deadHeading,
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) }),
      threshold: 1,
    });
  }

  /**
   * Lets S3 send the events of one bucket of ours, and use the key for that.
   *
   * @returns what must be there before the bucket is told of the queue.
   */
  takesFromBucket(bucketArn: string, account: string): IDependable {
    const fromBucket = (actions: readonly string[], resource: string) =>
      new PolicyStatement({
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: [...actions],
        resources: [resource],
        // S3 is everybody's: only in the name of this bucket of this account (a name that is free again is anybody's).
        conditions: { ArnEquals: { 'aws:SourceArn': bucketArn }, StringEquals: { 'aws:SourceAccount': account } },
      });
    this.key?.addToResourcePolicy(fromBucket(['kms:GenerateDataKey', 'kms:Decrypt'], '*'));
    const { policyDependable } = this.queue.addToResourcePolicy(fromBucket(['sqs:SendMessage'], this.queue.queueArn));
    if (!policyDependable) throw new Error('a queue without a policy of its own');
    return policyDependable;
  }

  /** To see how many messages are dead, and to send them back (`rollcall redrive`). For people. */
  toRedrive(): Binding {
    return {
      value: this.deadLetters.queueUrl,
      grant: (role) => {
        const move = ['StartMessageMoveTask', 'ListMessageMoveTasks', 'CancelMessageMoveTask'];
        // AWS moves the messages in the name of whoever asks for it.
        const take = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];
        allow(
          role,
          [...move, ...take].map((action) => `sqs:${action}`),
          [this.deadLetters.queueArn],
        );
        allow(role, ['sqs:GetQueueAttributes'], [this.queue.queueArn]);
        this.toSend().grant(role);
      },
    };
  }

  /** To send messages. */
  toSend(): Binding {
    return {
      value: this.queue.queueUrl,
      grant: (role) => {
        allow(role, ['sqs:SendMessage'], [this.queue.queueArn]);
        if (this.key) allow(role, ['kms:GenerateDataKey', 'kms:Decrypt'], [this.key.keyArn]);
      },
    };
  }
}
