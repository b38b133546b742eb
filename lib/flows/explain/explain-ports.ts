import type { DeliveryReader } from '../../ports/delivery-reader.ts';
import type { DeliveryLedger, SyncLog } from '../../ports/ledger.ts';
import type { Archive } from '../../ports/objects.ts';
import type { PlanStore } from '../../ports/plan-store.ts';
import type { RosterLookup } from '../../ports/roster-lookup.ts';

/** What explaining a user reads. Nothing is written. */
export interface ExplainPorts {
  readonly lookup: RosterLookup;
  readonly ledger: Pick<DeliveryLedger, 'list' | 'get' | 'files' | 'waiting'>;
  readonly log: Pick<SyncLog, 'state' | 'get' | 'list'>;
  readonly reader: DeliveryReader;
  readonly plans: Pick<PlanStore, 'readSection'>;
  readonly archive: Pick<Archive, 'readText'>;
}
