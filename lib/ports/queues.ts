import type {
  ApplyMessage,
  CommandMessage,
  PlanMessage,
  PurgesMessage,
  UploadsMessage,
} from '../contracts/messages.ts';

/** The three queues. At least once, in any order (R15). */
export interface Queues {
  /** `delaySeconds` at most 900. */
  sendUploads(message: UploadsMessage, delaySeconds: number): Promise<void>;
  /** `delaySeconds` at most 900, as SQS allows. */
  sendPlan(message: PlanMessage | CommandMessage, delaySeconds: number): Promise<void>;
  sendApply(message: ApplyMessage, delaySeconds: number): Promise<void>;
}

/** The queue of deletions, which only few may send to. At least once, in any order (R15). */
export interface PurgeQueue {
  /** `delaySeconds` at most 900. */
  sendPurge(message: PurgesMessage, delaySeconds: number): Promise<void>;
}
