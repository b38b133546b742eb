import type {
  ApplyMessage,
  CommandMessage,
  PlanMessage,
  PurgesMessage,
  UploadsMessage,
} from '../../contracts/messages.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PurgeQueue, Queues } from '../../ports/queues.ts';

/** A message on its way: nobody should see it before `dueMillis`. */
export interface QueuedMessage<M> {
  readonly message: M;
  readonly dueMillis: number;
}

/** Queues as lists that whoever drives the world takes messages from, in whatever order it likes. */
export class MemoryQueues implements Queues, PurgeQueue {
  readonly uploads: QueuedMessage<UploadsMessage>[] = [];
  readonly plans: QueuedMessage<PlanMessage | CommandMessage>[] = [];
  readonly applies: QueuedMessage<ApplyMessage>[] = [];
  readonly purges: QueuedMessage<PurgesMessage>[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async sendUploads(message: UploadsMessage, delaySeconds: number): Promise<void> {
    this.uploads.push(this.#queued(message, delaySeconds));
  }

  async sendPlan(message: PlanMessage | CommandMessage, delaySeconds: number): Promise<void> {
    this.plans.push(this.#queued(message, delaySeconds));
  }

  async sendApply(message: ApplyMessage, delaySeconds: number): Promise<void> {
    this.applies.push(this.#queued(message, delaySeconds));
  }

  async sendPurge(message: PurgesMessage, delaySeconds: number): Promise<void> {
    this.purges.push(this.#queued(message, delaySeconds));
  }

  #queued<M>(message: M, delaySeconds: number): QueuedMessage<M> {
    return { message, dueMillis: this.#clock.now().getTime() + delaySeconds * 1000 };
  }
}
