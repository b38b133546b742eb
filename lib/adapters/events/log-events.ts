import type { Events } from '../../ports/events.ts';
import type { Logger } from '../../ports/logger.ts';

/**
 * Events as lines of the log too (the type is the message, ids, codes and counts are fields), written before the bus is
 * asked: what alarms count is there also when the bus does not answer.
 */
export function logEvents(logger: Logger, bus: Events): Events {
  return {
    async emit(event) {
      const { type, ...fields } = event;
      logger.info(type, fields);
      await bus.emit(event);
    },
  };
}
