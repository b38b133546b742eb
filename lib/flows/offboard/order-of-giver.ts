import type { PurgesMessage } from '../../contracts/messages.ts';
import { giverOf, type OwnRole } from '../../core/sync/giver.ts';
import type { OffboardPorts } from './offboard-ports.ts';

/** What carrying orders out works with: their queue is asked who gave them. */
export type OrderPorts = OffboardPorts & OwnRole;

/** A message with the order, if it is one, given by whom the queue knows (`giverOf`): the certificate names them. */
export function orderOfGiver(message: PurgesMessage, senderId: string | null, self: OwnRole): PurgesMessage {
  if (message.type !== 'offboard') return message;
  return { ...message, order: { ...message.order, ...giverOf(message.order, senderId, self) } };
}
