import type { ApplyMessage, PlanMessage, UploadsMessage } from '../../lib/contracts/messages.ts';
import type { Queues } from '../../lib/ports/queues.ts';
import type { Faults } from './faults.ts';
import type { Scheduler } from './scheduler.ts';
import type { Trace } from './trace.ts';

export type QueueName = 'uploads' | 'plans' | 'applies';

/** What handles a message: true deletes it, false leaves it until the visibility time-out is over. */
export type Consume = (queue: QueueName, body: string, receives: number, answer: (done: boolean) => void) => void;

/** Deliveries of one message; more is a message that poisons its queue. Above anything that the fault rates cause. */
const MAX_RECEIVES = 400;

/** The three queues: at least once, in no order, a message that nobody deletes comes again. */
export class WorkQueues implements Queues {
  /** Messages that were received too often. */
  readonly deadLetters: string[] = [];
  readonly #scheduler: Scheduler;
  readonly #faults: Faults;
  readonly #trace: Trace;
  readonly #visibilityMillis: number;
  readonly #consume: Consume;

  constructor(scheduler: Scheduler, faults: Faults, trace: Trace, visibilitySeconds: number, consume: Consume) {
    this.#scheduler = scheduler;
    this.#faults = faults;
    this.#trace = trace;
    this.#visibilityMillis = visibilitySeconds * 1000;
    this.#consume = consume;
  }

  async sendUploads(message: UploadsMessage, delaySeconds: number): Promise<void> {
    this.send('uploads', message, delaySeconds);
  }

  async sendPlan(message: PlanMessage, delaySeconds: number): Promise<void> {
    this.send('plans', message, delaySeconds);
  }

  async sendApply(message: ApplyMessage, delaySeconds: number): Promise<void> {
    this.send('applies', message, delaySeconds);
  }

  /** Puts a message, an event of S3 among them. */
  send(queue: QueueName, message: unknown, delaySeconds: number): void {
    if (!(delaySeconds >= 0 && delaySeconds <= 900)) throw new Error(`SQS refuses a delay of ${delaySeconds} s`);
    const body = JSON.stringify(message);
    const { fault, laterMillis, latencyMillis } = this.#faults.stream(`message ${queue} ${body}`).message();
    const due = delaySeconds * 1000 + latencyMillis;
    if (fault !== null) this.#trace.say(() => `! ${fault} ${queue} ${body}`);
    if (fault === 'message-twice') this.#deliver(queue, body, due + laterMillis, 0);
    this.#deliver(queue, body, fault === 'message-late' ? due + laterMillis : due, 0);
  }

  #deliver(queue: QueueName, body: string, afterMillis: number, receives: number): void {
    this.#scheduler.after(afterMillis, () => {
      if (receives >= MAX_RECEIVES) {
        this.deadLetters.push(`${queue} ${body}`);
        return;
      }
      let deleted = false;
      this.#consume(queue, body, receives, (done) => {
        if (done) deleted = true;
      });
      this.#scheduler.after(this.#visibilityMillis, () => {
        if (!deleted) this.#deliver(queue, body, 0, receives + 1);
      });
    });
  }
}
