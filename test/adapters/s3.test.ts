import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { createArchive } from '../../lib/adapters/s3/archive.ts';
import { createLanding } from '../../lib/adapters/s3/landing.ts';
import { createStoredVersions } from '../../lib/adapters/s3/stored-versions.ts';
import { type S3Server, startS3Server } from '../../lib/local/s3/server.ts';
import { objectsConformance } from './conformance/objects.ts';

const LANDING = 'landing-bucket';
const ARCHIVE = 'archive-bucket';

const clientOf = (endpoint: string) =>
  new S3Client({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' } });

let folder: string;
let server: S3Server;
let client: S3Client;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-s3-'));
  server = await startS3Server({ dataDir: folder });
  client = clientOf(server.endpoint);
  for (const Bucket of [LANDING, ARCHIVE]) await client.send(new CreateBucketCommand({ Bucket }));
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await client.send(new PutBucketVersioningCommand({ Bucket: LANDING, VersioningConfiguration }));
});
afterAll(async () => {
  client.destroy();
  await server.close();
  await rm(folder, { recursive: true });
});

objectsConformance('s3', () => ({
  landing: createLanding(client, LANDING, ARCHIVE),
  archive: createArchive(client, ARCHIVE),
  landingVersions: createStoredVersions(client, LANDING),
  archiveVersions: createStoredVersions(client, ARCHIVE),
  async upload(key, bytes) {
    const { VersionId } = await client.send(new PutObjectCommand({ Bucket: LANDING, Key: key, Body: bytes }));
    return { key, versionId: VersionId ?? '' };
  },
}));

test('an object of the archive that is renewed is as young as one that was written now (R14)', async () => {
  const head = () => client.send(new HeadObjectCommand({ Bucket: ARCHIVE, Key: 'plans/a/s-1/1/summary.json' }));
  const archive = createArchive(client, ARCHIVE);
  await archive.writeText('plans/a/s-1/1/summary.json', '{}');
  const { LastModified: written } = await head();
  await new Promise((later) => setTimeout(later, 1100));
  await archive.renew('plans/a/s-1/1/summary.json');
  const { LastModified: renewed } = await head();
  expect(renewed!.getTime()).toBeGreaterThan(written!.getTime());
});

describe('the spool file of a large object', () => {
  let spool: string;
  beforeEach(async () => {
    spool = await mkdtemp(join(folder, 'spool-'));
  });

  test.each(['end', 'abandon'] as const)('is gone after %s', async (close) => {
    const writer = createArchive(client, ARCHIVE, spool).writer('spooled');
    await writer.write(new Uint8Array(10));
    expect(await readdir(spool)).toHaveLength(1);
    await writer[close]();
    expect(await readdir(spool)).toEqual([]);
  });

  test('is gone after a failure', async () => {
    const writer = createArchive(client, 'no-such-bucket', spool).writer('spooled');
    await writer.write(new Uint8Array(10));
    await expect(writer.end()).rejects.toMatchObject({ name: 'NoSuchBucket' });
    expect(await readdir(spool)).toEqual([]);
  });
});

describe('a download that breaks', () => {
  const whole = Buffer.from('0123456789'.repeat(100_000));
  let breaking: Server;
  let ranges: (string | undefined)[];
  let eTags: string[];
  let stalls: boolean;

  beforeEach(async () => {
    ranges = [];
    stalls = false;
    eTags = ['"a"', '"a"', '"a"'];
    // Sends the rest of the object, but at most 400,000 bytes before it cuts the connection.
    breaking = createServer((request, response) => {
      const { range } = request.headers;
      ranges.push(range);
      const eTag = eTags.shift() ?? '"z"';
      const wanted = request.headers['if-match'];
      if (wanted !== undefined && wanted !== eTag) return void response.writeHead(412).end();
      const rest = whole.subarray(Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0));
      response.writeHead(range ? 206 : 200, { 'content-length': rest.length, etag: eTag });
      if (rest.length <= 400_000) return void response.end(rest);
      const sent = stalls ? 0 : 400_000;
      response.flushHeaders();
      response.write(rest.subarray(0, sent), () => setTimeout(() => response.destroy(), 50));
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => breaking.once('listening', listening));
  });
  afterEach(() => new Promise((closed) => breaking.close(closed)));

  const download = async () => {
    const { port } = breaking.address() as AddressInfo;
    const broken = clientOf(`http://127.0.0.1:${port}`);
    const pieces: Uint8Array[] = [];
    try {
      for await (const piece of createArchive(broken, ARCHIVE).read('x')) pieces.push(piece);
    } finally {
      broken.destroy();
    }
    return Buffer.concat(pieces);
  };

  test('goes on where it stopped', async () => {
    expect((await download()).equals(whole)).toBe(true);
    expect(ranges).toEqual([undefined, 'bytes=400000-', 'bytes=800000-']);
  });

  test('again and again without a byte is a service that is too busy, which fails no sync', async () => {
    stalls = true;
    eTags = Array.from({ length: 20 }, () => '"a"');
    await expect(download()).rejects.toMatchObject({ code: 'service-busy', retryable: true });
    expect(ranges).toHaveLength(5);
  });

  test('never mixes two objects', async () => {
    eTags = ['"a"', '"b"'];
    await expect(download()).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
  });
});
