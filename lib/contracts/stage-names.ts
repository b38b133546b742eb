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
  readonly queues: Readonly<Record<'uploads' | 'plans' | 'applies' | 'purges', QueueNames>>;
  readonly bus: string;
  readonly transferServerId: string;
  /** The name that districts connect to: our own, or Transfer's. */
  readonly sftpHost: string;
  /** Secrets Manager: the SFTP host keys, and the sign-on's keys. */
  readonly hostKeysSecret: string;
  readonly signOnSecret: string;
  /** Origin of the sign-on, `https://…` without a path. */
  readonly signOnUrl: string;
  /** Client ids of the registered products. */
  readonly productClientIds: readonly string[];
}

/** A queue as the command line needs it. */
export interface QueueNames {
  readonly url: string;
  readonly deadUrl: string;
  readonly deadArn: string;
}

/** Where the names of a stage are. */
export const stageNamesParameter = (stage: string): string => `/rollcall/${stage}/names`;
