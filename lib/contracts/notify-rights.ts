import type { LeadingKeys } from './sign-on-rights.ts';

/** Partitions that `notify` reads and updates by key: what has been mailed to the contacts of a district (`table-keys.ts`). */
export const NOTIFY_ROWS: LeadingKeys = { like: ['D#*#MAILS'] };

/** Queried: the latest deliveries of a district, to see whether a whole one came after one that was not. */
export const NOTIFY_DELIVERIES: LeadingKeys = { like: ['D#*#DELIVERIES'] };

/** Read by key: the settings of a district, which name its contacts. */
export const NOTIFY_DISTRICT_READS: LeadingKeys = { like: ['D#*'], notLike: ['D#*#*'] };
