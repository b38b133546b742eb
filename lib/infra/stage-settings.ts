import { checkStageSettings } from './check-stage-settings.ts';
import { PLACEHOLDER_ACCOUNT } from './placeholders.ts';
import { DEV_SSO, prodSso, type SsoSettings } from './sso-settings.ts';

/** What differs between stages, and the sizes of what runs. One object a stage; nothing is read from elsewhere. */
export interface StageSettings {
  readonly stage: StageName;
  /** AWS account, twelve digits. */
  readonly account: string;
  readonly region: string;
  /** Where the SFTP endpoint has an address; at most three (Transfer Family). Named, so that synth asks no account. */
  readonly availabilityZones: readonly string[];
  readonly workers: {
    readonly receive: WorkerSettings;
    readonly plan: WorkerSettings;
    readonly apply: WorkerSettings;
  };
  /** Days that logs are kept. */
  readonly logDays: 30 | 90;
  /** Days until an uploaded export is gone, all versions of it (R22). 30 by default; more than 8. */
  readonly exportDays: number;
  /** Days that a plan is kept; as long can its sync be undone (R14). */
  readonly planDays: number;
  /** Days that an inactive record is kept (R22). 400 by default, so that a student who comes back after a year is known. */
  readonly recordDays: number;
  /**
   * Days that deliveries and syncs are kept, with the names of their files (R22). 400 by default; at least 30 more than
   * `planDays` and `exportDays`, so that a sync is there for as long as it can be undone, and a delivery while it can be planned.
   */
  readonly historyDays: number;
  readonly sftp: SftpSettings;
  readonly mail: MailSettings;
  /** Whom districts call and write to: on their set-up sheet, and where answers to our mails go. */
  readonly support: SupportSettings;
  /** Who gets the alarms. Each address has to confirm once, by a mail from AWS. */
  readonly alarms: { readonly emails: readonly string[] };
  /** Where docs/runbook.md can be read in a browser, `https`: the mail of an alarm links to its heading there. */
  readonly runbookUrl: string;
  /**
   * Watches that may run at the same time: the one of this quarter of an hour, and one that is slow. Null: no bound, as a new
   * account may have ten functions at once in all and may reserve none of them.
   */
  readonly watchAtOnce: number | null;
  readonly sso: SsoSettings;
}

/** The door of the districts. One server for all; changing its end point gives it new addresses. */
export interface SftpSettings {
  /** `addresses`: fixed ones in a network of our own, for districts with allow lists. `public`: cheaper, and none is fixed. */
  readonly endpoint: 'addresses' | 'public';
  /** A name of our own, which a DNS record of ours points to the server. Null: Transfer's name, which is refused for `prod`. */
  readonly hostName: string | null;
  /** Who may reach it at all (`addresses` only), IPv4 CIDRs. */
  readonly allowedCidrs: readonly string[];
  /**
   * Which ciphers there are. The fallback is for clients that know no EtM MACs and no AES-GCM (facts: old .NET clients);
   * Transfer's log says which client asks for what.
   */
  readonly securityPolicy: 'TransferSecurityPolicy-2025-03' | 'TransferSecurityPolicy-Restricted-2024-06';
  /**
   * Logins that are looked at in the same moment, so that guessing cannot take the account's functions from the imports. Null: no
   * bound, as a new account may have ten in all.
   */
  readonly loginsAtOnce: number | null;
}

/** Mails to the contacts of districts, by SES. */
export interface MailSettings {
  /** The address that they come from. */
  readonly from: string;
  /** The domain that SES has verified (DKIM), the sender's own or one above it. */
  readonly domain: string;
  /**
   * `make`: the stage asks SES for the domain and keeps it. `exists`: the account has it already, from another stage or
   * another system; SES knows a domain once in an account and Region.
   */
  readonly identity: 'make' | 'exists';
}

/** People of ours who answer districts. */
export interface SupportSettings {
  /** A mailbox that somebody reads; SES need not have verified it. */
  readonly email: string;
  /** As it is dialled, such as `+1 480 555 0100`. Null: districts write. */
  readonly phone: string | null;
}

