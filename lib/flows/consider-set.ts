import type { ConsiderSetMessage } from '../contracts/messages.ts';
import { recogniseFileName } from '../core/delivery/file-names.ts';
import type { Survey } from '../core/delivery/survey.ts';
import type { DistrictSettings } from '../core/district/settings.ts';
import type { Delivery, DeliveryFile, DistrictState } from '../core/sync/sync.ts';
import { ServiceBusy } from '../ports/failure.ts';
import type { ClaimOutcome, ClaimPorts } from './claim-ports.ts';
import { closeStaleSet, isStale } from './close-stale-set.ts';
import { failedFiles } from './failed-files.ts';
import { isMoreComing } from './pending-files.ts';
import { bulkFilesOf, deltaFilesOf, orderOf, surveyFiles } from './survey-files.ts';

/** Sets without a manifest wait this many quiet times before they are taken for whole (design §4). */
const QUIET_TIMES_WITHOUT_MANIFEST = 10;

/** How long a stale set is looked at again where the look itself does not end, hours. */
const LOOKED_AT_HOURS = 6;

/** Longest delay that SQS allows, seconds. */
const MAX_DELAY = 900;

/**
 * Looks whether an open set is whole, and seals it if so. A set with what a failed upload has left is not, until that file
 * is replaced. One that is not whole after its time ends as `incomplete` (design §4, R16). Only here is a set ended, so that
 * none is called incomplete before it was looked at, or before that was tried for hours.
 */
export async function considerSet(ports: ClaimPorts, message: ConsiderSetMessage): Promise<ClaimOutcome> {
  const { districtId, deliveryId } = message;
  const district = await ports.districts.get(districtId);
  if (district === null) return 'unknown-district';
  const delivery = await ports.ledger.get(districtId, deliveryId);
  if (delivery === null) return 'not-current';
  // Sealed before, perhaps by a worker that ended before it asked for a plan: asking twice does no harm.
  if (delivery.state === 'received') return askForPlan(ports, districtId);
  if (delivery.state !== 'receiving') return 'not-current';
  const stale = isStale(delivery, district.settings, ports.clock.now());
  const outcome = await lookAtSet(ports, district.settings, delivery, message, stale);
  if (outcome === 'received' || !stale) return outcome;
  return (await closeStaleSet(ports, districtId, deliveryId)) === 'closed' ? 'incomplete' : outcome;
}

/**
 * A set that cannot be looked at must not stand in the way for ever: where it is stale, a look that throws is as good as one
 * that finds it not whole, and after more hours, in which `watch` had it looked at in vain, it is ended without a look.
 */
async function lookAtSet(
  ports: ClaimPorts,
  settings: DistrictSettings,
  delivery: Delivery,
  message: ConsiderSetMessage,
  stale: boolean,
): Promise<'received' | 'set-open'> {
  const givenUp = { incompleteAfterHours: settings.incompleteAfterHours + LOOKED_AT_HOURS };
  if (isStale(delivery, givenUp, ports.clock.now())) return 'set-open';
  try {
    return await sealIfWhole(ports, settings, delivery, message);
  } catch (thrown) {
    if (!stale || thrown instanceof ServiceBusy) throw thrown;
    return 'set-open';
  }
}

async function sealIfWhole(
  ports: ClaimPorts,
  settings: DistrictSettings,
  delivery: Delivery,
  message: ConsiderSetMessage,
): Promise<'received' | 'set-open'> {
  const { districtId, folder, deliveryId } = message;
  const files = await ports.ledger.files(districtId, deliveryId);
  // Opened by a worker that never came to add its file: nothing to judge yet.
  if (files.length === 0) return 'set-open';
  const { survey } = await surveyFiles(ports, settings, 'files', files);
  if (!survey.complete || (await isMoreComing(ports, settings, folder, files))) return 'set-open';
  if (!survey.hasManifest && !(await quietWithoutManifest(ports, settings, files, survey, message))) {
    return 'set-open';
  }
  const receivedAt = ports.clock.now().toISOString();
  const order = orderOf(files, receivedAt, deliveryId);
  const { hasDelta } = survey;
  const sealed: Delivery = {
    ...delivery,
    folder,
    state: 'received',
    order,
    hasDelta,
    bulkFiles: bulkFilesOf(survey),
    deltaFiles: deltaFilesOf(survey),
    receivedAt,
  };
  if ((await failedFiles(ports.ledger, sealed, files)).length > 0) return 'set-open';
  // Whoever changed it looks at it next.
  if ((await ports.ledger.seal(sealed, files)) === 'changed') return 'set-open';
  return askForPlan(ports, districtId);
}

/** Asks for a plan of whatever waits in the district. */
export async function askForPlan({ queues }: Pick<ClaimPorts, 'queues'>, districtId: string): Promise<'received'> {
  await queues.sendPlan({ type: 'plan', districtId, attempt: 0 }, 0);
  return 'received';
}

/**
 * Without a manifest nobody says how many files there are: all six rostering files, each file that the last delivery
 * had (its manifest too), and ten quiet times since the last file.
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
  if (survey.verdict === 'rejected') return true;
  return expected.every((file) => have.has(file)) && !(await lastHadManifest(ports, settings.districtId, lastApplied));
}

/** Then this one lacks it: without it a delta would be read as bulk (R4, R16). */
async function lastHadManifest(
  { ledger }: ClaimPorts,
  districtId: string,
  lastApplied: DistrictState['lastApplied'],
): Promise<boolean> {
  const files = lastApplied === null ? [] : await ledger.files(districtId, lastApplied.deliveryId);
  return files.some(({ name }) => recogniseFileName(name)?.file === 'manifest');
}
