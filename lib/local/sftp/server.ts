import { randomBytes } from 'node:crypto';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { S3Client } from '@aws-sdk/client-s3';
import ssh2, { type AuthContext, type Connection } from 'ssh2';
import type { SshHostKey } from '../../core/district/host-keys.ts';
import { type Authenticate, decideLogin, isKeyEnquiry, type LoginOrigin } from './authentication.ts';
import { loadHostKeys } from './host-keys.ts';
import { ObjectTree } from './object-tree.ts';
import { OpenFiles } from './open-files.ts';
import { TRANSFER_SECURITY_POLICY_2025_03 } from './security-policy.ts';
import { serveSftp } from './serve-sftp.ts';
import type { SessionGrant } from './session-grant.ts';
import { prepareSpool } from './spool-file.ts';
import { type TransferUploadEvent, uploadEvent } from './transfer-events.ts';

const HOST = '127.0.0.1';

/** Failed logins until the connection is closed: OpenSSH tries each key of an agent, then the password. */
const MAX_LOGIN_FAILURES = 6;

/** How long a connection may take to log in. Seconds. */
const LOGIN_SECONDS = 60;

/** Transfer ends a session that is idle for this long. Seconds. */
const IDLE_SECONDS = 1800;

/** What `startSftpServer` needs. */
export interface SftpServerOptions {
  /** Any S3: the local server, or AWS. */
  readonly s3: S3Client;
  /** Host keys are made here at the first start and kept. */
  readonly hostKeyDir: string;
  /** Uploads on their way lie here. Belongs to this server alone: leftovers are removed at the start. */
  readonly spoolDir: string;
  /** 0 (the default): a free one. */
  readonly port?: number;
  /** `s-` and 17 hexadecimal digits, as Transfer names servers. */
  readonly serverId?: string;
  /** The identity provider. */
  readonly authenticate: Authenticate;
  /** Told each upload that ended, as Transfer tells EventBridge. */
  readonly onUpload?: (event: TransferUploadEvent) => void;
  /** Told what went wrong inside (an identity provider that throws, an S3 that does not answer); clients only hear "failure". */
  readonly onError?: (error: unknown) => void;
}

/** A running server. */
export interface SftpServer {
  readonly host: string;
  readonly port: number;
  readonly serverId: string;
  /** What a district pins. */
  readonly hostKeys: readonly SshHostKey[];
  /** Ends all sessions; a file that is open then is left as a partial upload, which is in S3 when this resolves. */
  close(): Promise<void>;
}

/** Starts an SFTP server on this machine that behaves like Transfer Family in front of S3 (design §7). */
export async function startSftpServer(options: SftpServerOptions): Promise<SftpServer> {
  const { serverId = 's-00000000000000001', port = 0 } = options;
  await prepareSpool(options.spoolDir);
  const hostKeys = await loadHostKeys(options.hostKeyDir);
  const running = new Set<Promise<void>>();
  const sockets = new Set<Socket>();
  const ssh = new ssh2.Server({
    hostKeys: hostKeys.map(({ privateKey }) => privateKey),
    algorithms: TRANSFER_SECURITY_POLICY_2025_03,
    ident: 'Rollcall_local',
  });
  ssh.on('connection', (connection, { ip }) => {
    const session = serveConnection(connection, { serverId, sourceIp: ip }, options);
    running.add(session);
    void session.finally(() => running.delete(session));
  });
  // A listener of our own, so that close() can end a client that does not hang up.
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.setTimeout(IDLE_SECONDS * 1000, () => socket.destroy());
    ssh.injectSocket(socket);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, HOST, resolve);
  });
  return {
    host: HOST,
    port: (listener.address() as AddressInfo).port,
    serverId,
    hostKeys: hostKeys.map(({ type, bits, fingerprint }) => ({ type, bits, fingerprint })),
    async close() {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
      await Promise.allSettled([...running]);
    },
  };
}

/** Serves one connection. @returns when it is closed and what it left open is in S3 */
function serveConnection(connection: Connection, origin: LoginOrigin, options: SftpServerOptions): Promise<void> {
  const sessionId = randomBytes(8).toString('hex');
  const channels: OpenFiles[] = [];
  let grant: SessionGrant | null = null;

  const tooSlow = setTimeout(() => connection.end(), LOGIN_SECONDS * 1000);

  connection.on(
    'authentication',
    loginGate(connection, origin, options, (granted) => (grant = granted)),
  );
  connection.on('ready', () => clearTimeout(tooSlow));
  connection.on('error', () => {}); // A client that hangs up in the middle: 'close' follows.
  connection.on('session', (accept) => {
    const session = accept();
    session.on('sftp', (acceptSftp, reject) => {
      if (!grant) return reject();
      const sftp = acceptSftp();
      const tree = new ObjectTree(options.s3, grant, origin.serverId);
      const by = { ...origin, username: grant.username, sessionId };
      const files = new OpenFiles(tree, options.spoolDir, {
        uploaded: (upload) => options.onUpload?.(uploadEvent(upload, by)),
        failed: (error) => options.onError?.(error),
      });
      channels.push(files);
      serveSftp(sftp, tree, files, options.onError);
    });
  });
  return new Promise((resolve) => {
    connection.on('close', () => {
      clearTimeout(tooSlow);
      void Promise.allSettled(channels.map((files) => files.end())).then(() => resolve());
    });
  });
}

/** Answers the authentication requests of a connection, and ends it after too many wrong ones. */
function loginGate(
  connection: Connection,
  origin: LoginOrigin,
  { authenticate, onError }: SftpServerOptions,
  onGrant: (grant: SessionGrant) => void,
): (context: AuthContext) => void {
  let failures = 0;
  const refuse = (context: AuthContext): void => {
    // "none" is how a client asks which methods there are.
    if (context.method !== 'none') failures += 1;
    context.reject(['publickey', 'password']);
    if (failures >= MAX_LOGIN_FAILURES) connection.end();
  };
  return (context) => {
    decideLogin(context, origin, authenticate).then(
      (grant) => {
        if (!grant) return refuse(context);
        if (!isKeyEnquiry(context)) onGrant(grant);
        context.accept();
      },
      (error: unknown) => {
        onError?.(error);
        refuse(context);
      },
    );
  };
}