/** A function that works off a queue. */
export interface WorkerSettings {
  /** Lambda gives 1 vCPU for each 1,769 MB. */
  readonly memoryMegabytes: number;
  /** At most 900 (Lambda). A message that fails comes back after six times this. */
  readonly timeoutSeconds: number;
  /** Space under /tmp, 512 to 10,240. */
  readonly scratchMegabytes: number;
  /** Workers at the same time, 2 to 1,000 (event source mapping). */
  readonly concurrency: number;
}

const STAGES = ['dev', 'prod'] as const;
/** The stages that there are. */
export type StageName = (typeof STAGES)[number];

/**
 * A zip is read once to check it and copied inside S3; 300 s are enough for gigabytes at 70 MB/s.
 * A plan cannot be continued in a second run, so it has all the time there is. An apply sends itself the rest, so it
 * is kept short: a crashed one comes back after 6 × 300 s = 30 min instead of 90.
 */
const WORKERS: StageSettings['workers'] = {
  receive: { memoryMegabytes: 1769, timeoutSeconds: 300, scratchMegabytes: 512, concurrency: 5 },
  plan: { memoryMegabytes: 3538, timeoutSeconds: 900, scratchMegabytes: 4096, concurrency: 5 },
  apply: { memoryMegabytes: 1769, timeoutSeconds: 300, scratchMegabytes: 512, concurrency: 5 },
};

/**
 * The settings of the stage that the command line names (`-c stage=dev|prod`).
 *
 * @param account where to deploy to, from the caller's credentials; a placeholder stands in for synth.
 * @throws Error where there is no such stage, or its settings hold something that cannot be.
 */
export function stageSettings(stage: unknown, account: string = PLACEHOLDER_ACCOUNT): StageSettings {
  return checkStageSettings(settingsOf(stage, account));
}

function settingsOf(stage: unknown, account: string): StageSettings {
  const shared = { account, region: 'us-east-1', availabilityZones: ['us-east-1a', 'us-east-1b'] };
  switch (stage) {
    case 'dev':
      return {
        stage,
        ...shared,
        ...days(30),
        ...SHARED,
        mail: mailsFrom('mail.dev.rollcall.example'),
        watchAtOnce: null,
        workers: WORKERS,
        sso: DEV_SSO,
      };
    case 'prod':
      return {
        stage,
        ...shared,
        ...days(90),
        ...SHARED,
        sftp: { ...SHARED.sftp, hostName: 'sftp.rollcall.example', loginsAtOnce: 50 },
        mail: mailsFrom('mail.rollcall.example'),
        watchAtOnce: 2,
        workers: atScale(WORKERS),
        sso: prodSso(account),
      };
    default:
      throw new Error(`no such stage: ${stage ?? '(none)'}; say -c stage=${STAGES.join(' or -c stage=')}`);
  }
}

const days = (logDays: 30 | 90) => ({ logDays, exportDays: 30, planDays: 30, recordDays: 400, historyDays: 400 });

/** A domain for each stage: in one account the second stage could not make the first one's again. */
const mailsFrom = (domain: string): MailSettings => ({ from: `rollcall@${domain}`, domain, identity: 'make' });

/** Names below `.example` stand for the real ones, as the account does; with a real account they are refused. */
const SHARED: Pick<StageSettings, 'sftp' | 'support' | 'alarms' | 'runbookUrl'> = {
  sftp: {
    endpoint: 'addresses',
    hostName: null,
    allowedCidrs: ['0.0.0.0/0'],
    securityPolicy: 'TransferSecurityPolicy-2025-03',
    loginsAtOnce: null,
  },
  support: { email: 'rosters@rollcall.example', phone: null },
  alarms: { emails: ['on-call@rollcall.example'] },
  runbookUrl: 'https://git.rollcall.example/rollcall/blob/main/docs/runbook.md',
};

/** Exports of many districts arrive in the same hour of the night: 20 plans at once, and as many applies. */
const atScale = (workers: StageSettings['workers']): StageSettings['workers'] => ({
  receive: { ...workers.receive, concurrency: 20 },
  plan: { ...workers.plan, concurrency: 20 },
  apply: { ...workers.apply, concurrency: 20 },
});
