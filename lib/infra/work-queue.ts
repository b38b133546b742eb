import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { MAX_RECEIVES } from '../contracts/messages.ts';
import { allow, type Binding } from './binding.ts';
import { encryptionKey } from './encryption-key.ts';

interface WorkQueueProps {
  /** Timeout of the function that works it off, seconds. */
  readonly workerTimeoutSeconds: number;
  /** `own`: a key of its own, for S3 (which cannot write to a queue with AWS's key) and for messages with file names. */
  readonly encryption: 'own' | 'aws';
}

/** AWS asks for six times the function's timeout, so that a throttled retry does not run beside the first try. */
const VISIBILITY_FACTOR = 6;

/** A queue with its dead-letter queue. At least once, in any order (R15). */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  /** What failed `TRIES` times; kept for 14 days, the most there is. */
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
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.RETAIN,
    };
    this.deadLetters = new Queue(this, 'DeadLetters', sealed);
    this.queue = new Queue(this, 'Queue', {
      ...sealed,
      visibilityTimeout: Duration.seconds(VISIBILITY_FACTOR * props.workerTimeoutSeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
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
