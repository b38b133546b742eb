import type { CommandMessage } from '../../lib/contracts/messages.ts';
import { ServiceBusy } from '../../lib/ports/failure.ts';
import type { CallFault, FaultStream } from './faults.ts';
import type { Scheduler } from './scheduler.ts';
import type { Trace } from './trace.ts';

/** The district of a worker that looks after all of them: `watch`. */
export const EVERY_DISTRICT = '*';

/** One invocation of a function. All that it does to the world goes through `call`. */
export class Worker {
  readonly name: string;
  /** The district of its message: it has no business with any other (R3). */
  readonly districtId: string;
  /** The lease number that it got last. */
  leaseNumber = 0;
  /** The call that takes effect now is a doubled one: the worker has its answer already, and hears nothing of this one. */
  isEcho = false;
  dead = false;
  /** What its message asks for: an approval, and whether to pause or to resume. */
  readonly approves: boolean;
  readonly pauses: boolean | null;
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  readonly #stream: FaultStream;

  constructor(
    name: string,
    districtId: string,
    scheduler: Scheduler,
    stream: FaultStream,
    trace: Trace,
    command: CommandMessage['command'] | null = null,
  ) {
    this.approves = command?.name === 'approve';
    this.pauses = command?.name === 'pause' ? true : command?.name === 'resume' ? false : null;
    this.name = name;
    this.districtId = districtId;
    this.scheduler = scheduler;
    this.#stream = stream;
    this.trace = trace;
  }

  /** A call of a port, with everything that a network and a machine may do to it. `effect` runs in one step. */
  call<T>(what: string, effect: () => Promise<T>, changesSomething: boolean): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      // Nobody hears the calls of a worker that ended.
      if (this.dead) return;
      const { fault, laterMillis, latencyMillis } = this.#stream.call(what, changesSomething);
      new Call(this, what, effect, resolve, reject).run(fault, latencyMillis, laterMillis);
    });
  }
}

/** What happens when the effect of a call is done. */
type Then = 'answer' | 'lose' | 'ignore' | 'sleep' | 'die';

/** One call on its way. */
class Call<T> {
  readonly #worker: Worker;
  readonly #what: string;
  readonly #effect: () => Promise<T>;
  readonly #resolve: (value: T) => void;
  readonly #reject: (error: unknown) => void;

  constructor(
    worker: Worker,
    what: string,
    effect: () => Promise<T>,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ) {
    this.#worker = worker;
    this.#what = what;
    this.#effect = effect;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  run(fault: CallFault | null, latency: number, later: number): void {
    const { scheduler } = this.#worker;
    switch (fault) {
      case null:
        scheduler.after(latency, () => this.#act('answer', 0));
        break;
      case 'refused':
        scheduler.after(latency, () => this.#fail('refused'));
        break;
      case 'lost-answer':
        scheduler.after(latency, () => this.#act('lose', 0));
        break;
      case 'ghost':
        scheduler.after(latency, () => this.#fail('timed out, still on its way'));
        scheduler.after(latency + later, () => this.#act('ignore', 0));
        break;
      case 'echo':
        scheduler.after(latency, () => this.#act('answer', 0));
        scheduler.after(latency + later, () => this.#act('ignore', 0));
        break;
      case 'sleep-before':
        this.#say('! sleeps before it');
        scheduler.after(later, () => this.#act('answer', 0));
        break;
      case 'sleep-after':
        scheduler.after(latency, () => this.#act('sleep', later));
        break;
      case 'crash-before':
        this.#die();
        break;
      case 'crash-after':
        scheduler.after(latency, () => this.#act('die', 0));
        break;
    }
  }

  #act(then: Then, later: number): void {
    this.#effect().then(
      (value) => {
        this.#say(`${then === 'ignore' ? '(late, again) ' : ''}-> ${shown(value)}`);
        this.#end(then, value, later);
      },
      (error: unknown) => {
        this.#say(`! ${String(error)}`);
        if (!this.#worker.dead) this.#reject(error);
      },
    );
  }

  #end(then: Then, value: T, later: number): void {
    switch (then) {
      case 'answer':
        if (!this.#worker.dead) this.#resolve(value);
        break;
      case 'lose':
        this.#fail('answer lost');
        break;
      case 'ignore':
        break;
      case 'sleep':
        this.#say('! sleeps after it');
        this.#worker.scheduler.after(later, () => this.#end('answer', value, 0));
        break;
      case 'die':
        this.#die();
        break;
    }
  }

  #fail(why: string): void {
    this.#say(`! ${why}`);
    if (!this.#worker.dead) this.#reject(new ServiceBusy('the simulation says no'));
  }

  #die(): void {
    this.#worker.dead = true;
    this.#say('! the worker ends');
  }

  #say(text: string): void {
    const { trace, name } = this.#worker;
    if (trace.on) trace.say(() => `${name} ${this.#what} ${text}`);
  }
}

const shown = (value: unknown): string => {
  if (typeof value === 'string') return value.length > 40 ? `${value.slice(0, 40)}…` : value;
  if (typeof value === 'boolean' || value === null) return String(value);
  if (Array.isArray(value)) return `${value.length} items`;
  if (typeof value !== 'object') return '';
  const { state, versionId, deliveryId, number } = value as Record<string, unknown>;
  return [state, versionId, deliveryId, number].filter((each) => each !== undefined).join(' ');
};
