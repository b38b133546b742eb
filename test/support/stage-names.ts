import type { QueueNames, StageNames } from '../../lib/contracts/stage-names.ts';

const queue = (name: string): QueueNames => ({
  url: `https://sqs.us-east-1.amazonaws.com/111122223333/${name}`,
  arn: `arn:aws:sqs:us-east-1:111122223333:${name}`,
  deadUrl: `https://sqs.us-east-1.amazonaws.com/111122223333/${name}-dead`,
  deadArn: `arn:aws:sqs:us-east-1:111122223333:${name}-dead`,
});

/** Names as a stage's parameter holds them. */
export const STAGE_NAMES: StageNames = {
  stage: 'dev',
  region: 'us-east-1',
  table: 'rollcall',
  landingBucket: 'rollcall-dev-landing-111122223333',
  archiveBucket: 'rollcall-dev-archive-111122223333',
  queues: {
    uploads: queue('uploads'),
    plans: queue('plans'),
    applies: queue('applies'),
    notifications: queue('notifications'),
    purges: queue('purges'),
  },
  bus: 'rollcall-dev',
  transferServerId: 's-0123456789abcdef0',
  sftpHost: 'sftp.rollcall.example',
  hostKeysSecret: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:host-keys',
  signOnSecret: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:sign-on',
  signOnUrl: 'https://sso.rollcall.example',
  sftpAddresses: ['198.51.100.10', '198.51.100.11'],
  productClientIds: ['imagine'],
  support: { email: 'rosters@rollcall.example', phone: '+1 480 555 0100' },
};
