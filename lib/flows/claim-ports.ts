import type { Clock, Ids } from '../ports/clock.ts';
import type { DeliveryReader } from '../ports/delivery-reader.ts';
import type { Districts } from '../ports/districts.ts';
import type { DeliveryLedger, SyncLog } from '../ports/ledger.ts';
import type { Landing } from '../ports/objects.ts';
import type { Queues } from '../ports/queues.ts';

/** What the receiving of uploads works with. */
export interface ClaimPorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly districts: Districts;
  readonly landing: Landing;
  readonly ledger: DeliveryLedger;
  readonly log: SyncLog;
  readonly reader: DeliveryReader;
  readonly queues: Queues;
}

/** What became of a settled upload. */
export type ClaimOutcome =
  /** A newer version came, or another worker has it: nothing to do here. */
  | 'not-current'
  | 'unknown-district'
  /** Claimed; the set still waits for files. */
  | 'set-open'
  /** The export is whole: a plan was asked for. */
  | 'received'
  /** A zip that is cut or damaged, or whose upload was reported as failed (R16). */
  | 'incomplete';
