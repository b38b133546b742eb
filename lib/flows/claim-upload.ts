import type { ConsiderSetMessage, SettleMessage } from '../contracts/messages.ts';
import { deliveryFileKey, parseUploadKey, type UploadKey } from '../contracts/object-keys.ts';
import { type Survey, surveyUpload } from '../core/delivery/survey.ts';
import type { DistrictSettings } from '../core/district/settings.ts';
import { FindingLog } from '../core/oneroster/finding-log.ts';
import type { Delivery, DeliveryFile } from '../core/sync/sync.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import type { DeliveryReader } from '../ports/delivery-reader.ts';
import type { Districts } from '../ports/districts.ts';
import type { DeliveryLedger, OpenSet, SyncLog } from '../ports/ledger.ts';
import type { Landing, UploadedObject } from '../ports/objects.ts';
import type { Queues } from '../ports/queues.ts';

export interface ClaimPorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly districts: Districts;
  readonly landing: Landing;
  readonly ledger: DeliveryLedger;
  readonly log: SyncLog;
  readonly reader: DeliveryReader;
  readonly queues: Queues;
}

/** What became of a settled upload. */
export type ClaimOutcome =
  /** A newer version came, or another worker has it: nothing to do here. */
  | 'not-current'
  | 'unknown-district'
  /** Claimed; the set still waits for files. */
  | 'set-open'
  /** The export is whole: a plan was asked for. */
  | 'received'
  /** A zip that is cut or damaged (R16). */
  | 'incomplete';

/** Sets without a manifest wait this many quiet times before they are taken for whole (design §4). */
const QUIET_TIMES_WITHOUT_MANIFEST = 10;

/** Longest delay that SQS allows, seconds. */
const MAX_DELAY = 900;

/**
 * The quiet time of one version is over. If it is still the current object, it is claimed, set complete or not: the
 * version is copied to the archive, a ledger row is written, and the landing object is deleted with If-Match (R15, R16).
 * Each step may be repeated: the copy's key comes from the version, the row is the same row, a missing object is fine.
 */
export async function claimUpload(ports: ClaimPorts, message: SettleMessage): Promise<ClaimOutcome> {
  const key = parseUploadKey(message.key);
  const district = key === null ? null : await ports.districts.get(key.districtId);
  if (key === null || district === null) return 'unknown-district';
  const object = await ports.landing.head(message.key);
  if (object === null) return resumeClaim(ports, key);
  if (object.versionId !== message.versionId) return 'not-current';
  return /\.zip$/i.test(key.name)
    ? claimZip(ports, district.settings, key, object)
    : claimLooseFile(ports, district.settings, key, object);
}

/**
 * The object is gone: another worker has claimed it, or this very message was handled before and its worker ended after
 * the delete. What would have come next is done again; it does no harm.
 */
async function resumeClaim(ports: ClaimPorts, { districtId, folder }: UploadKey): Promise<ClaimOutcome> {
  const open = (await ports.ledger.openSets(districtId)).find((set) => set.folder === folder);
  if (open !== undefined) {
    return considerSet(ports, { type: 'consider-set', districtId, folder, deliveryId: open.deliveryId });
  }
  const waiting = await ports.ledger.waiting(districtId);
  if (waiting.length > 0) await ports.queues.sendPlan({ type: 'plan', districtId, attempt: 0 }, 0);
  return 'not-current';
}

async function claimZip(
  ports: ClaimPorts,
  settings: DistrictSettings,
  key: UploadKey,
  object: UploadedObject,
): Promise<ClaimOutcome> {
  const deliveryId = ports.ids.deliveryOf(object.lastModified, fileIdOf(object));
  const file = describeFile(key, deliveryId, object);
  if ((await ports.landing.copyToArchive(object, file.key)) === 'gone') return 'not-current';
  const survey = await surveyFiles(ports, settings, 'zip', [file]);
  const whole = !survey.broken;
  const at = ports.clock.now().toISOString();
  const delivery: Delivery = {
    districtId: settings.districtId,
    deliveryId,
    state: whole ? 'received' : 'incomplete',
    folder: key.folder,
    packaging: 'zip',
    order: orderOf([file], at),
    hasDelta: survey.survey.hasDelta,
    bulkFiles: bulkFilesOf(survey.survey),
    openedAt: at,
    receivedAt: at,
    syncId: null,
  };
  await ports.ledger.create(delivery, [file]);
  await ports.landing.remove(object);
  if (!whole) return 'incomplete';
  await ports.queues.sendPlan({ type: 'plan', districtId: settings.districtId, attempt: 0 }, 0);
  return 'received';
}

async function claimLooseFile(
  ports: ClaimPorts,
  settings: DistrictSettings,
  key: UploadKey,
  object: UploadedObject,
): Promise<ClaimOutcome> {
  const { districtId } = settings;
  for (;;) {
    const at = ports.clock.now().toISOString();
    const set = await ports.ledger.openSet(districtId, key.folder, ports.ids.next('d'), at);
    if (isStale(set, settings, ports.clock)) {
      await closeStaleSet(ports, districtId, set.deliveryId);
      continue;
    }
    const file = describeFile(key, set.deliveryId, object);
    if ((await ports.landing.copyToArchive(object, file.key)) === 'gone') return 'not-current';
    const added = await ports.ledger.addFile(districtId, key.folder, set.deliveryId, file);
    // Sealed by another worker between the two calls: the file belongs to the next set.
    if (added === 'closed') continue;
    await ports.landing.remove(object);
    return considerSet(ports, { type: 'consider-set', districtId, folder: key.folder, deliveryId: set.deliveryId });
  }
}

