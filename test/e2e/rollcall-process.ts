import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const PROJECT = join(import.meta.dirname, '../..');

/** What a command left behind. `json`: the lines of stdout that are JSON objects. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly json: readonly JsonLine[];
}

/** Any of the objects that `--json` prints. */
export type JsonLine = Readonly<Record<string, unknown>>;

export interface RunOptions {
  /** The project whose CLI is run; this one by default. */
  readonly project?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is piped in; nothing by default. */
  readonly input?: string;
}

const started = new Set<ChildProcess>();
const folders: string[] = [];

/** A folder that goes away when the file's tests are over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-e2e-'));
  folders.push(folder);
  return folder;
}

/** Call it in `afterAll`: stops what a failed test left running, by pid, and removes the temporary folders. */
export async function cleanUp(): Promise<void> {
  for (const child of started) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
}

function start(args: readonly string[], options: RunOptions): ChildProcess {
  const project = options.project ?? PROJECT;
  // A group of its own: the Ctrl-C of a test reaches the stack and nothing else.
  const child = spawn(process.execPath, [join(project, 'bin/rollcall.mjs'), ...args], {
    cwd: project,
    detached: true,
    env: { ...process.env, NO_COLOR: '1', ...options.env },
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(options.input);
  started.add(child);
  child.once('exit', () => started.delete(child));
  return child;
}

/** Runs a command to its end. */
export async function rollcall(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = start(args, options);
  const output = collect(child);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output() };
}

function collect(child: ChildProcess): () => Omit<Ended, 'code'> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (piece: Buffer) => out.push(piece));
  child.stderr?.on('data', (piece: Buffer) => err.push(piece));
  return () => {
    const stdout = Buffer.concat(out).toString('utf8');
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
    const json = lines.map((line) => JSON.parse(line) as JsonLine);
    return { stdout, stderr: Buffer.concat(err).toString('utf8'), json };
  };
}

/** The line that `rollcall local --json` prints when all servers run. */
export interface Ready {
  readonly ready: true;
  readonly http: string;
  /** LaunchPad's page, our issuer, the product's page. */
  readonly launchpad: string;
  readonly sso: string;
  readonly product: string;
  readonly sftp: {
    readonly host: string;
    readonly port: number;
    readonly username: string;
    readonly password: string;
  };
  readonly endpoints: { readonly s3: string; readonly sqs: string; readonly dynamodb: string };
  readonly districtId: string;
}

/** A sync as `rollcall local --json` tells it. */
export interface SyncLine {
  readonly id: string | null;
  readonly deliveryId: string | null;
  readonly state: string;
  readonly changes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly findingCounts: { readonly error: number; readonly byCode: Readonly<Record<string, number>> };
  readonly seconds: number;
}

/** A stack that runs (`rollcall local --json`, without `--once`). */
export interface RunningStack {
  readonly ready: Ready;
  readonly pid: number;
  /** The next sync that the stack reports by itself (`--export`, the sample). */
  nextSync(): Promise<SyncLine>;
  /** Ctrl-C: the signal goes to the whole process group, as from a terminal. Resolves when the process is gone. */
  interrupt(): Promise<{ readonly code: number | null; readonly seconds: number }>;
  /** `kill -9` of the main process, and of nothing else. */
  kill(): Promise<void>;
}

/** Starts `rollcall local --json` and waits until it is ready. */
export async function startLocal(args: readonly string[], options: RunOptions = {}): Promise<RunningStack> {
  const child = start(['local', '--json', ...args], options);
  let said = '';
  child.stderr?.on('data', (piece: Buffer) => (said += piece.toString('utf8')));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const next = async (): Promise<JsonLine> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`rollcall local has ended: ${said}`);
    return JSON.parse(value as string) as JsonLine;
  };
  const ready = await next();
  if (ready['ready'] !== true) throw new Error(`not ready: ${JSON.stringify(ready)}`);
  const pid = child.pid ?? 0;
  return {
    ready: ready as unknown as Ready,
    pid,
    nextSync: async () => (await next())['sync'] as SyncLine,
    interrupt: async () => {
      const since = Date.now();
      process.kill(-pid, 'SIGINT');
      const [code] = await exited;
      return { code, seconds: (Date.now() - since) / 1000 };
    },
    kill: async () => {
      process.kill(pid, 'SIGKILL');
      await exited;
    },
  };
}

/** The processes that a process has started and that still run. */
export function childrenOf(pid: number): readonly number[] {
  const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return listed.split(' ').filter(Boolean).map(Number);
}

/** Whether a process exists. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Looks every 50 ms until `look` answers something; throws after `seconds`. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  seconds = 120,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s in vain until ${what}`);
    await sleep(50);
  }
}
