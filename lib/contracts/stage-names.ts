/**
 * What a deployed stage is called: the content of its one SSM parameter, as JSON. The stacks write it, `--stage` reads it.
 * Names and addresses only, no secret.
 */
export interface StageNames {
  readonly stage: string;
  readonly region: string;
  readonly table: string;
  readonly landingBucket: string;
  readonly archiveBucket: string;
  /** Queues with their dead letters. */
  readonly queues: Readonly<Record<QueueName, QueueNames>>;
  readonly bus: string;
  readonly transferServerId: string;
  /** The name that districts connect to: our own, or Transfer's. */
  readonly sftpHost: string;
  /** Fixed addresses of the SFTP server, for districts whose firewall lets nothing else out. Empty: it has none. */
  readonly sftpAddresses: readonly string[];
  /** Secrets Manager: the SFTP host keys, and the sign-on's keys. */
  readonly hostKeysSecret: string;
  readonly signOnSecret: string;
  /** Origin of the sign-on, `https://…` without a path. */
  readonly signOnUrl: string;
  /** Client ids of the registered products. */
  readonly productClientIds: readonly string[];
  /** Whom districts call and write to. */
  readonly support: SupportNames;
}

/** Whom districts call and write to; `phone` null: they write. */
export interface SupportNames {
  readonly email: string;
  readonly phone: string | null;
}

/** The queues of a stage, in the order of the flow. */
const QUEUES = ['uploads', 'plans', 'applies', 'notifications', 'purges'] as const;

/** A queue of a stage. */
export type QueueName = (typeof QUEUES)[number];

/** A queue as the command line needs it. */
export interface QueueNames {
  readonly url: string;
  readonly arn: string;
  readonly deadUrl: string;
  readonly deadArn: string;
}

/** Where the names of a stage are. */
export const stageNamesParameter = (stage: string): string => `/rollcall/${stage}/names`;

const TEXTS = [
  'stage',
  'region',
  'table',
  'landingBucket',
  'archiveBucket',
  'bus',
  'transferServerId',
  'sftpHost',
  'hostKeysSecret',
  'signOnSecret',
  'signOnUrl',
] as const satisfies readonly (keyof StageNames)[];

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** The parameter lacks what this version of the command line needs: another version of the stacks has written it. */
export class StageNamesOutdated extends Error {
  override readonly name = 'StageNamesOutdated';
  readonly code = 'stage-outdated';
  readonly retryable = false;
  /** For people, on the command line. */
  readonly hint: string;

  constructor(stage: string, missing: readonly string[]) {
    super(
      `The names of stage ${stage} lack ${missing.join(', ')}: its stacks were deployed by another version than this command line.`,
    );
    this.hint = `Deploy them with this version (\`npx cdk deploy rollcall-${stage}-watch -c stage=${stage}\` writes the names, after the stacks that it needs), or use the version that is deployed.`;
  }
}

/**
 * Reads the parameter of a stage. A name that is not there is said.
 *
 * @throws StageNamesOutdated with the names that are missing
 */
export function readStageNames(stage: string, text: string): StageNames {
  const names = JSON.parse(text) as Partial<StageNames>;
  const missing: string[] = TEXTS.filter((name) => !isText(names[name]));
  for (const queue of QUEUES) {
    const { url, arn, deadUrl, deadArn } = names.queues?.[queue] ?? {};
    if (![url, arn, deadUrl, deadArn].every(isText)) missing.push(`queues.${queue}`);
  }
  if (!Array.isArray(names.productClientIds)) missing.push('productClientIds');
  if (!Array.isArray(names.sftpAddresses)) missing.push('sftpAddresses');
  if (!isText(names.support?.email)) missing.push('support');
  if (missing.length > 0) throw new StageNamesOutdated(stage, missing);
  return names as StageNames;
}
