import { memoryDeliveryLedger } from '../../../lib/adapters/memory/delivery-ledger.ts';
import { memoryDistricts } from '../../../lib/adapters/memory/districts.ts';
import { MemoryEvents } from '../../../lib/adapters/memory/events.ts';
import { memoryLeases } from '../../../lib/adapters/memory/leases.ts';
import { MemoryStore } from '../../../lib/adapters/memory/memory-store.ts';
import { MemoryQueues } from '../../../lib/adapters/memory/queues.ts';
import { memorySyncLog } from '../../../lib/adapters/memory/sync-log.ts';
import { memoryWatchLog } from '../../../lib/adapters/memory/watch-log.ts';
import { districtSettingsSchema } from '../../../lib/core/district/settings.ts';
import { NEW_DISTRICT_STATE } from '../../../lib/core/sync/new-district.ts';
import { EMPTY_SYNC } from '../../../lib/core/sync/new-sync.ts';
import type { Delivery, DeliveryFile, DistrictState, Sync } from '../../../lib/core/sync/sync.ts';
import type { WatchPorts } from '../../../lib/flows/watch/watched-district.ts';
import { type WatchOutcome, watchDistricts } from '../../../lib/flows/watch-districts.ts';

export const MAPLE = 'maple-unified';
export const CEDAR = 'cedar-city';

/** Monday to Friday at 02:30 in New York, two hours of grace. */
export const SCHOOL_NIGHTS = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], time: '02:30' };

/** Districts in memory that only `watch` looks after; the test is the clock. It starts on Sunday, 22 November 2026, noon. */
export class WatchWorld {
  #now = Date.parse('2026-11-22T17:00:00.000Z');
  #watches = 0;
  readonly clock = { now: () => new Date(this.#now) };
  readonly store = new MemoryStore();
  readonly queues = new MemoryQueues(this.clock);
  readonly events = new MemoryEvents();
  readonly ports: WatchPorts = {
    clock: this.clock,
    districts: memoryDistricts(this.store),
    leases: memoryLeases(this.store, this.clock),
    ledger: memoryDeliveryLedger(this.store),
    log: memorySyncLog(this.store),
    queues: this.queues,
    watchLog: memoryWatchLog(this.store),
    events: this.events,
  };

  /** Adds a district, or gives it other settings. */
  async district(districtId: string, settings: object = {}): Promise<void> {
    const version = (await this.ports.districts.get(districtId))?.version ?? 0;
    await this.ports.districts.save(
      districtSettingsSchema.parse({ districtId, name: districtId, ...settings }),
      version,
    );
  }

  /** Sets the clock; it never goes back. */
  goTo(iso: string): void {
    const next = Date.parse(iso);
    if (next < this.#now) throw new Error(`the clock would go back to ${iso}`);
    this.#now = next;
  }

  wait(minutes: number): void {
    this.#now += minutes * 60_000;
  }

  /** One watch. Fails the test where it could not look at something. */
  async watch(ports = this.ports): Promise<WatchOutcome> {
    const outcome = await watchDistricts(ports, `watch-${++this.#watches}`);
    for (const { thrown } of outcome.failures) throw thrown;
    return outcome;
  }

  /** A watch every quarter of an hour, until then. */
  async watchUntil(iso: string): Promise<void> {
    for (; this.#now + 15 * 60_000 <= Date.parse(iso); this.wait(15)) await this.watch();
    this.goTo(iso);
    await this.watch();
  }

  /** What was told since the last time, without the district: `type` and what names it. */
  told(): readonly string[] {
    return this.events.emitted.splice(0).map((event) => {
      const { type, districtId, ...rest } = event;
      const shown = { localDate: '', syncId: '', deliveryId: '', ...rest };
      return `${districtId} ${type} ${shown.localDate}${shown.syncId}${shown.deliveryId}`;
    });
  }

  /** A delivery arrives now, whole, and is planned at once. `bytes` names its content. */
  async deliver(districtId: string, bytes: string = this.clock.now().toISOString(), more: Partial<Delivery> = {}) {
    const delivery = await this.leaveWaiting(districtId, bytes, more);
    const lease = await this.ports.leases.take(districtId, 'plan', 60);
    if (lease === null) throw new Error('the lease is not free');
    if (delivery.state === 'received') {
      const { deliveryId } = delivery;
      const at = this.clock.now().toISOString();
      const identity = {
        districtId,
        deliveryId,
        syncId: `s${deliveryId.slice(1)}`,
        createdAt: at,
        endedAt: at,
        attempt: 1,
      };
      const sync: Sync = { ...EMPTY_SYNC, ...identity, state: 'unchanged', content: bytes };
      await this.ports.log.save(lease, sync, null);
      await this.ports.ledger.settle(lease, delivery, 'planned', sync.syncId);
    }
    await this.ports.leases.release(lease);
    return delivery;
  }

  /** A delivery arrives now, and nobody plans it. */
  async leaveWaiting(districtId: string, bytes = '', more: Partial<Delivery> = {}): Promise<Delivery> {
    const at = this.clock.now().toISOString();
    const deliveryId = `d-${at}`;
    const delivery: Delivery = {
      ...{ districtId, deliveryId, state: 'received', folder: '', packaging: 'zip', order: at, hasDelta: false },
      ...{ bulkFiles: ['users'], deltaFiles: [], openedAt: at, receivedAt: at, syncId: null },
      ...more,
    };
    await this.ports.ledger.create(delivery, [file(`${at}.zip`, bytes, at)]);
    return delivery;
  }

  /** A loose file opens a set, and the rest never comes. */
  async openSet(districtId: string, folder = ''): Promise<string> {
    const at = this.clock.now().toISOString();
    const { deliveryId } = await this.ports.ledger.openSet(districtId, folder, `d-${at}-${folder}`, at);
    await this.ports.ledger.addFile(districtId, folder, deliveryId, file('users.csv', 'u', at));
    return deliveryId;
  }

  /** Puts the district's running state as it would be after something happened. */
  setState(districtId: string, state: Partial<DistrictState>): void {
    this.store.states.set(districtId, { ...NEW_DISTRICT_STATE, ...this.store.states.get(districtId), ...state });
  }

  /** A sync that is held since now. */
  hold(districtId: string, syncId: string): void {
    const createdAt = this.clock.now().toISOString();
    const holds = [
      { code: 'removals', message: 'many' },
      { code: 'removals', message: 'many more' },
      { code: 'row-drop', message: 'fewer' },
    ] as const;
    const identity = { districtId, syncId, deliveryId: `d${syncId.slice(1)}`, attempt: 1, createdAt };
    const sync: Sync = { ...EMPTY_SYNC, ...identity, state: 'held', holds };
    this.store.syncs.of(districtId).set(syncId, sync);
    this.setState(districtId, { heldSyncIds: [...(this.store.states.get(districtId)?.heldSyncIds ?? []), syncId] });
  }
}

const file = (name: string, bytes: string, at: string): DeliveryFile => ({
  fileId: `f-${name}-${at}`,
  name,
  key: `deliveries/${name}`,
  bytes: bytes.length,
  eTag: `"${bytes}"`,
  lastModified: at,
});
