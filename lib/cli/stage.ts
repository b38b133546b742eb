import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { TransferClient } from '@aws-sdk/client-transfer';
import { createStageSecret, type StageSecret } from '../adapters/secrets/stage-secret.ts';
import { findStageNames, whoAmI } from '../adapters/stages/stage-directory.ts';
import { createSftpServerAdmin } from '../adapters/transfer/sftp-server-admin.ts';
import type { StageNames } from '../contracts/stage-names.ts';
import type { SftpServerAdmin } from '../ports/sftp-server.ts';
import { inWords } from './aws-errors.ts';
import { CommandError } from './output.ts';

/** A deployed stage, found by its name. */
export interface Stage {
  readonly names: StageNames;
  readonly server: SftpServerAdmin;
  readonly hostKeysSecret: StageSecret;
  readonly signOnSecret: StageSecret;
  who(): Promise<string>;
  close(): void;
}

/**
 * Finds a stage in the account and Region of the caller's credentials, as every AWS tool finds them (AWS_PROFILE,
 * AWS_REGION and so on; `AWS_ENDPOINT_URL_…` for tests).
 */
export async function findStage(stage: string): Promise<Stage> {
  const ssm = new SSMClient({});
  try {
    const names = await findStageNames(ssm, stage).catch((thrown) => {
      throw inWords(thrown);
    });
    if (names === null) {
      const message = `This AWS account has no stage ${stage} in the Region ${await ssm.config.region()}.`;
      throw new CommandError('unknown-stage', message, 'Check the name, and which profile and Region you use.');
    }
    return stageOf(names);
  } finally {
    ssm.destroy();
  }
}

function stageOf(names: StageNames): Stage {
  const { region } = names;
  const [sts, transfer, secrets] = [
    new STSClient({ region }),
    new TransferClient({ region }),
    new SecretsManagerClient({ region }),
  ];
  return {
    names,
    server: createSftpServerAdmin(transfer, names.transferServerId),
    hostKeysSecret: createStageSecret(secrets, names.hostKeysSecret),
    signOnSecret: createStageSecret(secrets, names.signOnSecret),
    who: () => whoAmI(sts),
    close: () => {
      for (const client of [sts, transfer, secrets]) client.destroy();
    },
  };
}
