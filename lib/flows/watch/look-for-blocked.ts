import type { Look } from './watched-district.ts';

/**
 * Blocked deliveries that are told and remembered, the newest ones: of more, the older ones were told when they were
 * among them. A night brings one or two.
 */
const LOOKED_AT = 50;

/** Deliveries that an event names as what another waits for: the latest of them. */
const NAMED = 10;

/**
 * R15: tells, once for each, of deltas that wait because what they build on was not taken: only a person, or a bulk export
 * of the same files, frees them. Not while something is planned or applied that could. A suspended district can send none.
 */
export const lookForBlocked: Look = async (_ports, { settings, waiting }, memory) => {
  const { districtId, suspended } = settings;
  if (suspended) return { memory, events: [] };
  const { blocked, isFinal } = await waiting();
  if (!isFinal) return { memory, events: [] };
  const newest = blocked.slice(-LOOKED_AT);
  const blockedIds = newest.map(({ delivery }) => delivery.deliveryId);
  const events = newest
    .filter(({ delivery: { deliveryId } }) => !memory.blockedIds.includes(deliveryId))
    .map(({ delivery: { deliveryId }, by }) => {
      const blockedBy = by.slice(-NAMED).map((each) => each.deliveryId);
      return { type: 'rollcall.delivery.blocked', districtId, deliveryId, blockedBy } as const;
    });
  return { memory: { ...memory, blockedIds }, events };
};
