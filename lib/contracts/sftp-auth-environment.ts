import type { EnvSpec } from './environment.ts';

/** Environment of the SFTP identity provider function. */
export const SFTP_AUTH_ENVIRONMENT = {
  /** The state table, for the accounts. */
  TABLE_NAME: 'string',
  /** Bucket that districts upload to. */
  LANDING_BUCKET: 'string',
  /** ARN of the KMS key of that bucket. */
  LANDING_KEY_ARN: 'string',
  /** ARN of the role that Transfer Family assumes for a session. */
  SFTP_ROLE_ARN: 'string',
} as const satisfies EnvSpec;
