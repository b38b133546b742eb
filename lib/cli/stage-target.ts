import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { PATIENT, sayBusy } from '../adapters/aws/patient-client.ts';
import { createDynamoDbClient } from '../adapters/dynamodb/dynamodb-client.ts';
import { readHostKeySecret } from '../adapters/transfer/host-key-secret.ts';
import { areHostKeysEqual, planHostKeys } from '../core/district/host-keys.ts';
import { connect } from './connect.ts';
import { CommandError } from './output.ts';
import { findStage, type Stage } from './stage.ts';
import type { Doors, Target } from './target.ts';

/** Transfer Family's servers listen here. */
const SFTP_PORT = 22;

/** A deployed stage: its names from one SSM parameter, its rights those of the caller's credentials. */
export async function openStageTarget(stageName: string): Promise<Target> {
  const stage = await findStage(stageName);
  const { names } = stage;
  const { region } = names;
  const clients = {
    dynamodb: createDynamoDbClient({ region }),
    s3: sayBusy(new S3Client({ region, ...PATIENT })),
    sqs: sayBusy(new SQSClient({ region, ...PATIENT })),
  };
  return connect(clients, names, {
    flags: `--stage ${stageName}`,
    running: true,
    who: stage.who,
    doors: () => doorsOf(stage, stageName),
    testLogin: (login) => stage.server.testLogin(login),
    sheetsFolder: '.',
    close: async () => stage.close(),
  });
}

/**
 * What districts connect to. The fingerprints are the secret's; a server that shows others is not one to send people to:
 * they would pin keys that cannot be moved to another server.
 */
async function doorsOf({ server, hostKeysSecret, names }: Stage, stage: string): Promise<Doors> {
  const [isOnline, shown, text] = await Promise.all([server.isOnline(), server.hostKeys(), hostKeysSecret.read()]);
  if (!isOnline) {
    const hint = 'See its state with `aws transfer describe-server`, and start it.';
    throw new CommandError('sftp-offline', 'The SFTP server is not online.', hint);
  }
  const hostKeys = readHostKeySecret(text);
  if (hostKeys === null || !areHostKeysEqual(planHostKeys(shown, hostKeys))) {
    const message = 'The SFTP server does not show the host keys of the secret.';
    throw new CommandError('host-keys-differ', message, `Run \`rollcall host-keys --stage ${stage}\` first.`);
  }
  const prints = hostKeys.map(({ type, bits, fingerprint }) => ({ type, bits, fingerprint }));
  const { sftpHost: host, sftpAddresses: addresses, signOnUrl, support } = names;
  return { sftp: { host, port: SFTP_PORT, hostKeys: prints, addresses }, signOnUrl, support };
}
