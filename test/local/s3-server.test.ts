import { randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketNotificationConfigurationCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { startKillableServers } from './killable-servers.ts';
import {
  Bucket,
  clientOf,
  directory,
  enableVersioning,
  failure,
  notify,
  put,
  queueArn,
  read,
  restart,
  s3,
  server,
  start,
  useS3Server,
} from './s3-harness.ts';

useS3Server();

describe('what is on disk', () => {
  test('objects, versions, tags, settings and parts in progress survive a restart', async () => {
    await enableVersioning();
    await notify({ prefix: 'home/' });
    const first = await put('a b/ü.csv', 'one');
    await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'a b/ü.csv',
        Body: 'two',
        ContentType: 'text/csv',
        Metadata: { owner: 'maple' },
        Tagging: 'kind=roster',
      }),
    );
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }));
    const part = await s3.send(
      new UploadPartCommand({ Bucket, Key: 'parts', UploadId, PartNumber: 1, Body: 'a part' }),
    );
    await restart();

    const current = await s3.send(new GetObjectCommand({ Bucket, Key: 'a b/ü.csv' }));
    expect(await current.Body?.transformToString()).toBe('two');
    expect([current.ContentType, current.Metadata, current.TagCount]).toEqual(['text/csv', { owner: 'maple' }, 1]);
    expect(await read('a b/ü.csv', first.VersionId)).toBe('one');
    expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'a b/ü.csv' }))).TagSet).toEqual([
      { Key: 'kind', Value: 'roster' },
    ]);
    const { QueueConfigurations } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    expect(QueueConfigurations?.[0]?.QueueArn).toBe(queueArn);
    await s3.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key: 'parts',
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag: part.ETag }] },
      }),
    );
    expect(await read('parts')).toBe('a part');
    expect((await put('a b/ü.csv', 'three')).VersionId).toBeTruthy();
  });

  test('what a crash left half done is no object, and its bytes are removed', async () => {
    await put('kept', 'kept');
    await server.close();
    const bucket = join(directory, Bucket);
    writeFileSync(join(bucket, 'data', 'f'.repeat(32)), 'bytes of an upload that never ended');
    writeFileSync(join(bucket, 'versions', 'half.json.1-1.tmp'), '{"key":"ha');
    await start();
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents?.map(({ Key }) => Key)).toEqual(['kept']);
    expect(readdirSync(join(bucket, 'data'))).toHaveLength(1);
    expect(readdirSync(join(bucket, 'versions'))).toHaveLength(1);
  });

  test('a killed server has every object that it acknowledged, whole', async () => {
    const killed = await startKillableServers(join(directory, 'killed'));
    const victim = clientOf(killed.s3);
    await victim.send(new CreateBucketCommand({ Bucket }));
    const acknowledged: number[] = [];
    const writer = async (from: number): Promise<void> => {
      for (let n = from; ; n += 4) {
        await victim.send(new PutObjectCommand({ Bucket, Key: `k${n}`, Body: `${n}`.repeat(5000) }));
        acknowledged.push(n);
        if (acknowledged.length === 40) await killed.kill();
      }
    };
    await Promise.allSettled([0, 1, 2, 3].map(writer));

    await server.close();
    await start({ dataDir: join(directory, 'killed', 's3') });
    expect(acknowledged.length).toBeGreaterThanOrEqual(40);
    for (const n of acknowledged) expect(await read(`k${n}`)).toBe(`${n}`.repeat(5000));
  }, 30_000);

  test('a client that goes away in mid-upload leaves nothing', async () => {
    const gone = new AbortController();
    const body = Readable.from(
      (async function* () {
        yield randomBytes(200_000);
        setTimeout(() => gone.abort(), 100);
        await new Promise(() => undefined);
      })(),
    );
    const upload = s3.send(new PutObjectCommand({ Bucket, Key: 'cut', Body: body, ContentLength: 400_000 }), {
      abortSignal: gone.signal,
    });
    await expect(upload).rejects.toThrow();
    await server.close();
    expect(readdirSync(join(directory, Bucket, 'data'))).toEqual([]);
    await start();
    expect(await failure(read('cut'))).toEqual(['NoSuchKey', 404]);
  });

  test('closing ends open connections at once', async () => {
    const open = request(`${server.endpoint}/${Bucket}/slow`, { method: 'PUT', headers: { 'content-length': 1000 } });
    const ended = new Promise((resolve) => open.on('error', resolve));
    open.write('x');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = Date.now();
    await server.close();
    await ended;
    expect(Date.now() - before).toBeLessThan(1000);
    await start();
  });
});

