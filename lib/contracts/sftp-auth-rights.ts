import type { LeadingKeys } from './sign-on-rights.ts';

/** Partitions that the SFTP door reads by key: logins, by their user name (`table-keys.ts`). It writes nothing. */
export const SFTP_AUTH_READS: LeadingKeys = { like: ['SFTP#*'] };

/** And the settings of a login's district, which are its partition without a further part. */
export const SFTP_AUTH_DISTRICT_READS: LeadingKeys = { like: ['D#*'], notLike: ['D#*#*'] };
