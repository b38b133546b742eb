import type { Clock } from '../ports/clock.ts';
import type { Events } from '../ports/events.ts';
import type { DeliveryLedger, Leases, SyncLog } from '../ports/ledger.ts';
import type { Archive } from '../ports/objects.ts';
import type { PlanStore } from '../ports/plan-store.ts';
import type { Queues } from '../ports/queues.ts';
import type { RosterTable } from '../ports/roster-table.ts';

/** What applying works with. */
export interface ApplyPorts {
  readonly clock: Clock;
  readonly leases: Leases;
  readonly ledger: DeliveryLedger;
  readonly log: SyncLog;
  readonly roster: RosterTable;
  readonly plans: PlanStore;
  readonly archive: Archive;
  readonly queues: Queues;
  readonly events: Events;
  readonly leaseSeconds: number;
}

/** How much of the function's time is left, milliseconds. */
export type TimeLeft = () => number;

/** The apply stops and sends itself the rest when less than this is left, milliseconds. */
export const RESERVE = 60_000;
