import {
  CreateTableCommand,
  type DynamoDBClient,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  HeadBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { MAX_RECEIVES } from '../contracts/messages.ts';
import { createRosterTableDefinition, ROSTER_TABLE } from '../contracts/table-definition.ts';
import { LOCAL } from './names.ts';

/** A queue with what its poller needs. */
export interface LocalQueue {
  readonly url: string;
  readonly arn: string;
  readonly visibilityTimeoutSeconds: number;
}

export type LocalQueues = Readonly<Record<keyof typeof LOCAL.queues, LocalQueue>>;

/** Makes the table if there is none yet. */
export async function ensureTable(dynamodb: DynamoDBClient): Promise<void> {
  try {
    await dynamodb.send(new CreateTableCommand(createRosterTableDefinition(LOCAL.table)));
  } catch (thrown) {
    if ((thrown as Error).name === 'ResourceInUseException') return;
    throw thrown;
  }
  await waitUntilTableExists(
    { client: dynamodb, maxWaitTime: 20, minDelay: 0.1, maxDelay: 0.5 },
    { TableName: LOCAL.table },
  );
  const TimeToLiveSpecification = { AttributeName: ROSTER_TABLE.timeToLiveAttribute, Enabled: true };
  await dynamodb.send(new UpdateTimeToLiveCommand({ TableName: LOCAL.table, TimeToLiveSpecification }));
}

/** Makes both buckets, versioned, and connects the landing bucket to the uploads queue. */
export async function ensureBuckets(s3: S3Client, uploadsQueueArn: string): Promise<void> {
  for (const Bucket of [LOCAL.landingBucket, LOCAL.archiveBucket]) {
    const exists = await s3.send(new HeadBucketCommand({ Bucket })).then(
      () => true,
      () => false,
    );
    if (exists) continue;
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  }
  const filter = { Key: { FilterRules: [{ Name: 'prefix' as const, Value: 'home/' }] } };
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: LOCAL.landingBucket,
      NotificationConfiguration: {
        QueueConfigurations: [{ QueueArn: uploadsQueueArn, Events: ['s3:ObjectCreated:*'], Filter: filter }],
      },
    }),
  );
}

/**
 * Makes the queues, each with its dead-letter queue. The visibility time-out is 6 x the function's as on AWS;
 * after a restart the local server shows what was in flight at once.
 */
export async function ensureQueues(sqs: SQSClient, functionTimeoutSeconds: number): Promise<LocalQueues> {
  const visibilityTimeoutSeconds = functionTimeoutSeconds * 6;
  const make = async (name: string): Promise<LocalQueue> => {
    const dead = await createQueue(sqs, `${name}-dead`, {});
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: MAX_RECEIVES });
    const VisibilityTimeout = String(visibilityTimeoutSeconds);
    return { ...(await createQueue(sqs, name, { RedrivePolicy, VisibilityTimeout })), visibilityTimeoutSeconds };
  };
  const { uploads, plans, applies, notifications, purges } = LOCAL.queues;
  return {
    uploads: await make(uploads),
    plans: await make(plans),
    applies: await make(applies),
    notifications: await make(notifications),
    purges: await make(purges),
  };
}

async function createQueue(sqs: SQSClient, QueueName: string, Attributes: Record<string, string>) {
  const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  const answer = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }));
  return { url, arn: answer.Attributes?.['QueueArn'] ?? '' };
}
