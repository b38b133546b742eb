/** Names of the local stack's resources; on AWS the stacks choose them. */
export const LOCAL = {
  region: 'us-east-1',
  account: '000000000000',
  table: 'rollcall',
  landingBucket: 'rollcall-landing',
  archiveBucket: 'rollcall-archive',
  queues: {
    uploads: 'rollcall-uploads',
    plans: 'rollcall-plans',
    applies: 'rollcall-applies',
    notifications: 'rollcall-notifications',
    purges: 'rollcall-purges',
  },
  eventBus: 'rollcall',
  /** As the stages have it (lib/infra/stage-settings.ts). */
  keptDays: { RECORD_DAYS: '400', HISTORY_DAYS: '400', LOG_DAYS: '30' },
  mailFrom: 'rollcall@localhost',
  /** Whom districts would write to. */
  support: { email: 'support@localhost', phone: null },
  landingKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/rollcall-landing',
  sftpRoleArn: 'arn:aws:iam::000000000000:role/rollcall-sftp',
  /** In the data folder; on AWS a secret of Secrets Manager. */
  signOnSecretFile: 'sign-on-secret.json',
  /** The product that the stand-in plays. */
  product: { clientId: 'sample-product', name: 'Imagine Language & Literacy' },
  credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
} as const;

/** Folder for state when none is given. */
export const DEFAULT_DATA_DIR = '.local';
