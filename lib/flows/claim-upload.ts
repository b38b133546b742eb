import type { SettleMessage } from '../contracts/messages.ts';
import { deliveryFileKey, parseUploadKey, type UploadKey } from '../contracts/object-keys.ts';
import type { DistrictSettings } from '../core/district/settings.ts';
import type { Delivery, DeliveryFile } from '../core/sync/sync.ts';
import type { UploadedObject } from '../ports/objects.ts';
import type { ClaimOutcome, ClaimPorts } from './claim-ports.ts';
import { closeStaleSet, isForsaken, isStale } from './close-stale-set.ts';
import { askForPlan, considerSet } from './consider-set.ts';
import { bulkFilesOf, deltaFilesOf, orderOf, surveyFiles } from './survey-files.ts';

/**
 * The quiet time of one version is over. If it is still the current object, it is claimed, set complete or not: the
 * version is copied to the archive, a ledger row is written, and the landing object is deleted with If-Match (R15, R16).
 * So is what a failed upload has left: it makes no delivery whole, and would be in the way of a client that renames.
 * Each step may be repeated: the copy's key comes from the version, the row is the same row, a missing object is fine.
 */
export async function claimUpload(ports: ClaimPorts, message: SettleMessage): Promise<ClaimOutcome> {
  const key = parseUploadKey(message.key);
  const district = key === null ? null : await ports.districts.get(key.districtId);
  if (key === null || district === null) return 'unknown-district';
  const object = await ports.landing.head(message.key);
  if (object?.versionId !== message.versionId) return resumeClaim(ports, key);
  return /\.zip$/i.test(key.name)
    ? claimZip(ports, district.settings, key, object)
    : claimLooseFile(ports, district.settings, key, object);
}

/**
 * The version is gone or replaced, or is in a set: another worker has claimed it, or this very message was handled before
 * and its worker ended before it could ask for a plan. What would have come next is done again; it does no harm.
 */
async function resumeClaim(ports: ClaimPorts, { districtId, folder }: UploadKey): Promise<ClaimOutcome> {
  const open = (await ports.ledger.openSets(districtId)).find((set) => set.folder === folder);
  const outcome =
    open === undefined
      ? 'not-current'
      : await considerSet(ports, { type: 'consider-set', districtId, folder, deliveryId: open.deliveryId });
  if (outcome === 'received') return outcome;
  // A set that was sealed, or a zip, and nobody may have asked for its plan.
  const waiting = await ports.ledger.waiting(districtId);
  if (waiting.length > 0) await askForPlan(ports, districtId);
  return outcome;
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
  const { districtId } = settings;
  const failed = await ports.ledger.barredAmong(districtId, key.folder, [file]);
  const whole = !survey.broken && failed.length === 0;
  const at = ports.clock.now().toISOString();
  const delivery: Delivery = {
    districtId,
    deliveryId,
    state: whole ? 'received' : 'incomplete',
    folder: key.folder,
    packaging: 'zip',
    order: orderOf([file], at, deliveryId),
    hasDelta: survey.survey.hasDelta,
    bulkFiles: bulkFilesOf(survey.survey),
    deltaFiles: deltaFilesOf(survey.survey),
    openedAt: at,
    receivedAt: at,
    syncId: null,
  };
  const created = await ports.ledger.create(delivery, [file]);
  await ports.landing.remove(object);
  // Perhaps made when it was not yet known that the upload failed: then it waits, and its plan sees that.
  const { state } = (created === 'already' && (await ports.ledger.get(districtId, deliveryId))) || delivery;
  return state === 'incomplete' ? 'incomplete' : askForPlan(ports, districtId);
}

async function claimLooseFile(
  ports: ClaimPorts,
  settings: DistrictSettings,
  key: UploadKey,
  object: UploadedObject,
): Promise<ClaimOutcome> {
  const { districtId } = settings;
  for (;;) {
    // Claimed before, and its worker ended before it removed the object: it belongs to that set, sealed or not. As long
    // as it lay here the set that is open now was not taken for whole.
    if ((await ports.ledger.claimedBy(districtId, fileIdOf(object))) !== null) {
      await ports.landing.remove(object);
      return resumeClaim(ports, key);
    }
    const at = ports.clock.now().toISOString();
    const set = await ports.ledger.openSet(districtId, key.folder, ports.ids.next('d'), at);
    if (isStale(set, settings, ports.clock.now())) {
      const last = { type: 'consider-set', districtId, folder: key.folder, deliveryId: set.deliveryId } as const;
      if ((await considerSet(ports, last)) === 'unknown-district') return 'unknown-district';
      continue;
    }
    if (await isForsaken(ports, districtId, set)) {
      await closeStaleSet(ports, districtId, set.deliveryId);
      continue;
    }
    // Asked again, now that the set is known: whoever slept before would put the file of a past export into a set of
    // today. Whoever sleeps from here on finds the set closed, or it is open still and takes later versions over this one.
    if (!(await isCurrent(ports, object))) return resumeClaim(ports, key);
    const file = describeFile(key, set.deliveryId, object);
    if ((await ports.landing.copyToArchive(object, file.key)) === 'gone') return 'not-current';
    const added = await ports.ledger.addFile(districtId, key.folder, set.deliveryId, file);
    if (added === 'closed' || added === 'elsewhere') {
      // Sealed by another worker between the two calls: the file belongs to the next set. Unless this worker slept between
      // them for so long that the file was replaced: then it belongs to the past, and must not open a set of today.
      if (!(await isCurrent(ports, object))) return resumeClaim(ports, key);
      continue;
    }
    await ports.landing.remove(object);
    const { folder } = key;
    return considerSet(ports, { type: 'consider-set', districtId, folder, deliveryId: set.deliveryId });
  }
}

/** Whether it is still what lies under its key. */
const isCurrent = async ({ landing }: ClaimPorts, { key, versionId }: UploadedObject): Promise<boolean> =>
  (await landing.head(key))?.versionId === versionId;

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
