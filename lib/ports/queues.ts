import type { ApplyMessage, PlanMessage, UploadsMessage } from '../contracts/messages.ts';

/** The three queues. At least once, in any order (R15). */
export interface Queues {
  sendUploads(message: UploadsMessage, delaySeconds: number): Promise<void>;
  sendPlan(message: PlanMessage): Promise<void>;
  sendApply(message: ApplyMessage): Promise<void>;
}
