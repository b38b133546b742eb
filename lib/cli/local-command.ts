import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { createDeliveryLedger } from '../adapters/dynamodb/delivery-ledger.ts';
import { createSyncLog } from '../adapters/dynamodb/sync-log.ts';
import { createTableClient } from '../adapters/dynamodb/table-client.ts';
import { createJsonLog } from '../adapters/log/json-log.ts';
import { type Followed, followDelivery } from '../local/follow-delivery.ts';
import { DEFAULT_DATA_DIR, LOCAL } from '../local/names.ts';
import { ensureSampleDistrict, type Login, SAMPLE_DISTRICT, writeSampleExport } from '../local/sample-district.ts';
import { type LocalStack, startStack } from '../local/stack.ts';
import { readStackFile, removeStackFile, writeStackFile } from '../local/stack-file.ts';
import { type StartPageServer, startPageServer } from '../local/start-page-server.ts';
import { uploadExport } from '../local/upload.ts';
import { openLogFile } from './log-file.ts';
import { CommandError, counted, printJson, printLine } from './output.ts';
import { Progress } from './progress.ts';
import { describeChanges } from './report-text.ts';
import { changedRecords } from './sync-commands.ts';
import { wholeNumber } from './values.ts';

interface Options {
  readonly once?: true;
  readonly json?: true;
  readonly export?: readonly string[];
  readonly port: number;
  readonly sftpPort: number;
  readonly launchpadPort: number;
  readonly ssoPort: number;
  readonly productPort: number;
  readonly tile: 'restart' | 'confirm';
  readonly data: string;
  readonly quietSeconds: number;
}

/** `rollcall local`: the whole path on this machine. */
export function localCommand(): Command {
  const port = (option: string) => wholeNumber(option, 0, 65_535);
  return new Command('local')
    .description('run everything on 127.0.0.1: SFTP, stand-ins for AWS, the deployed functions, a sample district')
    .option('--once', 'upload the sample district (or each --export), wait for the syncs, and end')
    .option('--export <path...>', 'exports to upload, one after the other')
    .option('--port <n>', 'port of the start page; 0: a free one', port('--port'), 0)
    .option('--sftp-port <n>', 'port of the SFTP server; 0: a free one', port('--sftp-port'), 0)
    .option('--launchpad-port <n>', 'port of ClassLink and LaunchPad; 0: as last time', port('--launchpad-port'), 0)
    .option('--sso-port <n>', 'port of the sign-on; 0: as last time', port('--sso-port'), 0)
    .option('--product-port <n>', 'port of the product; 0: as last time', port('--product-port'), 0)
    .addOption(
      new Option(
        '--tile <what>',
        "what a click on LaunchPad's icon leads to: a silent launch, or the question who it is",
      )
        .choices(['restart', 'confirm'])
        .default('restart'),
    )
    .option('--data <dir>', 'folder for all state', DEFAULT_DATA_DIR)
    .option('--quiet-seconds <n>', 'how long an upload must be quiet', wholeNumber('--quiet-seconds', 1, 900), 2)
    .option('--json', 'JSON lines on stdout: one when ready, one for each sync')
    .addHelpText(
      'after',
      '\nExit codes with --once: 0 all applied or unchanged, 1 otherwise, 2 wrong usage, 130 Ctrl-C.',
    )
    .action(local);
}

async function local(options: Options): Promise<void> {
  for (const path of options.export ?? []) await demandPath(path);
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const session = await LocalSession.open(options, stop.signal);
  try {
    const good = await session.run();
    if (options.once) process.exitCode = good ? 0 : 1;
    else if (!stop.signal.aborted) {
      session.say('\nRunning. Ctrl-C stops everything; a second start goes on where it was.');
      await new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve(), { once: true }));
    }
  } finally {
    await session.close();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    endSoon();
  }
  if (options.once && stop.signal.aborted) process.exitCode = 130;
}

