import type { EnvSpec } from './environment.ts';

/** Environment of the watch function. */
export const WATCH_ENVIRONMENT = {
  TABLE_NAME: 'string',
  /** Where it has open sets looked at again. */
  UPLOADS_QUEUE_URL: 'string',
  /** Where it starts what waits and nobody plans. */
  PLANS_QUEUE_URL: 'string',
  /** Where it starts an apply again that nobody goes on with. */
  APPLIES_QUEUE_URL: 'string',
  /** Where it tells what became of a sync. */
  EVENT_BUS_NAME: 'string',
} as const satisfies EnvSpec;
