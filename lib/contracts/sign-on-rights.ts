/**
 * Which partitions the sign-on touches, as patterns of IAM (`*`: any text, also with `#`) for the first attribute of a
 * key (`dynamodb:LeadingKeys`). The key grammar is in `table-keys.ts` and `sign-on-keys.ts`.
 */
export interface LeadingKeys {
  readonly like: readonly string[];
  readonly notLike?: readonly string[];
}

/** Rows of the sign-on itself. */
const OWN = ['LAUNCH#*', 'HANDOFF#*', 'CODE#*', 'REFRESH#*', 'SESSION#*', 'BROWSER#*', 'DENIAL#*', 'D#*#ANCHOR#*'];

/** Read by key: its own rows, the tenant's district, a synced user. */
export const SIGN_ON_READS: LeadingKeys = { like: [...OWN, 'TENANT#*', 'D#*#R#user#*'] };

/** Read by key: settings and state of a district, which are its partition without a further part. */
export const SIGN_ON_DISTRICT_READS: LeadingKeys = { like: ['D#*'], notLike: ['D#*#*'] };

/** Queried in `gsi1`: users of a username, for the fallback (R20). */
export const SIGN_ON_QUERIES: LeadingKeys = { like: ['D#*#NAME#*'] };

/** Updated: its own rows only. It deletes nothing; rows expire. */
export const SIGN_ON_UPDATES: LeadingKeys = { like: OWN };