/** A call of a function that outlived the stack, and waits for servers that are gone, must not keep the process. */
const endSoon = (): void => void setTimeout(() => process.exit(), 500).unref();

async function demandPath(path: string): Promise<void> {
  await stat(path).catch(() => {
    throw new CommandError('not-found', `There is nothing at ${path}.`, 'Check the path given by --export.');
  });
}

/** A started stack with the sample district, its start page, and the main job on it. */
class LocalSession {
  readonly #options: Options;
  readonly #signal: AbortSignal;
  readonly #stack: LocalStack;
  readonly #login: Login;
  readonly #hasLeft: boolean;
  readonly #page: StartPageServer;
  readonly #log;
  readonly #ledger;
  readonly #closeLog: () => Promise<void>;

  private constructor(
    options: Options,
    signal: AbortSignal,
    parts: { stack: LocalStack; login: Login; hasLeft: boolean; page: StartPageServer; closeLog: () => Promise<void> },
  ) {
    this.#options = options;
    this.#signal = signal;
    this.#stack = parts.stack;
    this.#login = parts.login;
    this.#hasLeft = parts.hasLeft;
    this.#page = parts.page;
    this.#closeLog = parts.closeLog;
    const table = createTableClient(parts.stack.dynamodb, LOCAL.table);
    this.#log = createSyncLog(table);
    this.#ledger = createDeliveryLedger(table);
  }

  static async open(options: Options, signal: AbortSignal): Promise<LocalSession> {
    if (readStackFile(options.data) !== null) {
      const hint = 'Stop it, or give this one another --data folder.';
      throw new CommandError('already-running', `A local stack runs on ${options.data} already.`, hint);
    }
    const logFile = await openLogFile(join(options.data, 'functions.log'));
    const stack = await startStack({
      dataDir: options.data,
      sftpPort: options.sftpPort,
      tile: options.tile,
      signOnPorts: { launchPad: options.launchpadPort, sso: options.ssoPort, product: options.productPort },
      logger: createJsonLog(logFile.write),
    });
    try {
      const { login, hasLeft } = await ensureSampleDistrict(stack, options.data, options.quietSeconds);
      const log = createSyncLog(createTableClient(stack.dynamodb, LOCAL.table));
      const page = await startPageServer(
        options.port,
        async () => ({
          districtId: SAMPLE_DISTRICT,
          sftp: { ...stack.sftp, ...login },
          hostKeys: stack.sftp.hostKeys,
          endpoints: { ...stack.endpoints },
          signOn: stack.signOn,
          mails: stack.mails.list().length,
          syncs: (await log.list(SAMPLE_DISTRICT, 20)).map((sync) => ({
            id: sync.syncId,
            state: sync.state,
            createdAt: sync.createdAt,
            changed: changedRecords(sync),
            errors: sync.findingCounts.error,
          })),
        }),
        stack.mails,
      );
      const { host, port, hostKeys } = stack.sftp;
      const doors = { sftp: { host, port, hostKeys }, signOnUrl: stack.signOn.sso };
      await writeStackFile(options.data, { pid: process.pid, endpoints: stack.endpoints, http: page.url, ...doors });
      return new LocalSession(options, signal, { stack, login, hasLeft, page, closeLog: logFile.close });
    } catch (thrown) {
      await stack.close();
      throw thrown;
    }
  }

