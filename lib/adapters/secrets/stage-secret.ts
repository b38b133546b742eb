import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { readSignOnSecret } from '../../core/sso/sign-on-secret.ts';
import { type RotationOutcome, rotateSigningKeys } from '../../core/sso/signing-keys.ts';
import { newSigningKey } from './new-secret.ts';

/** A secret of a stage as people handle it: the text of its current version. */
export interface StageSecret {
  read(): Promise<string>;
  /** The version before stays in Secrets Manager as `AWSPREVIOUS`. */
  replace(text: string): Promise<void>;
}

export function createStageSecret(client: SecretsManagerClient, secretId: string): StageSecret {
  return {
    async read() {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
      return SecretString ?? '';
    },
    async replace(text) {
      await client.send(new PutSecretValueCommand({ SecretId: secretId, SecretString: text }));
    },
  };
}

/**
 * One step of the rotation of a stage's signing keys (`rotateSigningKeys`); functions see it within six minutes. Members of
 * the secret that this version does not know stay.
 */
export async function rotateStageSecret(secret: StageSecret, now: Date): Promise<RotationOutcome> {
  const text = await secret.read();
  const { signingKeys } = readSignOnSecret(text);
  const outcome = rotateSigningKeys(signingKeys, newSigningKey(), now);
  if (outcome.done !== 'too-early') {
    await secret.replace(JSON.stringify({ ...(JSON.parse(text) as object), signingKeys: outcome.keys }));
  }
  return outcome;
}