describe('versions', () => {
  beforeEach(enableVersioning);

  test('each write is a version; a delete hides them behind a marker; removing the marker brings them back', async () => {
    const one = await put('k', '1');
    const two = await put('k', '2');
    const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    expect(marker.DeleteMarker).toBe(true);
    expect(await failure(read('k'))).toEqual(['NoSuchKey', 404]);
    expect(await failure(read('k', marker.VersionId))).toEqual(['MethodNotAllowed', 405]);
    expect(await failure(read('k', 'nothing-like-it'))).toEqual(['NoSuchVersion', 404]);
    expect(await read('k', one.VersionId)).toBe('1');
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);

    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(listed.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [two.VersionId, false],
      [one.VersionId, false],
    ]);
    expect(listed.DeleteMarkers?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [marker.VersionId, true],
    ]);

    const removed = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId: marker.VersionId }));
    expect(removed.DeleteMarker).toBe(true);
    expect(await read('k')).toBe('2');
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'k', VersionId: two.VersionId }] } }));
    expect(await read('k')).toBe('1');
  });

  test('pages of versions join to the whole list', async () => {
    for (const key of ['a', 'b', 'b', 'b', 'c/1', 'c/2']) await put(key, 'x');
    const all = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const paged: (string | undefined)[] = [];
    let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    for (let more = true; more; ) {
      const page = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 2, ...marker }));
      paged.push(...(page.Versions ?? []).map(({ VersionId }) => VersionId));
      marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      more = page.IsTruncated ?? false;
    }
    expect(paged).toEqual(all.Versions?.map(({ VersionId }) => VersionId));
    expect(paged).toHaveLength(6);
  });

  test('a listing goes on behind versions that were deleted meanwhile', async () => {
    for (const key of ['a', 'b', 'b', 'b', 'b', 'c']) await put(key, 'x');
    let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
    let deleted = 0;
    for (let more = true; more; ) {
      const page = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 2, ...marker }));
      const Objects = (page.Versions ?? []).map(({ Key, VersionId }) => ({ Key, VersionId }));
      await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
      deleted += Objects.length;
      marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      more = page.IsTruncated ?? false;
    }
    expect(deleted).toBe(6);
    expect((await s3.send(new ListObjectVersionsCommand({ Bucket }))).Versions).toBeUndefined();
  });

  test('suspended: writes replace the null version and leave the others', async () => {
    const kept = await put('k', 'versioned');
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }));
    await put('k', 'null 1');
    await put('k', 'null 2');
    expect(await read('k')).toBe('null 2');
    expect(await read('k', kept.VersionId)).toBe('versioned');
    expect((await s3.send(new ListObjectVersionsCommand({ Bucket }))).Versions).toHaveLength(2);
  });

  test('a copy takes exactly the version that it names', async () => {
    const old = await s3.send(
      new PutObjectCommand({ Bucket, Key: 'ö +&.csv', Body: 'old', Metadata: { from: 'maple' } }),
    );
    const newer = await put('ö +&.csv', 'new');
    const CopySource = `${Bucket}/${encodeURIComponent('ö +&.csv')}?versionId=${old.VersionId}`;
    const copy = await s3.send(
      new CopyObjectCommand({ Bucket, Key: 'copy', CopySource, CopySourceIfMatch: old.ETag, IfNoneMatch: '*' }),
    );
    expect(copy.CopySourceVersionId).toBe(old.VersionId);
    expect(copy.CopyObjectResult?.ETag).toBe(old.ETag);
    const copied = await s3.send(new GetObjectCommand({ Bucket, Key: 'copy' }));
    expect([await copied.Body?.transformToString(), copied.Metadata]).toEqual(['old', { from: 'maple' }]);

    const again = (input: object) =>
      failure(s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource, ...input })));
    expect(await again({ IfNoneMatch: '*' })).toEqual(['PreconditionFailed', 412]);
    expect(await again({ IfMatch: newer.ETag })).toEqual(['PreconditionFailed', 412]);
    expect(await again({ CopySourceIfMatch: newer.ETag })).toEqual(['PreconditionFailed', 412]);
    expect(await again({ CopySource: `${Bucket}/nothing` })).toEqual(['NoSuchKey', 404]);
    expect(await read('copy')).toBe('old');
  });
});

