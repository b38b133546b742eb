import type { EnvSpec } from './environment.ts';

/** Environment of the apply function. */
export const APPLY_ENVIRONMENT = {
  TABLE_NAME: 'string',
  ARCHIVE_BUCKET: 'string',
  /** Where it starts the next waiting delivery once a sync is applied. */
  PLANS_QUEUE_URL: 'string',
  /** Where it sends itself the rest before its time is up. */
  APPLIES_QUEUE_URL: 'string',
  /** Where it tells what became of a sync. */
  EVENT_BUS_NAME: 'string',
} as const satisfies EnvSpec;
