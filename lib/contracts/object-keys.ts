/**
 * The grammar of S3 keys, build and parse side by side (design §4). Two buckets: `landing` holds what districts upload
 * (`home/…`), `archive` holds what Rollcall keeps (`deliveries/…`, `plans/…`).
 */
const DISTRICT = '[a-z0-9][a-z0-9-]{1,38}[a-z0-9]';

/** The prefix that a district's SFTP login sees as `/`. Ends in a slash, so that `acme` never matches `acme2`. */
export const homePrefix = (districtId: string): string => `home/${districtId}/`;

/** All that lies in the two buckets for a district, in all versions: what goes when it leaves (R22). */
export const districtPrefixes = (districtId: string) => ({
  landing: homePrefix(districtId),
  deliveries: `deliveries/${districtId}/`,
  plans: `plans/${districtId}/`,
});

/** An upload: the district is taken from the key and from nothing else (R3). */
export interface UploadKey {
  readonly districtId: string;
  /** Folder below the home, '' for the home itself, without slashes at the ends. */
  readonly folder: string;
  /** File name; '' for a folder marker. */
  readonly name: string;
}

/** Takes a landing key apart; null for a key outside `home/<districtId>/`. */
export function parseUploadKey(key: string): UploadKey | null {
  const match = new RegExp(`^home/(${DISTRICT})/(.*)$`, 's').exec(key);
  if (!match) return null;
  const [, districtId = '', path = ''] = match;
  const slash = path.lastIndexOf('/');
  return { districtId, folder: slash < 0 ? '' : path.slice(0, slash), name: path.slice(slash + 1) };
}

/** For a log line: whose an upload is, our own id and nothing else of the key (R22); nothing where it is in nobody's home. */
export function ownerOfUpload(key = ''): { readonly districtId?: string } {
  const districtId = parseUploadKey(key)?.districtId;
  return districtId === undefined ? {} : { districtId };
}

/** Of a file name in a key, its end: S3 keys have 1,024 bytes, and the landing key may have used them all. */
const MAX_NAME = 100;

/** Where the frozen copy of an uploaded file lies: one immutable key for each uploaded version. */
export const deliveryFileKey = (file: {
  districtId: string;
  deliveryId: string;
  fileId: string;
  name: string;
}): string => `deliveries/${file.districtId}/${file.deliveryId}/${file.fileId}/${file.name.slice(-MAX_NAME)}`;

/** Everything that one attempt at a plan writes. The attempt (a lease number) keeps a stale planner off a newer plan. */
export const planPrefix = (plan: { districtId: string; syncId: string; attempt: number }): string =>
  `plans/${plan.districtId}/${plan.syncId}/${plan.attempt}/`;

/** Changes of one kind, in apply order: JSON lines, gzip. */
export const planSectionKey = (prefix: string, section: string): string => `${prefix}${section}.jsonl.gz`;

/** What the table will be once the plan is applied: counts and hashes. `scope`: where a person approved another one. */
export const planPromiseKey = (prefix: string, scope?: string): string =>
  `${prefix}promise${scope === undefined ? '' : `-${scope}`}.json`;

/** Verdict, counts and listed findings of a plan. */
export const planSummaryKey = (prefix: string): string => `${prefix}summary.json`;