/** A set that did not become whole in its time never takes another file: yesterday's and today's must not mix (R16). */
const isStale = (set: OpenSet, settings: DistrictSettings, clock: Clock): boolean =>
  clock.now().getTime() - Date.parse(set.openedAt) > settings.incompleteAfterHours * 3_600_000;

async function closeStaleSet(ports: ClaimPorts, districtId: string, deliveryId: string): Promise<void> {
  const delivery = await ports.ledger.get(districtId, deliveryId);
  if (delivery?.state !== 'receiving') return;
  const receivedAt = ports.clock.now().toISOString();
  const files = await ports.ledger.files(districtId, deliveryId);
  await ports.ledger.seal({ ...delivery, state: 'incomplete', order: orderOf(files, receivedAt), receivedAt });
}

/** Looks whether an open set is whole, and seals it if so (design §4, R16). */
export async function considerSet(ports: ClaimPorts, message: ConsiderSetMessage): Promise<ClaimOutcome> {
  const { districtId, folder, deliveryId } = message;
  const district = await ports.districts.get(districtId);
  const delivery = await ports.ledger.get(districtId, deliveryId);
  if (district === null || delivery?.state !== 'receiving') return 'not-current';
  const files = await ports.ledger.files(districtId, deliveryId);
  const { survey } = await surveyFiles(ports, district.settings, 'files', files);
  if (!survey.complete) return 'set-open';
  if (!survey.hasManifest && !(await quietWithoutManifest(ports, district.settings, files, survey, message))) {
    return 'set-open';
  }
  const receivedAt = ports.clock.now().toISOString();
  await ports.ledger.seal({
    ...delivery,
    folder,
    state: 'received',
    order: orderOf(files, receivedAt),
    hasDelta: survey.hasDelta,
    bulkFiles: bulkFilesOf(survey),
    receivedAt,
  });
  // Also when another worker sealed it: its message may have been lost, and a second one does no harm.
  await ports.queues.sendPlan({ type: 'plan', districtId, attempt: 0 }, 0);
  return 'received';
}

/**
 * Without a manifest nobody says how many files there are: all six rostering files, each file that the last delivery
 * had, and ten quiet times since the last file.
 */
async function quietWithoutManifest(
  ports: ClaimPorts,
  settings: DistrictSettings,
  files: readonly DeliveryFile[],
  survey: Survey,
  message: ConsiderSetMessage,
): Promise<boolean> {
  const { lastApplied } = await ports.log.state(settings.districtId);
  const expected = Object.keys(lastApplied?.profile.rows ?? {});
  const have = new Set<string>(survey.files.keys());
  const wait = settings.quietSeconds * QUIET_TIMES_WITHOUT_MANIFEST;
  const newest = Math.max(...files.map((file) => Date.parse(file.lastModified)));
  const missing = (newest + wait * 1000 - ports.clock.now().getTime()) / 1000;
  if (missing > 0) {
    await ports.queues.sendUploads(message, Math.min(MAX_DELAY, Math.ceil(missing)));
    return false;
  }
  // Another product's export never has them: it is rejected by name, once it is quiet.
  return survey.verdict === 'rejected' || expected.every((file) => have.has(file));
}

async function surveyFiles(
  ports: ClaimPorts,
  settings: DistrictSettings,
  packaging: 'zip' | 'files',
  files: readonly DeliveryFile[],
): Promise<{ survey: Survey; broken: boolean }> {
  const upload = await ports.reader.open({ packaging }, files, settings.maxRowBytes);
  try {
    return { survey: await surveyUpload(upload, new FindingLog(0)), broken: upload.faults.includes('zip-broken') };
  } finally {
    await upload.close();
  }
}

/** The roster files that a readable upload brings in full. */
const bulkFilesOf = ({ verdict, files }: Survey): string[] =>
  verdict === 'rejected' ? [] : [...files.values()].filter(({ mode }) => mode === 'bulk').map(({ file }) => file);

/** One version of one object, whenever it is claimed: a repeated claim writes the same keys. 64 bits of FNV-1a, hex. */
const fileIdOf = ({ key, versionId }: UploadedObject): string => {
  const half = (seed: number) => {
    let hash = seed;
    for (const character of `${key}\n${versionId}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
    return (hash >>> 0).toString(16).padStart(8, '0');
  };
  return half(0x811c9dc5) + half(0x01234567);
};

function describeFile(key: UploadKey, deliveryId: string, object: UploadedObject): DeliveryFile {
  const fileId = fileIdOf(object);
  return {
    fileId,
    name: key.name,
    key: deliveryFileKey({ districtId: key.districtId, deliveryId, fileId, name: key.name }),
    bytes: object.bytes,
    eTag: object.eTag,
    lastModified: object.lastModified,
  };
}

/** R15: newer is the later LastModified of the last object (whole seconds in S3), then what was whole later. */
const orderOf = (files: readonly DeliveryFile[], receivedAt: string): string =>
  `${
    files
      .map((file) => file.lastModified)
      .sort()
      .at(-1) ?? ''
  }#${receivedAt}`;
