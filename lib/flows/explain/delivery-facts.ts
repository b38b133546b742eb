import { planPrefix, planSummaryKey } from '../../contracts/object-keys.ts';
import { findingsOfUser, isAboutFile } from '../../core/explain/findings-of-user.ts';
import type { DeliveryFacts } from '../../core/explain/user-facts.ts';
import type { Finding, FindingCounts } from '../../core/oneroster/finding.ts';
import type { RekeyPair } from '../../core/rekey/find-pairs.ts';
import type { Delivery, Sync } from '../../core/sync/sync.ts';
import { ownProfileOf } from '../../core/sync/usual-profile.ts';
import { blockedDeltas } from '../waiting-deliveries.ts';
import type { DeliverySearch } from './delivery-search.ts';
import type { ExplainPorts } from './explain-ports.ts';

/** What is read of a plan's summary. */
interface Summary {
  readonly findings: readonly Finding[];
  readonly findingCounts: FindingCounts;
  /** Absent in summaries of before re-keys were looked for. */
  readonly pairs?: readonly RekeyPair[];
}

/** What a delivery and its sync say about a user; `sourcedId` null: about nobody, only what became of it. */
export async function deliveryFactsOf(
  ports: ExplainPorts,
  search: DeliverySearch,
  which: DeliveryFacts['which'],
  sourcedId: string | null,
): Promise<DeliveryFacts> {
  const { delivery } = search;
  const { districtId, deliveryId, syncId } = delivery;
  const sync = syncId === null ? null : await ports.log.get(districtId, syncId);
  const summary = sync === null ? null : await readSummary(ports.archive, sync);
  const read = await search.rowsOf(sourcedId);
  const findings = summary?.findings ?? [];
  return {
    which,
    deliveryId,
    at: delivery.receivedAt ?? delivery.openedAt,
    state: sync?.state ?? delivery.state,
    syncId,
    blockedBy: await blockersOf(ports, delivery),
    ...read,
    findings: sourcedId === null ? [] : findingsOfUser(findings, sourcedId, read.rows),
    findingsKnown: howManyKnown(summary),
    fileErrors: [...new Set(findings.filter(isAboutFile).map(({ code }) => code))],
    unreadableRows: (sync && ownProfileOf(sync))?.unreadableRows.users ?? 0,
    removalsLeftOut: removalsLeftOut(sync, findings),
    pair: summary?.pairs?.find(({ from, to }) => from === sourcedId || to === sourcedId) ?? null,
  };
}

/** What a delta waits for that was not taken (R15). */
async function blockersOf(ports: ExplainPorts, { districtId, deliveryId, state, hasDelta }: Delivery) {
  if (state !== 'received' || !hasDelta) return [];
  const blocked = await blockedDeltas(ports, districtId);
  return blocked.find(({ delivery }) => delivery.deliveryId === deliveryId)?.by ?? [];
}

async function readSummary(archive: ExplainPorts['archive'], sync: Sync): Promise<Summary | null> {
  const text = await archive.readText(planSummaryKey(planPrefix(sync)));
  return text === null ? null : (JSON.parse(text) as Summary);
}

function howManyKnown(summary: Summary | null): DeliveryFacts['findingsKnown'] {
  if (summary === null) return 'expired';
  const { error, warning, info } = summary.findingCounts;
  return error + warning + info > summary.findings.length ? 'some' : 'all';
}

function removalsLeftOut(sync: Sync | null, findings: readonly Finding[]): DeliveryFacts['removalsLeftOut'] {
  if (sync?.decision?.verdict === 'approved' && sync.decision.scope === 'all-but-removals') return 'approval';
  const withheld = findings.some(({ code, file }) => code === 'removals-withheld' && /users/i.test(file ?? ''));
  return withheld ? 'rows' : null;
}
