import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Both servers in a process of their own. */
export interface KillableServers {
  readonly s3: string;
  readonly sqs: string;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** Starts the S3 and SQS servers on `directory` in a child process (from the project's root). */
export async function startKillableServers(directory: string): Promise<KillableServers> {
  const script = join(process.cwd(), 'test/local/serve-for-kill.mjs');
  const child: ChildProcess = spawn(process.execPath, [script, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (!child.stdout) throw new Error('no output');
  const [line] = await once(createInterface(child.stdout), 'line');
  return {
    ...JSON.parse(line),
    kill: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
