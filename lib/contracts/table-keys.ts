import type { RecordKind } from '../core/oneroster/kinds.ts';

/**
 * The key grammar of the one DynamoDB table (docs/data-model.md). Partition key `pk`, sort key `sk`; two sparse global
 * secondary indexes `gsi1` (`gsi1pk`, `gsi1sk`) and `gsi2` (`gsi2pk`, `gsi2sk`), both projecting all attributes.
 * Every key of a district starts with `D#<districtId>#` (R3), except where a look-up starts without a district.
 */
export const GSI1 = 'gsi1';
export const GSI2 = 'gsi2';

/** How many partitions each kind of a district is spread over; one partition takes 1,000 writes a second. */
export const BUCKET_COUNT = 16;

/** How many transactions a worker sends at the same time; each lane has its own fence row (R15). */
export const WRITE_LANES = 4;

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** FNV-1a over UTF-16 code units, modulo the number of buckets: which partition a sourcedId lives in. */
export function bucketOf(sourcedId: string, bucketCount: number = BUCKET_COUNT): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < sourcedId.length; i++) hash = Math.imul(hash ^ sourcedId.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % bucketCount;
}

/** All synced records of a district, kind and bucket: one Query. */
export const syncedPartition = (districtId: string, kind: RecordKind, bucket: number): string =>
  `D#${districtId}#R#${kind}#${bucket}`;

/** One synced record: one GetItem. */
export const syncedKey = (districtId: string, kind: RecordKind, sourcedId: string): Key => ({
  pk: syncedPartition(districtId, kind, bucketOf(sourcedId)),
  sk: sourcedId,
});

/** Manual records live under their own prefix (R2), keyed by their productId. */
export const manualPartition = (districtId: string, kind: RecordKind): string => `D#${districtId}#M#${kind}`;

/** Users of a school: one row for each active user and school, written in the transaction of the user. */
export const schoolPartition = (districtId: string, orgSourcedId: string): string =>
  `D#${districtId}#SCHOOL#${orgSourcedId}`;
export const schoolRowKey = (districtId: string, orgSourcedId: string, role: string, userSourcedId: string): Key => ({
  pk: schoolPartition(districtId, orgSourcedId),
  sk: `${role}#${userSourcedId}`,
});

/** gsi1 of a user: by username. */
export const usernameIndex = (districtId: string, username: string): string => `D#${districtId}#NAME#${username}`;
/** gsi2 of a user: by productId. */
export const productIdIndex = (districtId: string, productId: string): string => `D#${districtId}#PID#${productId}`;
/** gsi1 of an enrollment: the classes of a user. */
export const userIndex = (districtId: string, userSourcedId: string): string => `D#${districtId}#USER#${userSourcedId}`;
/** gsi2 of an enrollment: the people of a class. */
export const classIndex = (districtId: string, classSourcedId: string): string =>
  `D#${districtId}#CLASS#${classSourcedId}`;

/** Settings, state, lease, memory of `watch`, open sets and waiting deliveries of a district. */
export const districtPartition = (districtId: string): string => `D#${districtId}`;
export const SETTINGS_SORT = 'SETTINGS';
export const STATE_SORT = 'STATE';
export const LEASE_SORT = 'LEASE';
/** What `watch` has told already. */
export const WATCH_SORT = 'WATCH';
/** What is left of a district that has left: its id is never used again (R22). Found with all others through gsi1. */
export const TOMBSTONE_SORT = 'TOMBSTONE';
export const DEPARTURES_INDEX = 'DEPARTURES';
export const tombstoneKey = (districtId: string): Key => ({ pk: districtPartition(districtId), sk: TOMBSTONE_SORT });
export const setSort = (folder: string): string => `SET#${folder}`;
export const WAITING_PREFIX = 'WAITING#';
export const waitingSort = (order: string, deliveryId: string): string => `${WAITING_PREFIX}${order}#${deliveryId}`;
export const fenceKey = (districtId: string, lane: number): Key => ({
  pk: `D#${districtId}#FENCE#${lane}`,
  sk: 'FENCE',
});

/** Deliveries and syncs, newest first by their time-ordered ids. A sync is found by id alone through gsi1. */
export const deliveriesPartition = (districtId: string): string => `D#${districtId}#DELIVERIES`;
export const deliveryFilesPartition = (districtId: string, deliveryId: string): string =>
  `D#${districtId}#FILES#${deliveryId}`;
/** Which delivery has a claimed version: one GetItem by fileId. */
export const claimsPartition = (districtId: string): string => `D#${districtId}#CLAIMS`;
/** Failed uploads: one GetItem for each file that is asked about. */
export const barsPartition = (districtId: string): string => `D#${districtId}#BARS`;
/** What became of people's commands. */
export const commandsPartition = (districtId: string): string => `D#${districtId}#COMMANDS`;
/** Which mails were sent about which event. */
export const mailsPartition = (districtId: string): string => `D#${districtId}#MAILS`;
export const syncsPartition = (districtId: string): string => `D#${districtId}#SYNCS`;
export const syncIndex = (syncId: string): string => `SYNC#${syncId}`;

/** An SFTP login, by its user name: the look-up starts before any district is known. */
export const sftpAccountKey = (username: string): Key => ({ pk: `SFTP#${username}`, sk: 'ACCOUNT' });

/** The list of districts: one Query (a few thousand small rows at most). */
export const DISTRICTS_PARTITION = 'DISTRICTS';
