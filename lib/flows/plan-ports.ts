import type { Clock, Ids } from '../ports/clock.ts';
import type { DeliveryReader } from '../ports/delivery-reader.ts';
import type { Districts } from '../ports/districts.ts';
import type { Events } from '../ports/events.ts';
import type { DeliveryLedger, Leases, SyncLog } from '../ports/ledger.ts';
import type { Archive } from '../ports/objects.ts';
import type { PlanStore } from '../ports/plan-store.ts';
import type { Queues } from '../ports/queues.ts';
import type { RosterTable } from '../ports/roster-table.ts';

/** What planning works with. */
export interface PlanPorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly districts: Districts;
  readonly leases: Leases;
  readonly ledger: DeliveryLedger;
  readonly log: SyncLog;
  readonly roster: RosterTable;
  readonly reader: DeliveryReader;
  readonly plans: PlanStore;
  readonly archive: Archive;
  readonly queues: Queues;
  readonly events: Events;
  /** How long a lease lasts without a sign of life, seconds. */
  readonly leaseSeconds: number;
}
