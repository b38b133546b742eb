import { randomUUID } from 'node:crypto';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { readSignOnSecret } from '../../core/sso/sign-on-secret.ts';
import { type RotationOutcome, rotateSigningKeys } from '../../core/sso/signing-keys.ts';
import { Failure } from '../../ports/failure.ts';
import { newSigningKey } from './new-secret.ts';

/** Somebody else changed the secret after it was read. What they put in stands; nothing of ours does. */
export class SecretChanged extends Failure {
  override readonly name = 'SecretChanged';
  readonly code = 'secret-changed';
  readonly retryable = true;
  /** For people, on the command line. */
  readonly hint = 'Run it again: it starts from the secret as it is now.';
}

/** A secret of a stage as people handle it: the text of its current version. */
export interface StageSecret {
  read(): Promise<string>;
  /**
   * Puts in what `edit` makes of the current text, and says what `edit` says. The version before stays in Secrets Manager
   * as `AWSPREVIOUS`. Of two who change it at once one gets `SecretChanged`.
   */
  change<T>(edit: (text: string) => Edited<T>): Promise<T>;
}

/** What becomes of a secret; a text of `null` leaves it as it is. */
interface Edited<T> {
  readonly text: string | null;
  readonly outcome: T;
}

const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

/**
 * Labels of versions that are not in force yet. Each is another one, because a label that two shared would leave the first
 * of two versions without any, and AWS may delete those.
 */
const stagingLabel = (versionId: string): string => `rollcall-pending-${versionId}`;

export function createStageSecret(client: SecretsManagerClient, secretId: string): StageSecret {
  const readVersion = async () => {
    const { SecretString = '', VersionId } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    if (VersionId === undefined) throw new Error('Secrets Manager gives the secret without its version');
    return { text: SecretString, versionId: VersionId };
  };
  return {
    read: async () => (await readVersion()).text,
    async change(edit) {
      const { text, versionId } = await readVersion();
      const edited = edit(text);
      if (edited.text !== null) await replaceVersion(client, secretId, versionId, edited.text);
      return edited.outcome;
    },
  };
}

/**
 * Compare and set. PutSecretValue alone moves `AWSCURRENT` whatever is under it, so the new version first gets a label of its
 * own, and `AWSCURRENT` is then moved *from the version that was read*, which Secrets Manager refuses where it is elsewhere.
 * Our token is the version's id: a put whose answer is lost and that is sent again makes no second version.
 */
async function replaceVersion(client: SecretsManagerClient, secretId: string, from: string, text: string) {
  const to = randomUUID();
  const label = stagingLabel(to);
  try {
    await client.send(
      new PutSecretValueCommand({
        SecretId: secretId,
        SecretString: text,
        ClientRequestToken: to,
        VersionStages: [label],
      }),
    );
    await moveCurrent(client, secretId, from, to);
  } finally {
    // Without its label the version of a lost race is one that AWS deletes. One that stays behind opens nothing by itself.
    const unlabel = { SecretId: secretId, VersionStage: label, RemoveFromVersionId: to };
    await client.send(new UpdateSecretVersionStageCommand(unlabel)).catch(() => {});
  }
}

async function moveCurrent(client: SecretsManagerClient, SecretId: string, from: string, to: string): Promise<void> {
  const move = { SecretId, VersionStage: CURRENT, RemoveFromVersionId: from, MoveToVersionId: to };
  try {
    await client.send(new UpdateSecretVersionStageCommand(move));
  } catch (thrown) {
    // A move whose answer was lost is refused when it comes again: where the label is says what became of it.
    const stages = await stagesOf(client, SecretId).catch(() => null);
    if (stages === null) throw thrown;
    const ours = stages[to] ?? [];
    // AWSPREVIOUS: ours was in force, and somebody has built on it since.
    if (ours.includes(CURRENT) || ours.includes(PREVIOUS)) return;
    if (stages[from]?.includes(CURRENT)) throw thrown;
    const message = 'Someone else changed the secret meanwhile, after it had been read. Nothing of yours was saved.';
    throw new SecretChanged(message, { cause: thrown });
  }
}

async function stagesOf(client: SecretsManagerClient, SecretId: string): Promise<Readonly<Record<string, string[]>>> {
  const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
  return VersionIdsToStages;
}

/**
 * One step of the rotation of a stage's signing keys (`rotateSigningKeys`); functions see it within six minutes. Members of
 * the secret that this version does not know stay. Failure: `SecretChanged`.
 */
export const rotateStageSecret = (secret: StageSecret, now: Date): Promise<RotationOutcome> =>
  secret.change<RotationOutcome>((text) => {
    const outcome = rotateSigningKeys(readSignOnSecret(text).signingKeys, newSigningKey(), now);
    if (outcome.done === 'too-early') return { text: null, outcome };
    return { text: JSON.stringify({ ...(JSON.parse(text) as object), signingKeys: outcome.keys }), outcome };
  });
