import { closeStaleSet, isStale } from '../close-stale-set.ts';
import type { WatchedDistrict, WatchPorts } from './watched-district.ts';

/** R16: sets that did not become whole in their time end as `incomplete`. Who closes one, tells it. Returns how many. */
export async function closeStaleSets(ports: WatchPorts, { settings, now }: WatchedDistrict): Promise<number> {
  const { districtId } = settings;
  let closed = 0;
  for (const set of await ports.ledger.openSets(districtId)) {
    if (!isStale(set, settings, now)) continue;
    const { deliveryId } = set;
    if ((await closeStaleSet(ports, districtId, deliveryId)) === 'left') continue;
    closed++;
    await ports.events.emit({ type: 'rollcall.delivery.incomplete', districtId, deliveryId });
  }
  return closed;
}
