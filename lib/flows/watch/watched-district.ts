import type { RollcallEvent } from '../../contracts/events.ts';
import type { DistrictSettings } from '../../core/district/settings.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Districts } from '../../ports/districts.ts';
import type { Events } from '../../ports/events.ts';
import type { DeliveryLedger, Leases, SyncLog } from '../../ports/ledger.ts';
import type { Queues } from '../../ports/queues.ts';
import type { WatchLog, WatchMemory } from '../../ports/watch-log.ts';
import type { WaitingDeliveries } from '../waiting-deliveries.ts';

/** What `watch` works with. */
export interface WatchPorts {
  readonly clock: Clock;
  readonly districts: Districts;
  readonly leases: Leases;
  readonly ledger: DeliveryLedger;
  readonly log: SyncLog;
  readonly queues: Queues;
  readonly watchLog: WatchLog;
  readonly events: Events;
}

/** A district at the moment of the watch. */
export interface WatchedDistrict {
  readonly settings: DistrictSettings;
  readonly now: Date;
  /** What waits in it. This and the open sets are read once, by the first look that asks. */
  readonly waiting: () => Promise<WaitingDeliveries>;
  readonly openSets: () => ReturnType<WatchPorts['ledger']['openSets']>;
}

/** What a look at a district found: what is to be told, and what is to be remembered so that it is told once. */
export interface Seen {
  readonly memory: WatchMemory;
  readonly events: readonly RollcallEvent[];
}

/** One thing that `watch` looks for. */
export type Look = (ports: WatchPorts, district: WatchedDistrict, memory: WatchMemory) => Promise<Seen>;