describe('conditions', () => {
  test.each([true, false])(
    'a delete with If-Match removes only the object it means (versioned: %s)',
    async (versioned) => {
      if (versioned) await enableVersioning();
      const old = await put('k', 'old');
      const current = await put('k', 'current');
      const remove = (Key: string, IfMatch: string | undefined) =>
        s3.send(new DeleteObjectCommand({ Bucket, Key, IfMatch }));
      expect(await failure(remove('k', old.ETag))).toEqual(['PreconditionFailed', 412]);
      expect(await failure(remove('absent', old.ETag))).toEqual(['NoSuchKey', 404]);
      expect(await read('k')).toBe('current');
      await remove('k', current.ETag);
      expect(await failure(read('k'))).toEqual(['NoSuchKey', 404]);
      expect(await failure(remove('k', current.ETag))).toEqual(['NoSuchKey', 404]);
    },
  );

  test('DeleteObjects takes an ETag for each key', async () => {
    const a = await put('a', 'a');
    await put('b', 'b');
    const result = await s3.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: {
          Objects: [
            { Key: 'a', ETag: a.ETag },
            { Key: 'b', ETag: a.ETag },
          ],
        },
      }),
    );
    expect(result.Deleted?.map(({ Key }) => Key)).toEqual(['a']);
    expect(result.Errors?.map(({ Key, Code }) => [Key, Code])).toEqual([['b', 'PreconditionFailed']]);
  });

  test('of many writers that all demand absence exactly one wins', async () => {
    const attempts = Array.from({ length: 20 }, (_, n) =>
      failure(s3.send(new PutObjectCommand({ Bucket, Key: 'lease', Body: `writer ${n}`, IfNoneMatch: '*' }))),
    );
    const names = (await Promise.all(attempts)).map(([name]) => name).sort();
    expect(names).toEqual([...Array(19).fill('PreconditionFailed'), 'none']);
  });

  test('If-Match on a write needs an object', async () => {
    const write = (IfMatch: string) => failure(s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', IfMatch })));
    expect(await write('"abc"')).toEqual(['NoSuchKey', 404]);
    const { ETag } = await put('k', '1');
    expect(await write(`${ETag}`)).toEqual(['none', 200]);
    expect(await write(`${ETag}`)).toEqual(['PreconditionFailed', 412]);
  });

  test('completing an upload obeys If-None-Match and stays possible after it failed', async () => {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'k' }));
    const { ETag } = await s3.send(
      new UploadPartCommand({ Bucket, Key: 'k', UploadId, PartNumber: 1, Body: 'from parts' }),
    );
    await put('k', 'in between');
    const complete = (IfNoneMatch?: string) =>
      s3.send(
        new CompleteMultipartUploadCommand({
          Bucket,
          Key: 'k',
          UploadId,
          IfNoneMatch,
          MultipartUpload: { Parts: [{ ETag, PartNumber: 1 }] },
        }),
      );
    expect(await failure(complete('*'))).toEqual(['PreconditionFailed', 412]);
    expect(await read('k')).toBe('in between');
    await complete();
    expect(await read('k')).toBe('from parts');
    expect(await failure(s3.send(new ListPartsCommand({ Bucket, Key: 'k', UploadId })))).toEqual(['NoSuchUpload', 404]);
  });
});
