import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SESv2Client } from '@aws-sdk/client-sesv2';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Logger } from '../lib/ports/logger.ts';

/** What a caller may bring along instead of the defaults: the local stack, with its own endpoints and log. */
export interface Wiring {
  readonly dynamodb?: DynamoDBClient;
  readonly s3?: S3Client;
  readonly sqs?: SQSClient;
  readonly eventBridge?: EventBridgeClient;
  readonly ses?: SESv2Client;
  readonly logger?: Logger;
  /** How long a lease lasts without a sign of life, seconds. */
  readonly leaseSeconds?: number;
}

/**
 * A worker says that it lives every third of this; after it, another may take over. Long enough for a slow page of the
 * table with all its retries, short enough that a crash costs two minutes.
 */
export const LEASE_SECONDS = 120;
