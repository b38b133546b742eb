import { makeApplyHandler } from '../../lambdas/apply/handler.ts';
import { makePlanHandler } from '../../lambdas/plan/handler.ts';
import { makeReceiveHandler } from '../../lambdas/receive/handler.ts';
import { makeWatchHandler } from '../../lambdas/watch/handler.ts';
import type { BatchResult } from '../../lib/contracts/batch-result.ts';
import type { CommandMessage } from '../../lib/contracts/messages.ts';
import { createManualRecord, editSyncedRecord } from '../../lib/flows/portal.ts';
import type { Logger } from '../../lib/ports/logger.ts';
import { decide, type PersonAct } from './commands.ts';
import type { Fault } from './faults.ts';
import { checkEnd } from './final-checks.ts';
import { keepManual, type ManualCopy } from './manual-copies.ts';
import type { PortalAct } from './portal-acts.ts';
import { drawScenario, NOTHING_OMITTED, type Omissions } from './scenario.ts';
import type { Broken } from './witness.ts';
import type { QueueName } from './work-queues.ts';
import { EVERY_DISTRICT, Worker } from './worker.ts';
import { LANDING, type Sabotage, World } from './world.ts';

/** How a run is made. */
export interface RunOptions {
  readonly omitted?: Omissions;
  readonly tracing?: boolean;
  readonly sabotage?: Sabotage | null;
}

/** What came of one run. */
export interface RunResult {
  readonly seed: number;
  readonly broken: readonly Broken[];
  readonly steps: number;
  readonly faults: Readonly<Record<Fault, number>>;
  /** Ids of the faults that happened, for whoever repeats the run without some. */
  readonly happened: readonly string[];
  /** How often `watch` started again what was left lying. */
  readonly resumed: number;
  /** Commands of people. */
  readonly commands: number;
  /** Syncs that ended in the table. */
  readonly syncs: number;
  /** What the functions said that became of their messages. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly trace: readonly string[];
}

/**
 * Longer than a lease, a sleep or a late message may last after the last fault (at most two hours each) and the six hours of
 * a set that such a message opened, milliseconds: every set has ended then, and `watch` has told of what that leaves behind.
 */
const WATCHED_AFTER = 11 * 3_600_000;

/** `watch` looks no more often than this once nothing goes wrong any more, seconds. */
const CALM_SECONDS = 3600;

/** Events of one run: far above any that ends. */
const MAX_STEPS = 300_000;

/** Runs one seed from its first upload until nothing moves, and says which invariants broke. */
export async function simulate(seed: number, options: RunOptions = {}): Promise<RunResult> {
  const run = new Run(seed, options);
  return run.run();
}

class Run {
  readonly #world: World;
  readonly #manual: ManualCopy[] = [];
  readonly #outcomes: Record<string, number> = {};
  #workers = 0;

  constructor(seed: number, { omitted = NOTHING_OMITTED, tracing = false, sabotage = null }: RunOptions) {
    const consume = (queue: QueueName, body: string, receives: number, answer: (done: boolean) => void) =>
      void this.#invoke(queue, body, receives, answer);
    this.#world = new World(drawScenario(seed, omitted), omitted, consume, tracing, sabotage);
  }

