import type { Look, WatchPorts } from './watched-district.ts';

/** The newest deliveries among which incomplete ones are looked for: a quarter of an hour brings a few at most. */
const LOOKED_AT = 60;

/** Open sets that are remembered, the oldest ones: one for each folder that the district uses. */
const REMEMBERED = 50;

/**
 * R16: tells, once for each, of deliveries that never became whole: loose files that lack some, or a zip that is cut or
 * damaged. A set's id says when it was opened, so that by its end many deliveries may be newer: sets that the last watch saw
 * open are looked up by their ids.
 */
export const lookForIncomplete: Look = async ({ ledger }, { settings: { districtId }, openSets }, memory) => {
  const open = (await openSets()).toSorted((a, b) => (a.openedAt < b.openedAt ? -1 : 1));
  const openSetIds = open.slice(0, REMEMBERED).map(({ deliveryId }) => deliveryId);
  const newest = (await ledger.list(districtId, LOOKED_AT))
    .filter(({ state }) => state === 'incomplete')
    .map(({ deliveryId }) => deliveryId);
  const ended = memory.openSetIds.filter((deliveryId) => !openSetIds.includes(deliveryId));
  const given = await givenUp(ledger, districtId, ended);
  const events = [...new Set([...newest, ...given])]
    .filter((deliveryId) => !memory.incompleteIds.includes(deliveryId))
    .map((deliveryId) => ({ type: 'rollcall.delivery.incomplete', districtId, deliveryId }) as const);
  return { memory: { ...memory, incompleteIds: newest, openSetIds }, events };
};

/** Those of some sets that ended as incomplete. */
async function givenUp(
  ledger: WatchPorts['ledger'],
  districtId: string,
  deliveryIds: readonly string[],
): Promise<readonly string[]> {
  const found = await Promise.all(deliveryIds.map((deliveryId) => ledger.get(districtId, deliveryId)));
  return found.flatMap((each) => (each?.state === 'incomplete' ? [each.deliveryId] : []));
}
