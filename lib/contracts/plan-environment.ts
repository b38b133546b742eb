import type { EnvSpec } from './environment.ts';

/** Environment of the plan function. */
export const PLAN_ENVIRONMENT = {
  TABLE_NAME: 'string',
  ARCHIVE_BUCKET: 'string',
  /** Where it asks itself to go on with the next waiting delivery. */
  PLANS_QUEUE_URL: 'string',
  APPLIES_QUEUE_URL: 'string',
  /** Where it tells what became of a sync. */
  EVENT_BUS_NAME: 'string',
} as const satisfies EnvSpec;
