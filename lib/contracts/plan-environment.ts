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
  /** The unique id of its own role (`AROA…`), as SQS names the sender of what it sends itself. */
  OWN_ROLE_ID: 'string',
} as const satisfies EnvSpec;
