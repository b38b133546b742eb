import type { DepartureOrder } from '../core/district/departure.ts';
import type { Command } from '../core/sync/command.ts';
import type { Giver } from '../core/sync/giver.ts';

/** How often a message is handed to a function before it goes to the dead-letter queue. */
export const MAX_RECEIVES = 5;

/** How long an unread message lives, in a queue or among its dead letters, days: the most there is. */
export const MESSAGE_DAYS = 14;

/** What travels on the queues besides S3's own event notifications. Each is JSON with a `type`. */

/** uploads queue: an object has been quiet for the quiet time; claim exactly this version (design §4, receive). */
export interface SettleMessage {
  readonly type: 'settle';
  readonly key: string;
  readonly versionId: string;
}

/** uploads queue: look again whether the open set of loose files is whole (sets without a manifest wait longer). */
export interface ConsiderSetMessage {
  readonly type: 'consider-set';
  readonly districtId: string;
  readonly folder: string;
  readonly deliveryId: string;
}

export type UploadsMessage = SettleMessage | ConsiderSetMessage;

/** plans queue: a delivery of this district waits. The row in the table decides which one, not the message. */
export interface PlanMessage {
  readonly type: 'plan';
  readonly districtId: string;
  /** How often it found the district busy and was sent again. */
  readonly attempt: number;
}

/**
 * plans queue: a person's command. Its outcome is a row under its id (`lib/ports/command-log.ts`). Who gave it is what the
 * sender says, until the function that takes it has asked the queue (`giverOf`).
 */
export interface CommandMessage extends Giver {
  readonly type: 'command';
  readonly districtId: string;
  /** The same command twice is one command (R15). */
  readonly commandId: string;
  readonly command: Command;
  readonly attempt: number;
  /** How often a service failed while it was carried out, and it was sent again. */
  readonly faults?: number;
}

/** applies queue: start or go on with the apply of this sync. */
export interface ApplyMessage {
  readonly type: 'apply';
  readonly districtId: string;
  readonly syncId: string;
  /** How often this apply has sent itself the rest; a limit stops a runaway. */
  readonly hop: number;
  /** How often it found the district busy and was sent again. */
  readonly attempt: number;
}

/** purges queue: a person's order to off-board a district (R22). Void once somebody changed the settings again. */
export interface OffboardMessage {
  readonly type: 'offboard';
  readonly districtId: string;
  readonly order: DepartureOrder;
  readonly attempt: number;
}

/** purges queue: delete what is there of a district that has left. */
export interface SweepMessage {
  readonly type: 'sweep';
  readonly districtId: string;
  /** How often it has sent itself the rest. */
  readonly hop: number;
}

/** purges queue: delete records of a district that have been inactive for longer than the retention time (R22). */
export interface RetentionMessage {
  readonly type: 'retention';
  readonly districtId: string;
  readonly hop: number;
  readonly attempt: number;
}

export type PurgesMessage = OffboardMessage | SweepMessage | RetentionMessage;
