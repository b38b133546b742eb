import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { detailOf, EVENT_SOURCE } from '../../contracts/events.ts';
import type { Events } from '../../ports/events.ts';
import { ServiceBusy } from '../../ports/failure.ts';

/**
 * Client settings: few tries in short time. Whoever tells an event waits for it, and what is not told now is told by the
 * next `watch`.
 */
export const BRISK = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000 },
} as const;

/** Codes of an entry that the bus may take later (EventBridge API: PutEvents, failed entries). */
const LATER = /^(?:ThrottlingException|InternalFailure|InternalException|ServiceUnavailable)$/;

/** The bus did not take an event. The message is a code of AWS. */
export class EventRefused extends Error {
  override readonly name = 'EventRefused';
  readonly code = 'event-refused';
}

/**
 * Events on a bus of EventBridge. PutEvents answers 200 also where it did not take the entry: that is a failure here.
 * Failures: `ServiceBusy`, `EventRefused`.
 */
export function createEventBridge(client: EventBridgeClient, busName: string): Events {
  return {
    async emit(event) {
      const entry = {
        EventBusName: busName,
        Source: EVENT_SOURCE,
        DetailType: event.type,
        Detail: JSON.stringify(detailOf(event)),
      };
      const { FailedEntryCount = 0, Entries = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }));
      if (FailedEntryCount === 0) return;
      const code = Entries.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorCode ?? 'unknown';
      if (LATER.test(code)) throw new ServiceBusy('the event bus is busy');
      throw new EventRefused(code);
    },
  };
}