  say(text: string): void {
    if (!this.#options.json) printLine(text);
  }

  /** Says where everything is, and does the main job. True: every sync was applied or unchanged. */
  async run(): Promise<boolean> {
    this.#sayReady();
    let good = true;
    try {
      for (const path of await this.#exports()) good = (await this.#sync(path)) && good;
    } catch (thrown) {
      if (this.#signal.aborted) return false;
      throw thrown;
    }
    return good;
  }

  async close(): Promise<void> {
    await this.#page.close();
    await this.#stack.close();
    await removeStackFile(this.#options.data);
    await this.#closeLog();
  }

  #sayReady(): void {
    const { host, port, hostKeys } = this.#stack.sftp;
    const { endpoints, signOn } = this.#stack;
    const sftp = { host, port, ...this.#login };
    if (this.#options.json) {
      const http = this.#page.url;
      const { launchPad: launchpad, sso, product } = signOn;
      printJson({ ready: true, http, launchpad, sso, product, sftp, endpoints, districtId: SAMPLE_DISTRICT });
      return;
    }
    printLine(`Start page   ${this.#page.url}`);
    printLine(`LaunchPad    ${signOn.launchPad}   sign in as anybody, click the icon`);
    printLine(`Product      ${signOn.product}`);
    printLine(`SFTP         sftp -P ${port} ${sftp.username}@${host}   password ${sftp.password}`);
    for (const { type, fingerprint } of hostKeys) printLine(`             ${type} ${fingerprint}`);
    for (const [name, url] of Object.entries(endpoints)) printLine(`${name.padEnd(13)}${url}`);
    printLine(`Data         ${this.#options.data} (log: functions.log)`);
  }

  /**
   * What to upload now: the given exports, else the sample, unless an earlier start has uploaded anything. A start that
   * was stopped in mid-sync is gone on with, not written over.
   */
  async #exports(): Promise<readonly string[]> {
    if (this.#hasLeft) {
      this.say('\nThe sample district was off-boarded here. Another --data folder has a new one.');
      return [];
    }
    if (this.#options.export !== undefined) return this.#options.export;
    const [newest] = await this.#ledger.list(SAMPLE_DISTRICT, 1);
    if (newest !== undefined && !this.#options.once) {
      this.say(`\nThe sample district has data already: its newest delivery came at ${newest.openedAt}.`);
      return [];
    }
    return [await writeSampleExport(this.#options.data)];
  }

  /** Uploads one export over SFTP and waits for its sync. */
  async #sync(path: string): Promise<boolean> {
    // A set that is still open may become whole with this upload.
    const earlier = (await this.#ledger.list(SAMPLE_DISTRICT, 1000)).filter(({ state }) => state !== 'receiving');
    const known = new Set(earlier.map(({ deliveryId }) => deliveryId));
    const progress = new Progress();
    this.say(`\nUploading ${path}`);
    const started = Date.now();
    const files = await uploadExport(this.#stack.sftp, this.#login, path);
    this.say(`${counted(files, 'file')} sent in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    const followed = await followDelivery({
      log: this.#log,
      ledger: this.#ledger,
      districtId: SAMPLE_DISTRICT,
      known,
      quietSeconds: this.#options.quietSeconds,
      onProgress: (text) => progress.tell(text),
      signal: this.#signal,
    }).finally(() => progress.end());
    this.#report(followed, path);
    return followed.state === 'applied' || followed.state === 'unchanged';
  }

  #report({ deliveryId, sync, state, seconds }: Followed, path: string): void {
    if (this.#options.json) {
      const { changes = {}, findingCounts = { error: 0, warning: 0, info: 0, byCode: {} } } = sync ?? {};
      const rounded = Math.round(seconds * 1000) / 1000;
      printJson({ sync: { id: sync?.syncId ?? null, deliveryId, state, changes, findingCounts, seconds: rounded } });
      return;
    }
    printLine(`${state} in ${seconds.toFixed(1)} s${sync === null ? '' : ` (sync ${sync.syncId})`}`);
    if (sync === null) {
      if (state === 'incomplete')
        printLine(`It is not whole or not readable, and changed nothing. Why: rollcall check ${path}`);
      return;
    }
    const { error, warning } = sync.findingCounts;
    if (Object.keys(sync.changes).length > 0) printLine(describeChanges(sync.changes));
    for (const hold of sync.holds) printLine(`held: ${hold.message} [${hold.code}]`);
    printLine(`${counted(error, 'error')}, ${counted(warning, 'warning')}: rollcall sync ${sync.syncId} --local`);
  }
}
