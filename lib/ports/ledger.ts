import type { FailedUpload } from '../core/delivery/failed-upload.ts';
import type { Delivery, DeliveryFile, DistrictState, Sync } from '../core/sync/sync.ts';

/** The right to work on a district: one holder, a number that only grows (R15). */
export interface Lease {
  readonly districtId: string;
  readonly number: number;
  readonly holder: string;
}

/** Leases, one for each district. */
export interface Leases {
  /**
   * Takes the lease with a new, higher number if it is free, expired, or handed over to `handedTo`.
   * Null where another holder has it.
   */
  take(districtId: string, holder: string, seconds: number, handedTo?: string): Promise<Lease | null>;
  /** Lengthens it; false where the number is no longer ours. */
  renew(lease: Lease, seconds: number): Promise<boolean>;
  /** Keeps it for whoever comes with `handedTo` (a sync's next worker), at most `seconds`. */
  handOver(lease: Lease, handedTo: string, seconds: number): Promise<void>;
  /** Gives it back; nothing happens where the number is no longer ours. */
  release(lease: Lease): Promise<void>;
  /** Whether nobody has it and it waits for nobody, or its time is over: then whoever asks next would get it. */
  isFree(districtId: string): Promise<boolean>;
}

/** The open set of loose files of a folder. */
export interface OpenSet {
  readonly deliveryId: string;
  readonly openedAt: string;
}

/**
 * Deliveries and their files, from the first claim to the sync that they become. What would open or create one in a
 * district that has left fails with `DistrictHasLeft` (R22).
 */
export interface DeliveryLedger {
  /** The open set of a folder, opened (with `deliveryId`) if there is none; the delivery starts as `receiving`. */
  openSet(districtId: string, folder: string, deliveryId: string, at: string): Promise<OpenSet>;
  /** All open sets of a district, for `watch`. */
  openSets(districtId: string): Promise<readonly { folder: string; deliveryId: string; openedAt: string }[]>;
  /**
   * Writes the row of a claimed file, if the set is still open under this delivery; a later version of the same file
   * name replaces an earlier one. `closed`: the set was sealed meanwhile, open a new one. `elsewhere`: another delivery
   * has this version, and no file enters two.
   */
  addFile(
    districtId: string,
    folder: string,
    deliveryId: string,
    file: DeliveryFile,
  ): Promise<'added' | 'known' | 'closed' | 'elsewhere'>;
  /** The delivery that a loose file (one version) was added to, or null. Remembered for 30 days after its upload. */
  claimedBy(districtId: string, fileId: string): Promise<string | null>;
  files(districtId: string, deliveryId: string): Promise<readonly DeliveryFile[]>;
  /**
   * Remembers a failed upload (R16) for 45 days after its end: longer than a plan is kept, so longer than one can wait to be
   * approved. The same name and tag again: the later end counts.
   */
  bar(districtId: string, failed: FailedUpload): Promise<void>;
  /** Those of these files of a folder that a failed upload has left (`isLeftBy`), in their order. */
  barredAmong(districtId: string, folder: string, files: readonly DeliveryFile[]): Promise<readonly DeliveryFile[]>;
  /**
   * Ends the receiving of a set in one step: the delivery becomes `received` (and waits) or `incomplete`, and the
   * folder's set is closed. `files`: all that the caller looked at. `already` where another worker did it; `changed` where
   * one came since, or was replaced by a later version.
   */
  seal(delivery: Delivery, files: readonly DeliveryFile[]): Promise<'sealed' | 'already' | 'changed'>;
  /** A delivery that is whole at once (a zip): created `received` (and waits) or `incomplete`. `already` if it exists. */
  create(delivery: Delivery, files: readonly DeliveryFile[]): Promise<'created' | 'already'>;
  get(districtId: string, deliveryId: string): Promise<Delivery | null>;
  /** Deliveries in state `received`, oldest `order` first. */
  waiting(districtId: string): Promise<readonly Delivery[]>;
  /** Takes a waiting delivery out of the queue for good: `superseded`, or `planned` with its sync. Under the lease. */
  settle(lease: Lease, delivery: Delivery, state: 'superseded' | 'planned', syncId: string | null): Promise<boolean>;
  /** Newest first. */
  list(districtId: string, limit: number): Promise<readonly Delivery[]>;
}

/** Syncs and the district's running state. Every write demands that the lease number is still ours. */
export interface SyncLog {
  state(districtId: string): Promise<DistrictState>;
  get(districtId: string, syncId: string): Promise<Sync | null>;
  /** Finds a sync by its id alone. */
  find(syncId: string): Promise<Sync | null>;
  /** Newest first. */
  list(districtId: string, limit: number): Promise<readonly Sync[]>;
  /**
   * Writes the sync and the district's state in one step, if the lease number is still ours and (where the sync exists)
   * its state is `from`. False otherwise: someone newer works here, stop.
   */
  save(lease: Lease, sync: Sync, from: Sync['state'] | null, state?: DistrictState): Promise<boolean>;
  /**
   * Takes states off the sync's `untold`: the outside knows them. Needs no lease; where the sync is written at the same
   * moment nothing happens, and the states are told once more.
   */
  markTold(districtId: string, syncId: string, states: readonly Sync['state'][]): Promise<void>;
  /** Writes the district's state alone, if the lease number is still ours. */
  saveState(lease: Lease, state: DistrictState): Promise<boolean>;
}
