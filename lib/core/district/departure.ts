import type { Giver } from '../sync/giver.ts';

/** A person's order to off-board a district (R22). */
export interface DepartureOrder extends Giver {
  readonly orderId: string;
  /** ISO 8601. */
  readonly at: string;
  /** The version of the suspended settings that the person saw. Where they were changed since, the order is void. */
  readonly settingsVersion: number;
}

/** How many of each thing there are: rows of the table by what they are, and versions of objects by where they lie. */
export interface DistrictHoldings {
  /** By a name for people, such as `user` or `delivery`. Zeros are left out. */
  readonly rows: Readonly<Record<string, number>>;
  /** Versions and delete markers. */
  readonly objects: Readonly<Record<'landing' | 'deliveries' | 'plans', number>>;
}

/** What nobody can delete at once, and the moment by which it is gone by itself. ISO 8601. */
export interface DepartureEnds {
  /** Access tokens that the product still holds. */
  readonly tokens: string;
  /** Hand-offs, codes, refresh tokens and used launches of the sign-on. They name no person and open nothing any more. */
  readonly signOnRows: string;
  /** Parts of uploads that were never finished. */
  readonly unfinishedUploads: string;
  /** Messages, dead letters too. */
  readonly messages: string;
  /** Continuous backups of the table. */
  readonly backups: string;
  /** Log lines; those of the SFTP server name its files. */
  readonly logs: string;
}

/** A district that has left (R22). No name and no id of a person is in it. */
export interface Departure {
  readonly districtId: string;
  readonly name: string;
  readonly classLinkTenantId: number | null;
  readonly order: DepartureOrder;
  /** From then on the district does not exist: no upload, no plan, no apply, no launch. ISO 8601. */
  readonly leftAt: string;
  /** What there was, counted before anything was deleted; null until then. */
  readonly found: DistrictHoldings | null;
  /** When all of it was deleted; null until then. */
  readonly goneAt: string | null;
  /** Known with `goneAt`. */
  readonly ends: DepartureEnds | null;
  /** The last look for what came after, such as an upload over a connection that was still open. */
  readonly sweptAt: string | null;
  /** What such looks found and deleted. */
  readonly late: number;
}

/** How long things live that nobody can delete, of an installation. Days. */
export interface ShelfLives {
  readonly messageDays: number;
  readonly backupDays: number;
  readonly logDays: number;
}

/**
 * So long after it has left, a district is looked at every night: longer than any message or connection of it can live.
 * Days.
 */
export const SWEEP_DAYS = 45;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** An access token lives ten minutes (R21). */
const TOKEN_MILLIS = 600_000;

/** The longest session is 12 hours, and a used code or launch is remembered as long; DynamoDB deletes some days later. */
const SIGN_ON_MILLIS = 12 * HOUR + 7 * DAY;

/** The buckets' lifecycle rule, which S3 carries out once a day. */
const UNFINISHED_MILLIS = 2 * DAY;

/** By when the rest is gone of a district of which all else was deleted at `goneAt`. */
export function endsOf(goneAt: Date, { messageDays, backupDays, logDays }: ShelfLives): DepartureEnds {
  const after = (millis: number) => new Date(goneAt.getTime() + millis).toISOString();
  return {
    tokens: after(TOKEN_MILLIS),
    signOnRows: after(SIGN_ON_MILLIS),
    unfinishedUploads: after(UNFINISHED_MILLIS),
    messages: after(messageDays * DAY),
    backups: after(backupDays * DAY),
    logs: after(logDays * DAY),
  };
}

/** Whether a departure still needs a look: not ended, or not long ago. */
export const needsSweep = ({ leftAt, goneAt }: Departure, now: Date): boolean =>
  goneAt === null || now.getTime() - Date.parse(leftAt) < SWEEP_DAYS * DAY;

/** Why an order is void; null where it stands. A district that somebody let go on again is not deleted. */
export function whyVoid(
  order: DepartureOrder,
  district: { readonly settings: { readonly suspended: boolean }; readonly version: number },
): 'not-suspended' | 'settings-changed' | null {
  if (!district.settings.suspended) return 'not-suspended';
  return district.version === order.settingsVersion ? null : 'settings-changed';
}
