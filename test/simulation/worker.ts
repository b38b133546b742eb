import { ServiceBusy } from '../../lib/ports/failure.ts';
import type { FaultStream } from './faults.ts';
import type { Scheduler } from './scheduler.ts';
import type { Trace } from './trace.ts';

/** One invocation of a function. All that it does to the world goes through `call`. */
export class Worker {
  readonly name: string;
  /** The district of its message: it has no business with any other (R3). */
  readonly districtId: string;
  /** The lease number that it got last. */
  leaseNumber = 0;
  dead = false;
  readonly #scheduler: Scheduler;
  readonly #stream: FaultStream;
  readonly #trace: Trace;

  constructor(name: string, districtId: string, scheduler: Scheduler, stream: FaultStream, trace: Trace) {
    this.name = name;
    this.districtId = districtId;
    this.#scheduler = scheduler;
    this.#stream = stream;
    this.#trace = trace;
  }

  /** A call of a port, with everything that a network and a machine may do to it. `effect` runs in one step. */
  call<T>(what: string, effect: () => Promise<T>, changesSomething: boolean): Promise<T> {
    if (this.dead) return never();
    const { fault, laterMillis, latencyMillis } = this.#stream.call(changesSomething);
    const say = (text: string) => this.#trace.say(() => `${this.name} ${what}${text}`);
    const after = (millis: number, run: () => void) => this.#scheduler.after(millis, run);
    return new Promise<T>((resolve, reject) => {
      const answer = (value: T) => {
        if (this.dead) return;
        resolve(value);
      };
      const fail = () => {
        if (!this.dead) reject(new ServiceBusy('the simulation says no'));
      };
      const act = (then: (value: T) => void) => {
        effect().then((value) => {
          say(` -> ${shown(value)}`);
          then(value);
        }, thrown);
      };
      const thrown = (error: unknown) => {
        say(` ! ${String(error)}`);
        if (!this.dead) reject(error);
      };
      const ignore = () => {};
      const die = () => {
        this.dead = true;
        say(' ! the worker ends');
      };
      switch (fault) {
        case null:
          return after(latencyMillis, () => act(answer));
        case 'refused':
          return after(latencyMillis, () => {
            say(' ! refused');
            fail();
          });
        case 'lost-answer':
          return after(latencyMillis, () =>
            act(() => {
              say(' ! answer lost');
              fail();
            }),
          );
        case 'ghost':
          after(latencyMillis, () => {
            say(' ! timed out, still on its way');
            fail();
          });
          return after(latencyMillis + laterMillis, () => {
            say(' (ghost)');
            act(ignore);
          });
        case 'echo':
          after(latencyMillis, () => act(answer));
          return after(latencyMillis + laterMillis, () => {
            say(' (echo)');
            act(ignore);
          });
        case 'sleep-before':
          say(' ! sleeps before it');
          return after(laterMillis, () => act(answer));
        case 'sleep-after':
          return after(latencyMillis, () =>
            act((value) => {
              say(' ! sleeps after it');
              after(laterMillis, () => answer(value));
            }),
          );
        case 'crash-before':
          return die();
        case 'crash-after':
          return after(latencyMillis, () => {
            if (!this.dead) act(die);
          });
      }
    });
  }
}

/** What a worker that ended waits for. */
const never = <T>(): Promise<T> => new Promise<T>(() => {});

const shown = (value: unknown): string => {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return String(value);
  if (Array.isArray(value)) return `${value.length} items`;
  if (typeof value !== 'object') return '';
  const { state, versionId, deliveryId, number, done } = value as Record<string, unknown>;
  return [state, versionId, deliveryId, number, done]
    .filter((each) => typeof each !== 'object')
    .join(' ')
    .trim();
};