  async run(): Promise<RunResult> {
    const { scenario, scheduler, faults, witness, trace } = this.#world;
    for (const { settings, exports, portal, person, strays } of scenario.districts) {
      for (const stray of strays) this.#world.scheduleStray(stray);
      for (const each of exports) await this.#world.schedule(each, settings.districtId);
      for (const act of portal) scheduler.after(act.atMillis, () => this.#act(act));
      for (const act of person) scheduler.after(act.atMillis, () => this.#decide(act));
    }
    scheduler.after(scenario.faultsEndMillis, () => {
      faults.end();
      trace.say(() => '--- from here on nothing goes wrong any more');
    });
    this.#watchFrom(scenario.watchSeconds);
    if ((await scheduler.drain(MAX_STEPS)) === 'exhausted') witness.say('end', 'still busy after all steps');
    await checkEnd(this.#world, this.#manual);
    return {
      seed: scenario.seed,
      broken: witness.broken,
      steps: scheduler.steps,
      faults: faults.counts,
      happened: faults.happened,
      resumed: this.#world.events.emitted.filter(({ type }) => type.endsWith('.resumed')).length,
      commands: witness.commands.all.length,
      syncs: scenario.districts.reduce(
        (sum, { settings }) => sum + witness.judge.endedOf(settings.districtId).length,
        0,
      ),
      outcomes: this.#outcomes,
      trace: trace.lines,
    };
  }

  /** One invocation of a function, as Lambda makes it of a queue's message. */
  async #invoke(queue: QueueName, sent: string, receives: number, answer: (done: boolean) => void): Promise<void> {
    const body = this.#world.sabotage?.message?.(sent) ?? sent;
    const { scheduler, faults, trace, scenario } = this.#world;
    const name = `${queue}-${++this.#workers}`;
    const stream = faults.stream(`worker ${queue} ${receives} ${body}`);
    const worker = new Worker(name, districtOf(body), scheduler, stream, trace, commandOf(body));
    trace.say(() => `${name} gets ${body}`);
    const ports = {
      ...this.#world.portsOf(worker),
      logger: this.#logger(name),
      ownRoleId: 'AROA-ONE-SENDER',
      landingBucket: LANDING,
    };
    const event = { Records: [{ messageId: name, body, attributes: { SenderId: 'AROA-ONE-SENDER:worker' } }] };
    const deadline = scheduler.elapsed + scenario.functionSeconds * 1000;
    const context = { awsRequestId: name, getRemainingTimeInMillis: () => deadline - scheduler.elapsed };
    let result: BatchResult;
    if (queue === 'uploads') result = await makeReceiveHandler(ports)(event);
    else if (queue === 'plans') result = await makePlanHandler(ports)(event, context);
    else result = await makeApplyHandler(ports)(event, context);
    answer(result.batchItemFailures.length === 0);
  }

  /** A defect is not an answer to a fault: it is what this looks for. */
  #logger(name: string): Logger {
    const { trace, witness } = this.#world;
    return {
      info: (message, fields) => {
        const said = `${message}: ${fields?.outcome}`;
        this.#outcomes[said] = (this.#outcomes[said] ?? 0) + 1;
        trace.say(() => `${name} ${said}`);
      },
      error: (_message, thrown) => {
        trace.say(() => `${name} failed: ${String(thrown)}`);
        if (!(thrown instanceof Error && thrown.name === 'ServiceBusy')) {
          witness.say('defect', `${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
        }
      },
    };
  }

  #act({ districtId, kind, sourcedId, fields, name }: PortalAct): void {
    const { portal, witness, store, trace } = this.#world;
    trace.say(() => `PORTAL ${name} ${kind} ${sourcedId ?? '(manual)'} ${JSON.stringify(fields)}`);
    if (sourcedId === null) {
      void createManualRecord(portal, districtId, kind, fields).then((productId) =>
        this.#manual.push(keepManual(store, districtId, kind, productId)),
      );
      return;
    }
    void editSyncedRecord(portal, districtId, kind, sourcedId, fields);
    witness.edited(districtId, kind, sourcedId);
  }

  /** A person looks at a district and gives a command; whoever gets no answer gives it again. */
  #decide(act: PersonAct): void {
    const { store, scheduler, queues, witness, trace } = this.#world;
    const message = decide(act, store, scheduler.now());
    trace.say(() => `PERSON ${act.name} ${JSON.stringify(message.command)}`);
    witness.commands.give(message);
    for (const millis of [0, ...act.againMillis]) scheduler.after(millis, () => queues.send('plans', message, 0));
  }

  /** `watch`, until long after nothing goes wrong any more. */
  #watchFrom(seconds: number): void {
    const { scheduler, faults, trace, scenario } = this.#world;
    const wait = scheduler.elapsed < scenario.faultsEndMillis ? seconds : CALM_SECONDS;
    scheduler.after(wait * 1000, () => {
      const name = `watch-${++this.#workers}`;
      const worker = new Worker(name, EVERY_DISTRICT, scheduler, faults.stream('watch'), trace);
      const ports = { ...this.#world.portsOf(worker), logger: this.#logger(name) };
      // What it could not look at, the next one does.
      makeWatchHandler(ports)({}, { awsRequestId: name }).catch(() => {});
      if (scheduler.elapsed < scenario.faultsEndMillis + WATCHED_AFTER) this.#watchFrom(seconds);
    });
  }
}

/** The district of a message: in its body, or in the key of S3's event. */
function districtOf(body: string): string {
  const match = /"districtId":"([a-z0-9-]+)"/.exec(body) ?? /home(?:\/|%2F)([a-z0-9-]+)/.exec(body);
  return match?.[1] ?? '';
}

/** What a message asks for, if it is a command. */
function commandOf(body: string): CommandMessage['command'] | null {
  const message = JSON.parse(body) as Partial<CommandMessage>;
  return message.type === 'command' ? (message.command ?? null) : null;
}
