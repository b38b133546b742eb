import type { Look } from './watched-district.ts';

/** The newest deliveries among which incomplete ones are looked for: a quarter of an hour brings a few at most. */
const LOOKED_AT = 20;

/** R16: tells, once for each, of deliveries that never became whole: loose files that lack some, or a zip that is cut or damaged. */
export const lookForIncomplete: Look = async ({ ledger }, { settings: { districtId } }, memory) => {
  const incompleteIds = (await ledger.list(districtId, LOOKED_AT))
    .filter(({ state }) => state === 'incomplete')
    .map(({ deliveryId }) => deliveryId);
  const events = incompleteIds
    .filter((deliveryId) => !memory.incompleteIds.includes(deliveryId))
    .map((deliveryId) => ({ type: 'rollcall.delivery.incomplete', districtId, deliveryId }) as const);
  return { memory: { ...memory, incompleteIds }, events };
};
