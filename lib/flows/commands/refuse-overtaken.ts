import { isDryRun } from '../../core/sync/choose-delivery.ts';
import type { DistrictState, Sync } from '../../core/sync/sync.ts';
import { type Answer, type CommandPorts, refused } from './command-ports.ts';

/** How far back a newer delivery is looked for. */
const LOOK_BACK = 200;

/**
 * R13: refuses where a newer delivery came since. One that waits will be planned; one that was not taken must have been seen by
 * whoever approves. A delta that waits for this very decision is none (R15).
 */
export async function refuseOvertaken(
  ports: Pick<CommandPorts, 'ledger'>,
  sync: Sync,
  { lastApplied }: DistrictState,
  newerSeen: string | null,
): Promise<Answer | null> {
  const own = await ports.ledger.get(sync.districtId, sync.deliveryId);
  if (own === null) return null;
  // It changed nothing, or the revision would tell; but nothing starts that is older than what the table has (R15).
  if (lastApplied !== null && lastApplied.order > own.order) {
    return refused('stale', 'A newer delivery is in the roster already. Reject this one.', {
      newer: [lastApplied.deliveryId],
    });
  }
  const later = (await ports.ledger.list(sync.districtId, LOOK_BACK)).filter(
    (each) => !isDryRun(each) && each.state !== 'receiving' && each.state !== 'superseded' && each.order > own.order,
  );
  const newer = later.map(({ deliveryId }) => deliveryId);
  const waiting = later.filter(({ state }) => state === 'received');
  if (waiting.some(({ hasDelta }) => !hasDelta)) {
    return refused(
      'newer-delivery',
      'A newer delivery waits to be planned; its plan will take the place of this one.',
      {
        newer,
      },
    );
  }
  const [newest] = later.filter(({ state }) => state !== 'received').toSorted((a, b) => (a.order > b.order ? -1 : 1));
  if (newest === undefined || newest.deliveryId === newerSeen) return null;
  const message = `A newer delivery came and was not taken. Look at it; then approve with --newer-seen ${newest.deliveryId}.`;
  return refused('newer-delivery', message, { newer });
}
