import type { EnvSpec } from './environment.ts';

/** Environment of the receive function. */
export const RECEIVE_ENVIRONMENT = {
  TABLE_NAME: 'string',
  LANDING_BUCKET: 'string',
  ARCHIVE_BUCKET: 'string',
  /** Where it asks itself to look again after the quiet time. */
  UPLOADS_QUEUE_URL: 'string',
  PLANS_QUEUE_URL: 'string',
} as const satisfies EnvSpec;
