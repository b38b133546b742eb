import { createHash } from 'node:crypto';
import { receiveText } from './body.ts';
import type { Bucket, ObjectVersion } from './bucket.ts';
import { type Call, type Operation, type Service, xmlReply } from './call.ts';
import { notImplemented, S3Error } from './errors.ts';
import { childrenOf, childText, parseXml, type XmlElement, xmlDocument } from './xml.ts';

/** The events that this server emits, as `eventName` has them. */
export type CreatedEvent = 'ObjectCreated:Put' | 'ObjectCreated:Copy' | 'ObjectCreated:CompleteMultipartUpload';

interface Rule {
  readonly id: string;
  readonly queueArn: string;
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
}

const EMITTED = /^s3:ObjectCreated:(\*|Put|Copy|CompleteMultipartUpload)$/;
/** Stands for the account where S3 writes its internal ids. */
const LOCAL_PRINCIPAL = 'LOCALOWNER';

function parseRule(rule: XmlElement): Rule {
  const queueArn = childText(rule, 'Queue') ?? '';
  const events = childrenOf(rule, 'Event').map((event) => event.text);
  if (!queueArn.startsWith('arn:') || events.length === 0) {
    throw new S3Error('InvalidArgument', 'A queue configuration needs a Queue (an ARN) and at least one Event.');
  }
  const refused = events.find((event) => !EMITTED.test(event));
  if (refused) throw notImplemented(`notifications of ${refused}`);
  const filters = { prefix: '', suffix: '' };
  for (const filter of childrenOf(rule, 'Filter').flatMap((outer) => childrenOf(outer, 'S3Key'))) {
    for (const entry of childrenOf(filter, 'FilterRule')) {
      const name = childText(entry, 'Name')?.toLowerCase();
      if (name !== 'prefix' && name !== 'suffix') throw new S3Error('InvalidArgument', 'Filter by prefix or suffix.');
      filters[name] = childText(entry, 'Value') ?? '';
    }
  }
  const id =
    childText(rule, 'Id') ??
    createHash('md5')
      .update(JSON.stringify([queueArn, events, filters]))
      .digest('hex');
  return { id, queueArn, events, ...filters };
}

/** Throws `NotImplemented` for other destinations than queues and for other events than created ones. */
function parseRules(xml: string): readonly Rule[] {
  return parseXml(xml).children.map((child) => {
    if (child.name !== 'QueueConfiguration') throw notImplemented(`a notification to ${child.name}`);
    return parseRule(child);
  });
}

/** S3 writes keys as HTML forms do, but leaves the slash: `a b+c/é.csv` is `a+b%2Bc/%C3%A9.csv`. */
export const encodeEventKey = (key: string): string =>
  encodeURIComponent(key)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%20/g, '+')
    .replace(/%2F/g, '/');

function createdEvent(
  call: Call,
  { region }: Service,
  bucket: Bucket,
  version: ObjectVersion,
  event: { name: CreatedEvent; configurationId: string },
): string {
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime: new Date(version.lastModified).toISOString(),
    eventName: event.name,
    userIdentity: { principalId: `AWS:${LOCAL_PRINCIPAL}` },
    requestParameters: { sourceIPAddress: call.request.socket.remoteAddress ?? '127.0.0.1' },
    responseElements: { 'x-amz-request-id': call.requestId, 'x-amz-id-2': call.requestId },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: event.configurationId,
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: LOCAL_PRINCIPAL },
        arn: `arn:aws:s3:::${bucket.name}`,
      },
      object: {
        key: encodeEventKey(version.key),
        size: version.size,
        eTag: version.eTag,
        ...(version.versionId === 'null' ? {} : { versionId: version.versionId }),
        sequencer: version.sequence.toString(16).toUpperCase().padStart(18, '0'),
      },
    },
  };
  return JSON.stringify({ Records: [record] });
}

/**
 * Tells each queue whose rule matches. The version exists already when a queue refuses: the write then fails with 500
 * and the client's retry makes one more version and one more event, so that no object stays without one.
 */
export async function announceCreated(
  call: Call,
  service: Service,
  bucket: Bucket,
  version: ObjectVersion,
  name: CreatedEvent,
): Promise<void> {
  const xml = bucket.configuration('notification');
  for (const rule of xml === undefined ? [] : parseRules(xml)) {
    const { key } = version;
    const wanted = rule.events.some((event) => event === 's3:ObjectCreated:*' || event === `s3:${name}`);
    if (!wanted || !key.startsWith(rule.prefix) || !key.endsWith(rule.suffix)) continue;
    await service.notify(
      rule.queueArn,
      createdEvent(call, service, bucket, version, { name, configurationId: rule.id }),
    );
  }
}

/** PutBucketNotificationConfiguration: each queue gets an `s3:TestEvent`; one that cannot take it fails the request. */
export const putNotification: Operation = async (call, service) => {
  const bucket = service.store.bucket(call.bucket);
  const xml = await receiveText(call);
  const rules = parseRules(xml);
  const test = {
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: service.clock.now().toISOString(),
    Bucket: bucket.name,
    RequestId: call.requestId,
    HostId: call.requestId,
  };
  for (const queueArn of new Set(rules.map((rule) => rule.queueArn))) {
    try {
      await service.notify(queueArn, JSON.stringify(test));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new S3Error('InvalidArgument', `Unable to validate the destination configuration ${queueArn}: ${reason}`);
    }
  }
  bucket.configure('notification', rules.length > 0 ? xml : undefined);
  return { status: 200 };
};

/** GetBucketNotificationConfiguration. */
export const getNotification: Operation = (call, { store }) =>
  xmlReply(store.bucket(call.bucket).configuration('notification') ?? xmlDocument('NotificationConfiguration'));
