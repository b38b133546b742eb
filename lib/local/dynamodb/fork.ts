import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { DataFolderInUseError } from './level-database.ts';
import type { DynamoDbServer, DynamoDbServerOptions } from './server.ts';

/** What the child says once, over IPC: where it listens, or why it does not. */
export type ChildReport =
  | { readonly endpoint: string; readonly port: number }
  | { readonly failure: { readonly code: string | null; readonly message: string } };

/** A running server in a process of its own. */
export interface ForkedDynamoDbServer extends DynamoDbServer {
  readonly pid: number;
}

/**
 * startDynamoDbServer in a process of its own, so that a load does not share its event loop with the rest of the
 * stack. The child ends when this process does, however that ends. close() waits for the child's exit.
 *
 * @throws DataFolderInUseError (`code: 'data-folder-in-use'`) when another server has the folder open
 */
export async function forkDynamoDbServer(options: DynamoDbServerOptions): Promise<ForkedDynamoDbServer> {
  const starter = fileURLToPath(new URL('../../../bin/local-table.mjs', import.meta.url));
  const child = fork(starter, [JSON.stringify(options)], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const report = await Promise.race([firstReport(child), exited.then(() => null)]);
  if (report === null || 'failure' in report) {
    if (child.connected) child.disconnect();
    await exited;
    if (report?.failure.code === 'data-folder-in-use') throw new DataFolderInUseError(String(options.dataDir));
    throw new Error(`local DynamoDB server did not start: ${report?.failure.message ?? `exit ${child.exitCode}`}`);
  }
  let closing = false;
  void exited.then(([code, signal]) => {
    if (!closing) console.error(`local DynamoDB server ended by itself (${signal ?? `exit ${code}`})`);
  });
  return {
    ...report,
    pid: child.pid ?? 0,
    close: async () => {
      closing = true;
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

async function firstReport(child: ChildProcess): Promise<ChildReport> {
  const [report] = (await once(child, 'message')) as [ChildReport];
  return report;
}
