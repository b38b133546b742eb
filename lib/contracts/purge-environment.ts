import type { EnvSpec } from './environment.ts';

/** Environment of the purge function, the only one that may delete (R22). */
export const PURGE_ENVIRONMENT = {
  TABLE_NAME: 'string',
  LANDING_BUCKET: 'string',
  ARCHIVE_BUCKET: 'string',
  /** Where it sends itself the rest of a district that takes longer than its time. */
  PURGES_QUEUE_URL: 'string',
  /** Days after which an inactive record is deleted. */
  RECORD_DAYS: 'integer',
  /** Days after which a delivery, its files and its sync are deleted, unless something still needs them. */
  HISTORY_DAYS: 'integer',
  /** Days after which log lines are gone: the certificate of a deletion says it. */
  LOG_DAYS: 'integer',
  /** The unique id of its own role (`AROA…`), as SQS names the sender of what it sends itself. */
  OWN_ROLE_ID: 'string',
} as const satisfies EnvSpec;
