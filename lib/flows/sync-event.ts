import type { EventFindings, RollcallEvent } from '../contracts/events.ts';
import { FINDING_KINDS, type FindingCode } from '../core/oneroster/finding-codes.ts';
import type { FindingTotals, Sync } from '../core/sync/sync.ts';

/** What the outside is told when a sync has reached a state; null for a state that it is not told of. */
export function eventOf(sync: Sync, state: Sync['state']): RollcallEvent | null {
  const { districtId, syncId, deliveryId, origin, changes } = sync;
  const findings = totalsOf(sync.findingCounts);
  switch (state) {
    case 'applied':
      return { type: 'rollcall.sync.applied', districtId, syncId, origin, first: isFirst(sync), changes, findings };
    case 'held':
      return heldEvent(sync, 0);
    case 'rejected': {
      const byPerson = sync.decision?.verdict === 'rejected';
      const codes = byPerson ? holdCodesOf(sync) : errorCodesOf(sync.findingCounts);
      const by = byPerson ? 'person' : 'checks';
      return { type: 'rollcall.sync.rejected', districtId, syncId, by, codes, findings };
    }
    case 'failed':
      return { type: 'rollcall.sync.failed', districtId, syncId, code: sync.failureCode ?? 'defect' };
    case 'incomplete':
      return { type: 'rollcall.delivery.incomplete', districtId, deliveryId };
    default:
      return null;
  }
}

/** R11: a plan that has waited for so many days. */
export const heldEvent = (sync: Sync, waitingDays: number): RollcallEvent => ({
  type: 'rollcall.sync.held',
  districtId: sync.districtId,
  syncId: sync.syncId,
  codes: holdCodesOf(sync),
  waitingDays,
  changes: sync.changes,
  findings: totalsOf(sync.findingCounts),
});

const holdCodesOf = ({ holds }: Sync): readonly string[] => [...new Set(holds.map(({ code }) => code))];

/** Codes that reject a delivery are errors; the others only came along. */
const errorCodesOf = ({ byCode }: FindingTotals): readonly string[] =>
  Object.keys(byCode).filter((code) => FINDING_KINDS[code as FindingCode]?.severity === 'error');

/** When it was planned, nothing had ever been applied. */
const isFirst = ({ origin, basis, previousProfile }: Sync): boolean =>
  origin === 'delivery' && (basis === 0 || previousProfile === null);

const totalsOf = ({ error, warning, info }: FindingTotals): EventFindings => ({ error, warning, info });
