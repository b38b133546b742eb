import type { Clock } from '../../ports/clock.ts';
import type { MoveTasks } from './move-tasks.ts';
import type { Parameters } from './parameters.ts';
import type { Queue } from './queue.ts';
import type { QueueRegistry } from './queue-registry.ts';

/** What an operation works on. */
export interface Context {
  readonly registry: QueueRegistry;
  readonly tasks: MoveTasks;
  readonly clock: Clock;
  /** Aborted when the client has gone or the server closes. */
  readonly signal: AbortSignal;
  /** A queue's URL on this server's own address. */
  readonly urlOf: (queue: Queue) => string;
}

/** One action of the protocol: parameters in, the answer's JSON out. */
export type Operation = (parameters: Parameters, context: Context) => unknown;
