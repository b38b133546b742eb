import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CommitQueue } from './commit-queue.ts';
import { createCommittedStore } from './committed-store.ts';
import { changeDynalite } from './dynalite-changes.ts';
import { sweepExpired } from './expiry-sweep.ts';
import { createHttpServer } from './http-server.ts';
import { openLevelDatabase } from './level-database.ts';
import type { ServerState } from './operations.ts';
import { sweepTokens } from './request-token.ts';
import { TableCatalog } from './table-catalog.ts';
import { settleTables } from './table-states.ts';

/** Where a server keeps its tables and listens. */
export interface DynamoDbServerOptions {
  /** Folder of the LevelDB files, made when absent; null keeps everything in memory. */
  readonly dataDir: string | null;
  /** TCP port on 127.0.0.1; default: a free one. */
  readonly port?: number;
}

/** A running server. */
export interface DynamoDbServer {
  /** `http://127.0.0.1:<port>`, for `endpoint` or AWS_ENDPOINT_URL_DYNAMODB. */
  readonly endpoint: string;
  readonly port: number;
  /** Stops listening, finishes what has arrived, closes the files. */
  close(): Promise<void>;
}

/** Expired items are looked for this often (AWS: within days). */
const sweepEveryMillis = 1_000;
/** Old request tokens are only clutter; once a minute will do. */
const sweepsPerTokenSweep = 60;
/** How long close() waits for clients that hold a request open. */
const closeWithinMillis = 2_000;

/**
 * Starts the DynamoDB-compatible server of the local stack on 127.0.0.1 (design §7; lib/local/README.md says what
 * differs from AWS). What it has acknowledged survives a restart and `kill -9`.
 *
 * @throws DataFolderInUseError (`code: 'data-folder-in-use'`) when another server has the folder open
 */
export async function startDynamoDbServer(options: DynamoDbServerOptions): Promise<DynamoDbServer> {
  changeDynalite();
  const database = await openLevelDatabase(options.dataDir);
  const catalog = new TableCatalog(database);
  const queue = new CommitQueue(database, catalog);
  const store = Object.assign(createCommittedStore(database, catalog), { database });
  const server = createHttpServer({ database, catalog, queue, store });
  try {
    await catalog.load();
    await settleTables(catalog, database);
    server.listen(options.port ?? 0, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    await database.close();
    throw error;
  }
  const stopSweeps = startSweeps({ database, catalog, queue, store });
  const { port } = server.address() as AddressInfo;
  let closing: Promise<void> | null = null;
  const close = async () => {
    await closeServer(server);
    await stopSweeps();
    await queue.idle();
    await database.close();
  };
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** Sweeps one after the other, each some time after the end of the last; returns how to stop. */
function startSweeps({ database, catalog, queue }: ServerState): () => Promise<void> {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;
  let count = 0;
  const sweep = async () => {
    const now = Date.now();
    await sweepExpired(database, catalog, queue, now);
    if (count++ % sweepsPerTokenSweep === 0) await sweepTokens(database, queue, now);
  };
  const plan = () => {
    timer = setTimeout(() => {
      running = sweep()
        .catch((error: unknown) => console.error('local DynamoDB: sweep failed', error))
        .then(() => {
          if (!stopped) plan();
        });
    }, sweepEveryMillis);
  };
  plan();
  return () => {
    stopped = true;
    clearTimeout(timer);
    return running;
  };
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const late = setTimeout(() => server.closeAllConnections(), closeWithinMillis);
  await closed;
  clearTimeout(late);
}
