/** Names of the local stack's resources; on AWS the stacks choose them. */
export const LOCAL = {
  region: 'us-east-1',
  account: '000000000000',
  table: 'rollcall',
  landingBucket: 'rollcall-landing',
  archiveBucket: 'rollcall-archive',
  queues: { uploads: 'rollcall-uploads', plans: 'rollcall-plans', applies: 'rollcall-applies' },
  sftpRoleArn: 'arn:aws:iam::000000000000:role/rollcall-sftp',
  credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
} as const;

/** Folder for state when none is given. */
export const DEFAULT_DATA_DIR = '.local';
