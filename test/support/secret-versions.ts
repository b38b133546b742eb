import { randomUUID } from 'node:crypto';

/** A request to Secrets Manager, as far as the stand-in reads it. */
interface Request {
  readonly SecretId?: string;
  readonly SecretString?: string;
  readonly ClientRequestToken?: string;
  readonly VersionStages?: readonly string[];
  readonly VersionStage?: string;
  readonly RemoveFromVersionId?: string;
  readonly MoveToVersionId?: string;
}

type Versions = Map<string, { readonly text: string; readonly stages: Set<string> }>;

const wrong = (__type: string, message: string) => ({ __type, message });

/**
 * Versions and staging labels as the API reference of Secrets Manager says: a label is on one version at a time, a put
 * without labels takes AWSCURRENT, a token that was used is the same put, and a label moves only away from the version that
 * is named. `secrets` is the current text of each; a test that sets one has made a version.
 */
export function secretOperations(secrets: Record<string, string>) {
  const kept = new Map<string, Versions>();
  const holder = (versions: Versions, label: string) => [...versions].find(([, { stages }]) => stages.has(label));
  const attach = (versions: Versions, label: string, to: string) => {
    const [from, before] = holder(versions, label) ?? [];
    before?.stages.delete(label);
    versions.get(to)?.stages.add(label);
    if (label === 'AWSCURRENT' && from !== undefined && from !== to) attach(versions, 'AWSPREVIOUS', from);
  };
  const versionsOf = (secretId: string): Versions => {
    const versions: Versions = kept.get(secretId) ?? new Map();
    kept.set(secretId, versions);
    const text = secrets[secretId];
    if (text !== undefined && holder(versions, 'AWSCURRENT')?.[1].text !== text) add(versions, randomUUID(), text);
    return versions;
  };
  const add = (versions: Versions, id: string, text: string, labels: readonly string[] = ['AWSCURRENT']) => {
    const isFirst = versions.size === 0;
    versions.set(id, { text, stages: new Set() });
    for (const label of isFirst ? new Set([...labels, 'AWSCURRENT']) : labels) attach(versions, label, id);
  };
  const say = (secretId: string, versions: Versions) => {
    secrets[secretId] = holder(versions, 'AWSCURRENT')?.[1].text ?? '';
  };
  return {
    GetSecretValue: ({ SecretId = '' }: Request) => {
      const [VersionId, version] = holder(versionsOf(SecretId), 'AWSCURRENT') ?? [];
      if (version === undefined) return wrong('ResourceNotFoundException', 'no value with the label AWSCURRENT');
      return { VersionId, SecretString: version.text, VersionStages: [...version.stages] };
    },
    PutSecretValue: ({ SecretId = '', SecretString = '', ClientRequestToken, VersionStages }: Request) => {
      const versions = versionsOf(SecretId);
      const id = ClientRequestToken ?? randomUUID();
      const same = versions.get(id);
      if (same !== undefined && same.text !== SecretString) return wrong('ResourceExistsException', 'another text');
      if (same === undefined) add(versions, id, SecretString, VersionStages);
      say(SecretId, versions);
      return { VersionId: id, VersionStages: [...(versions.get(id)?.stages ?? [])] };
    },
    UpdateSecretVersionStage: ({ SecretId = '', VersionStage = '', RemoveFromVersionId, MoveToVersionId }: Request) => {
      const versions = versionsOf(SecretId);
      const [from] = holder(versions, VersionStage) ?? [];
      if (from !== undefined && from !== RemoveFromVersionId && from !== MoveToVersionId) {
        return wrong('InvalidParameterException', `${VersionStage} is on another version`);
      }
      if (RemoveFromVersionId !== undefined && from !== RemoveFromVersionId) {
        return wrong('InvalidParameterException', `${VersionStage} is not on that version`);
      }
      if (MoveToVersionId === undefined) holder(versions, VersionStage)?.[1].stages.delete(VersionStage);
      else if (!versions.has(MoveToVersionId)) return wrong('ResourceNotFoundException', 'no such version');
      else attach(versions, VersionStage, MoveToVersionId);
      say(SecretId, versions);
      return {};
    },
    DescribeSecret: ({ SecretId = '' }: Request) => ({
      VersionIdsToStages: Object.fromEntries(
        [...versionsOf(SecretId)]
          .filter(([, { stages }]) => stages.size > 0)
          .map(([id, { stages }]) => [id, [...stages]]),
      ),
    }),
  };
}
