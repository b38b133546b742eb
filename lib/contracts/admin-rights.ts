import type { LeadingKeys } from './sign-on-rights.ts';

/** Partitions that people who keep districts write: the list, ClassLink's tenants, SFTP logins (`table-keys.ts`). */
export const ADMIN_ROWS: LeadingKeys = { like: ['DISTRICTS', 'TENANT#*', 'SFTP#*', 'D#*#COMMANDS'] };

/**
 * And settings and tombstone of a district, which are its partition without a further part. Roster rows have one more
 * `#`. IAM knows no sort key: state and lease are in the same partition.
 */
export const ADMIN_DISTRICT_ROWS: LeadingKeys = { like: ['D#*'], notLike: ['D#*#*'] };
