import type { WatchedDistrict, WatchPorts } from './watched-district.ts';

/**
 * R16: has every open set looked at again (`considerSet`): one that is whole, but whose last worker ended before it saw
 * that, is sealed; one that did not become whole in its time is ended. Returns how many sets are open.
 */
export async function reconsiderSets({ queues }: WatchPorts, { settings, openSets }: WatchedDistrict): Promise<number> {
  const { districtId } = settings;
  const open = await openSets();
  for (const { folder, deliveryId } of open) {
    await queues.sendUploads({ type: 'consider-set', districtId, folder, deliveryId }, 0);
  }
  return open.length;
}
