import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import {
  type ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import {
  Bucket,
  clientOf,
  enableVersioning,
  events,
  failure,
  notify,
  put,
  queueArn,
  s3,
  server,
  start,
  useS3Server,
} from './s3-harness.ts';

useS3Server();

describe('notifications', () => {
  const records = () => events.flatMap(({ json }) => JSON.parse(json).Records ?? []);

  test('a new configuration sends a test event, and is refused when its queue does not exist', async () => {
    await notify();
    expect(events.map((event) => event.queueArn)).toEqual([queueArn]);
    expect(JSON.parse(events[0]?.json ?? '')).toMatchObject({
      Service: 'Amazon S3',
      Event: 's3:TestEvent',
      Bucket,
    });
    await server.close();
    await start({
      onEvent: () => {
        throw new Error('no such queue');
      },
    });
    expect(await failure(notify({ prefix: 'other/' }))).toEqual(['InvalidArgument', 400]);
  });

  test('an event has the shape that S3 documents', async () => {
    await enableVersioning();
    await notify();
    const { VersionId, ETag } = await put('home/maple/users.csv', 'hello');
    expect(records()).toEqual([
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'us-east-1',
        eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        eventName: 'ObjectCreated:Put',
        userIdentity: { principalId: expect.any(String) },
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: { 'x-amz-request-id': expect.any(String), 'x-amz-id-2': expect.any(String) },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: expect.any(String),
          bucket: { name: Bucket, ownerIdentity: { principalId: expect.any(String) }, arn: `arn:aws:s3:::${Bucket}` },
          object: {
            key: 'home/maple/users.csv',
            size: 5,
            eTag: ETag?.replace(/"/g, ''),
            versionId: VersionId,
            sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
          },
        },
      },
    ]);
  });

  test.each([
    ['a b.csv', 'a+b.csv'],
    ['a+b.csv', 'a%2Bb.csv'],
    ['home/x/100%.csv', 'home/x/100%25.csv'],
    ['é/日本.csv', '%C3%A9/%E6%97%A5%E6%9C%AC.csv'],
    ["it's (1)!~.csv", 'it%27s+%281%29%21%7E.csv'],
    ['a&b=c.csv', 'a%26b%3Dc.csv'],
  ])('the key %s is written as %s', async (key, encoded) => {
    await notify();
    await put(key, 'x');
    expect(records()[0].s3.object.key).toBe(encoded);
    expect(decodeURIComponent(encoded.replace(/\+/g, ' '))).toBe(key);
  });

  test('each way to make an object has its event; sequencers grow', async () => {
    await notify();
    await put('k', '1');
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/k` }));
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'k' }));
    const { CopyPartResult } = await s3.send(
      new UploadPartCopyCommand({ Bucket, Key: 'k', UploadId, PartNumber: 1, CopySource: `${Bucket}/copy` }),
    );
    const Parts = [{ PartNumber: 1, ETag: CopyPartResult?.ETag }];
    await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key: 'k', UploadId, MultipartUpload: { Parts } }));
    expect(records().map(({ eventName }) => eventName)).toEqual([
      'ObjectCreated:Put',
      'ObjectCreated:Copy',
      'ObjectCreated:CompleteMultipartUpload',
    ]);
    const sequencers = records().map(({ s3: { object } }) => object.sequencer);
    expect(sequencers).toEqual([...sequencers].sort());
    expect(new Set(sequencers).size).toBe(3);
  });

  test('prefix, suffix and event name filter', async () => {
    await notify({ prefix: 'home/', suffix: '.csv' });
    for (const key of ['home/a.csv', 'home/a.zip', 'reports/a.csv', 'home.csv']) await put(key, 'x');
    expect(records().map(({ s3: { object } }) => object.key)).toEqual(['home/a.csv']);
    expect(await failure(notify({}, ['s3:ObjectRemoved:*' as never]))).toEqual(['NotImplemented', 501]);
  });
});

describe('bodies', () => {
  test.each<ChecksumAlgorithm>(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'])(
    '%s is computed, kept and verified',
    async (algorithm) => {
      const body = randomBytes(100_000);
      const header = `Checksum${algorithm}` as const;
      const made = await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: body, ChecksumAlgorithm: algorithm }));
      const found = await s3.send(new HeadObjectCommand({ Bucket, Key: 'k', ChecksumMode: 'ENABLED' }));
      expect(found[header]).toBe(made[header]);
      expect(found[header]).toBeTruthy();
      const wrong = new PutObjectCommand({ Bucket, Key: 'k', Body: 'other', [header]: made[header] });
      expect(await failure(s3.send(wrong))).toEqual(['BadDigest', 400]);
      // The SDK verifies what it reads against the checksum that was kept.
      const read = await s3.send(new GetObjectCommand({ Bucket, Key: 'k', ChecksumMode: 'ENABLED' }));
      expect(Buffer.from((await read.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
    },
  );

  test.each([
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
    ['bytes=5-2', '0123456789', undefined],
  ])('range %s', async (Range, text, contentRange) => {
    await put('digits', '0123456789');
    const answer = await s3.send(new GetObjectCommand({ Bucket, Key: 'digits', Range }));
    expect([await answer.Body?.transformToString(), answer.ContentRange]).toEqual([text, contentRange]);
  });

  test('a range behind the end is refused', async () => {
    await put('digits', '0123456789');
    expect(await failure(s3.send(new GetObjectCommand({ Bucket, Key: 'digits', Range: 'bytes=10-' })))).toEqual([
      'InvalidRange',
      416,
    ]);
  });

  test('listing pages with prefixes join to the whole list, in byte order', async () => {
    for (const key of ['a/1', 'a/2', 'b', 'c/1', 'd', '\u{1f600}', '\uff5e']) await put(key, 'x');
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/', MaxKeys: 1, ContinuationToken }));
      seen.push(
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
        ...(page.Contents ?? []).map(({ Key }) => Key),
      );
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(seen).toEqual(['a/', 'b', 'c/', 'd', '\uff5e', '\u{1f600}']);
  });
});

describe('signatures', () => {
  // The worked example of the Signature Version 4 documentation for chunked uploads: 64 KiB, 1 KiB and an empty chunk.
  const example = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
  const signatures = [
    'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
    '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
    'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
  ];

  const sendExample = (fill: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const upload = request(`${server.endpoint}/examplebucket/chunkObject.txt`, {
        method: 'PUT',
        headers: {
          host: 's3.amazonaws.com',
          'x-amz-date': '20130524T000000Z',
          'x-amz-storage-class': 'REDUCED_REDUNDANCY',
          authorization:
            'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,' +
            'SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;' +
            'x-amz-decoded-content-length;x-amz-storage-class,' +
            'Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
          'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
          'content-encoding': 'aws-chunked',
          'x-amz-decoded-content-length': '66560',
          'content-length': '66824',
        },
      });
      upload.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode)));
      upload.on('error', reject);
      [65_536, 1024, 0].forEach((length, index) => {
        upload.write(`${length.toString(16)};chunk-signature=${signatures[index]}\r\n${fill.repeat(length)}\r\n`);
      });
      upload.end();
    });

  test('signed chunks are verified', async () => {
    await server.close();
    await start({ credentials: example });
    const client = clientOf(server.endpoint, example);
    await client.send(new CreateBucketCommand({ Bucket: 'examplebucket' }));
    expect(await sendExample('a')).toBe(200);
    const stored = await client.send(new GetObjectCommand({ Bucket: 'examplebucket', Key: 'chunkObject.txt' }));
    expect(await stored.Body?.transformToString()).toBe('a'.repeat(66_560));
    expect([stored.ContentEncoding, stored.StorageClass]).toEqual([undefined, 'REDUCED_REDUNDANCY']);
    expect(await sendExample('b')).toBe(403);
  });

  test('a body that is not the signed one is refused', async () => {
    const client = clientOf(server.endpoint);
    client.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { headers: Record<string, string> };
        headers['x-amz-content-sha256'] = createHash('sha256').update('another body').digest('hex');
        return next(args);
      },
      { step: 'build', priority: 'low' },
    );
    expect(await failure(client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'this body' })))).toEqual([
      'XAmzContentSHA256Mismatch',
      400,
    ]);
  });

  test('no signature, no answer', async () => {
    expect((await fetch(`${server.endpoint}/${Bucket}`)).status).toBe(403);
  });
});

describe('what is not done is said', () => {
  test.each([
    ['an operation', () => s3.send(new PutBucketPolicyCommand({ Bucket, Policy: '{}' }))],
    ['a header', () => s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ACL: 'public-read' }))],
    ['a parameter', () => s3.send(new GetObjectCommand({ Bucket, Key: 'k', PartNumber: 1 }))],
    [
      'If-Match with a version',
      () => s3.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId: 'v', IfMatch: 'e' })),
    ],
  ])('%s: 501', async (_, attempt) => {
    expect(await failure(attempt())).toEqual(['NotImplemented', 501]);
  });
});
