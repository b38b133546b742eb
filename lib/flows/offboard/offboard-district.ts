import type { OffboardMessage } from '../../contracts/messages.ts';
import { type Departure, whyVoid } from '../../core/district/departure.ts';
import type { Lease } from '../../ports/ledger.ts';
import type { TimeLeft } from '../apply-ports.ts';
import type { OffboardPorts } from './offboard-ports.ts';
import { type SweepOutcome, sweepDistrict } from './sweep-district.ts';

/** What an order to off-board led to. */
export type OffboardOutcome =
  | 'unknown-district'
  /** Somebody has changed the settings since, or let the district go on: nothing was deleted. */
  | 'void'
  /** A sync is being applied, or planned; the order comes again. */
  | 'busy'
  | SweepOutcome;

/** A busy district is asked again after so many seconds, then twice as many, and so on. */
const BUSY_SECONDS = 15;
const MOST_BUSY_SECONDS = 300;

/** More than a day and a half: no apply takes longer (R15 lets it end). */
const MAX_ATTEMPTS = 500;

/** The order could not be carried out for days: a person must look. */
export class DistrictStaysBusy extends Error {
  override readonly name = 'DistrictStaysBusy';
  readonly code = 'district-stays-busy';
}

/**
 * Off-boards a district (R22). Under the lease, fences raised, it leaves in one step: tombstone in, settings, state, list
 * entry, tenant and SFTP login out. From then on every worker refuses it or finds that its lease and fence are stale, so
 * that what is deleted afterwards does not come back, and needs no lease. Once in effect, however often and late it comes.
 */
export async function offboardDistrict(
  ports: OffboardPorts,
  message: OffboardMessage,
  worker: string,
  timeLeft: TimeLeft,
): Promise<OffboardOutcome> {
  const { districtId } = message;
  if ((await ports.departures.find(districtId)) === null) {
    const outcome = await leave(ports, message, worker);
    if (outcome !== 'left') return outcome;
  }
  return sweepDistrict(ports, { type: 'sweep', districtId, hop: 0 }, timeLeft);
}

async function leave(
  ports: OffboardPorts,
  message: OffboardMessage,
  worker: string,
): Promise<'left' | 'unknown-district' | 'void' | 'busy'> {
  const { districtId, order } = message;
  const district = await ports.districts.get(districtId);
  if (district === null) return 'unknown-district';
  if (whyVoid(order, district) !== null) return 'void';
  const lease = await ports.leases.take(districtId, worker, ports.leaseSeconds);
  if (lease === null) return comeAgain(ports, message);
  const { name, classLinkTenantId } = district.settings;
  const leftAt = ports.clock.now().toISOString();
  const nothingYet = { found: null, goneAt: null, ends: null, sweptAt: null, late: 0 };
  try {
    const outcome = await begin(ports, lease, { districtId, name, classLinkTenantId, order, leftAt, ...nothingYet });
    if (outcome === 'begun') return 'left';
    return outcome === 'changed' ? 'void' : await comeAgain(ports, message);
  } finally {
    await ports.leases.release(lease);
  }
}

/** Whoever had the lease before is fenced off first: no record is written once the tombstone stands. */
async function begin(ports: OffboardPorts, lease: Lease, departure: Departure): Promise<'begun' | 'changed' | 'stale'> {
  const isRaised = await ports.roster.raiseFences(departure.districtId, lease.number);
  return isRaised ? ports.departures.begin(lease, departure) : 'stale';
}

async function comeAgain(ports: OffboardPorts, message: OffboardMessage): Promise<'busy'> {
  const attempt = message.attempt + 1;
  if (attempt >= MAX_ATTEMPTS) throw new DistrictStaysBusy('a district to be off-boarded is busy all the time');
  await ports.purges.sendPurge({ ...message, attempt }, Math.min(BUSY_SECONDS * attempt, MOST_BUSY_SECONDS));
  return 'busy';
}
