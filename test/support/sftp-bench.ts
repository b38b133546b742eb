import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { ConnectConfig } from 'ssh2';
import {
  logicalHome,
  sessionPolicy,
  type TransferAuthEvent,
  type TransferAuthResponse,
} from '../../lib/core/district/sftp-login.ts';
import { startS3Server } from '../../lib/local/s3/server.ts';
import { type SftpServer, type SftpServerOptions, startSftpServer } from '../../lib/local/sftp/server.ts';
import { makeSshKeyPair } from '../../lib/local/sftp/ssh-key-pair.ts';
import type { TransferUploadEvent } from '../../lib/local/sftp/transfer-events.ts';
import { connectSftp, type SftpClient } from './sftp-client.ts';

export const BUCKET = 'rollcall-landing';
export const USERNAME = 'maple-unified';
export const PASSWORD = 'right-password';
/** The key that the account has on file. */
export const USER_KEY = makeSshKeyPair('ed25519');

const HOME = {
  bucket: BUCKET,
  keyArn: 'arn:aws:kms:us-east-1:000000000000:key/landing',
  prefix: 'home/maple-unified/',
  roleArn: 'arn:aws:iam::000000000000:role/sftp',
};

/** What the identity provider says to the one who may come in. */
export const GRANT = {
  Role: HOME.roleArn,
  Policy: sessionPolicy(HOME),
  HomeDirectoryType: 'LOGICAL',
  HomeDirectoryDetails: logicalHome(HOME),
} as const satisfies TransferAuthResponse;

/** An S3 server and an SFTP server in front of it, in a folder that goes away. */
export interface SftpBench {
  readonly s3: S3Client;
  readonly hostKeyDir: string;
  readonly spoolDir: string;
  /** What the identity provider was asked, oldest first. */
  readonly asked: TransferAuthEvent[];
  readonly uploads: TransferUploadEvent[];
  /** The identity provider; replace it to answer something else. */
  authenticate: (event: TransferAuthEvent) => Promise<TransferAuthResponse>;
  server: SftpServer;
  restart(): Promise<void>;
  connect(login?: Partial<ConnectConfig>): Promise<SftpClient>;
  putObject(key: string, body: string | Buffer): Promise<void>;
  /** Null where there is none. */
  object(key: string): Promise<{ body: Buffer; metadata: Record<string, string>; etag: string } | null>;
  close(): Promise<void>;
}

/** Lets in who knows the password, and offers USER_KEY for key logins. */
export async function knownUser(event: TransferAuthEvent): Promise<TransferAuthResponse> {
  if (event.username !== USERNAME) return {};
  if (event.password) return event.password === PASSWORD ? GRANT : {};
  return { ...GRANT, PublicKeys: [USER_KEY.publicKey] };
}

export async function startSftpBench(): Promise<SftpBench> {
  const root = await mkdtemp(join(tmpdir(), 'rollcall-sftp-'));
  const s3Server = await startS3Server({ dataDir: join(root, 's3') });
  const s3 = new S3Client({
    endpoint: s3Server.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
  });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const hostKeyDir = join(root, 'host-keys');
  const spoolDir = join(root, 'spool');
  const asked: TransferAuthEvent[] = [];
  const uploads: TransferUploadEvent[] = [];
  const options: SftpServerOptions = {
    s3,
    hostKeyDir,
    spoolDir,
    authenticate: (event) => {
      asked.push(event);
      return bench.authenticate(event);
    },
    onUpload: (event) => uploads.push(event),
  };
  const bench: SftpBench = {
    s3,
    hostKeyDir,
    spoolDir,
    asked,
    uploads,
    authenticate: knownUser,
    server: await startSftpServer(options),
    async restart() {
      await bench.server.close();
      bench.server = await startSftpServer(options);
    },
    connect: (login = { password: PASSWORD }) => connectSftp({ port: bench.server.port, username: USERNAME, ...login }),
    async putObject(Key, Body) {
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
    },
    async object(Key) {
      try {
        await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key }));
      } catch {
        return null;
      }
      const { Body, Metadata = {}, ETag = '' } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
      return { body: Buffer.from((await Body?.transformToByteArray()) ?? []), metadata: Metadata, etag: ETag };
    },
    async close() {
      await bench.server.close();
      s3.destroy();
      await s3Server.close();
      await rm(root, { recursive: true, force: true });
    },
  };
  return bench;
}
