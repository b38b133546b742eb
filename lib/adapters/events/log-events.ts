import type { Events } from '../../ports/events.ts';
import type { Logger } from '../../ports/logger.ts';

/** Events as lines of the log, for whoever has set up nothing better: the type is the message, ids and codes are fields. */
export function createLogEvents(logger: Logger): Events {
  return {
    async emit({ type, ...fields }) {
      logger.info(type, fields);
    },
  };
}
