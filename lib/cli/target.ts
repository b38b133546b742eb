import type { Command } from 'commander';
import type { DeadLetterQueue, DeadLetters } from '../adapters/sqs/dead-letters.ts';
import type { SupportNames } from '../contracts/stage-names.ts';
import type { SshHostKey } from '../core/district/host-keys.ts';
import type { RecordKind } from '../core/oneroster/kinds.ts';
import type { ReadinessPorts } from '../flows/sso/district-readiness.ts';
import { DEFAULT_DATA_DIR } from '../local/names.ts';
import type { CommandLog } from '../ports/command-log.ts';
import type { DeliveryReader } from '../ports/delivery-reader.ts';
import type { Departures } from '../ports/departures.ts';
import type { DistrictRows } from '../ports/district-rows.ts';
import type { Districts } from '../ports/districts.ts';
import type { DeliveryLedger, SyncLog } from '../ports/ledger.ts';
import type { Archive } from '../ports/objects.ts';
import type { PlanStore } from '../ports/plan-store.ts';
import type { ManualRecord } from '../ports/portal.ts';
import type { PurgeQueue, Queues } from '../ports/queues.ts';
import type { RosterLookup } from '../ports/roster-lookup.ts';
import type { RosterTable } from '../ports/roster-table.ts';
import type { SftpAccountRegister } from '../ports/sftp-accounts.ts';
import type { LoginTest } from '../ports/sftp-server.ts';
import type { SignOnRoster } from '../ports/sso/sign-on-roster.ts';
import type { Anchors, Denials, Tenants } from '../ports/sso/sign-on-store.ts';
import type { StoredVersions } from '../ports/stored-versions.ts';
import { CommandError } from './output.ts';

/** Which installation a command works on. */
export interface TargetOptions {
  readonly local?: true;
  readonly data?: string;
  readonly stage?: string;
}

/** The sign-on's side of an installation. */
export interface TargetSignOn {
  readonly roster: SignOnRoster;
  readonly tenants: Tenants;
  readonly anchors: Anchors;
  readonly denials: Denials;
  readonly clients: ReadinessPorts['clients'];
}

/** What districts connect to: it goes on their set-up sheet. */
export interface Doors {
  readonly sftp: {
    readonly host: string;
    readonly port: number;
    readonly hostKeys: readonly SshHostKey[];
    /** Fixed addresses, if it has any. */
    readonly addresses: readonly string[];
  };
  /** Origin of the sign-on, without a slash at its end. */
  readonly signOnUrl: string;
  /** Whom they call and write to. */
  readonly support: SupportNames;
}

/** What commands need of an installation. */
export interface Target {
  /** How the same installation is meant on the command line, for hints: `--local`, `--stage prod`. */
  readonly flags: string;
  readonly districts: Districts;
  readonly accounts: SftpAccountRegister;
  readonly roster: RosterTable;
  readonly log: SyncLog;
  readonly ledger: DeliveryLedger;
  readonly archive: Archive;
  readonly reader: DeliveryReader;
  readonly plans: PlanStore;
  readonly lookup: RosterLookup;
  readonly commands: CommandLog;
  readonly signOn: TargetSignOn;
  readonly queues: Queues;
  readonly purges: PurgeQueue;
  readonly departures: Departures;
  readonly rows: Pick<DistrictRows, 'count'>;
  readonly landingVersions: Pick<StoredVersions, 'count'>;
  readonly archiveVersions: Pick<StoredVersions, 'count'>;
  readonly deadLetters: DeadLetters;
  readonly deadLetterQueues: readonly DeadLetterQueue[];
  /** Whether functions run that take what the queues bring. */
  readonly running: boolean;
  readonly manualRecords: (districtId: string, kind: RecordKind) => Promise<readonly ManualRecord[]>;
  /** Who gives commands here. */
  who(): Promise<string>;
  /** Asks what districts connect to; null where nothing runs. A `CommandError` where it is not as it should be. */
  doors(): Promise<Doors | null>;
  /** Whether a login would be let in; null where nobody can be asked. */
  testLogin(login: LoginTest): Promise<boolean | null>;
  /** Where files for people go when nothing else is said. */
  readonly sheetsFolder: string;
  close(): Promise<void>;
}

/** Adds the options that say which installation is meant. */
export const targetOptions = (command: Command): Command =>
  command
    .option('--local', 'the local stack: the running one, else its data folder')
    .option('--stage <name>', 'a deployed stage, with the rights of your AWS credentials')
    .option('--data <dir>', 'data folder of the local stack', DEFAULT_DATA_DIR);

/**
 * Opens the installation. With `--local` the running stack is asked; where none runs, its data folder is opened (made, if
 * `mayCreate`). Only what is meant is loaded: a stage needs no local servers.
 */
export async function openTarget(options: TargetOptions, mayCreate = false): Promise<Target> {
  if (options.stage === undefined) {
    const dataDir = dataDirOf(options);
    return (await import('./local-target.ts')).openLocalTarget(dataDir, mayCreate);
  }
  if (options.local)
    throw new CommandError('no-target', '--local and --stage exclude each other.', 'Give one of them.');
  return (await import('./stage-target.ts')).openStageTarget(options.stage);
}

/** The data folder of the local installation that is meant. */
export function dataDirOf(options: TargetOptions): string {
  if (options.local === true) return options.data ?? DEFAULT_DATA_DIR;
  const hint = 'Add --local for the stack on this machine, or --stage NAME for a deployed one.';
  throw new CommandError('no-target', 'Which installation is meant?', hint);
}

/** The local installation of a data folder as it is meant on a command line, to be pasted into a shell. */
export function localFlags(dataDir: string): string {
  if (dataDir === DEFAULT_DATA_DIR) return '--local';
  const path = /^[\w./-]+$/.test(dataDir) ? dataDir : `'${dataDir.replaceAll("'", `'\\''`)}'`;
  return `--local --data ${path}`;
}
