import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type S3Server, type S3ServerOptions, startS3Server } from '../../lib/local/s3/server.ts';

/** What the server accepts by default. */
const LOCAL = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
/** A bucket that exists in every test. */
export const Bucket = 'landing';

const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** A client that does not retry, and does not warn of requests that a test breaks off. */
export const clientOf = (endpoint: string, credentials = LOCAL): S3Client =>
  new S3Client({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1, logger: quiet });

/** The data directory, the server, its client and its events: new for each test. */
export let directory: string;
export let server: S3Server;
export let s3: S3Client;
export let events: { queueArn: string; json: string }[];

/** Starts the server (again) on the same data. */
export async function start(options: Partial<S3ServerOptions> = {}): Promise<void> {
  const onEvent = (queueArn: string, json: string) => void events.push({ queueArn, json });
  server = await startS3Server({ dataDir: directory, onEvent, ...options });
  s3 = clientOf(server.endpoint);
}

export async function restart(): Promise<void> {
  await server.close();
  await start();
}

/** Gives each test of a file its own server. */
export function useS3Server(): void {
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'local-s3-'));
    events = [];
    await start();
    await s3.send(new CreateBucketCommand({ Bucket }));
  });

  afterEach(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });
}

export const enableVersioning = () =>
  s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));

export const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));

/** The text of an object, or of one of its versions. */
export async function read(Key: string, VersionId?: string): Promise<string | undefined> {
  return (await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString();
}

/** Name and HTTP status of the error that a request ends in. */
export async function failure(attempt: Promise<unknown>): Promise<[string, number]> {
  try {
    await attempt;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata: { httpStatusCode: number } };
    return [name, $metadata.httpStatusCode];
  }
  return ['none', 200];
}

/** Where the bucket's notifications go. */
export const queueArn = 'arn:aws:sqs:us-east-1:000000000000:uploads';

/** Subscribes the queue to the bucket. */
export const notify = (filter: Record<string, string> = {}, Events = ['s3:ObjectCreated:*' as const]) => {
  const FilterRules = Object.entries(filter).map(([Name, Value]) => ({ Name: Name as 'prefix' | 'suffix', Value }));
  const QueueConfigurations = [{ QueueArn: queueArn, Events, Filter: { Key: { FilterRules } } }];
  return s3.send(
    new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: { QueueConfigurations } }),
  );
};
