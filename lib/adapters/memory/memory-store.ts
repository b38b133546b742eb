import type { DistrictSettings } from '../../core/district/settings.ts';
import type { RecordKind } from '../../core/oneroster/kinds.ts';
import type { CommandResult } from '../../core/sync/command.ts';
import type { Delivery, DeliveryFile, DistrictState, Sync } from '../../core/sync/sync.ts';
import type { VersionedDeparture } from '../../ports/departures.ts';
import type { WatchMemory } from '../../ports/watch-log.ts';

/** A record as plain values: text, true or false, lists as arrays. Tests may put anything into a field. */
export interface MemoryRecord {
  source: string;
  status: unknown;
  productId: string;
  fields: Record<string, unknown>;
  /** What the index keys and school rows were made from when a sync wrote the record. */
  indexed: string;
  schoolRows: readonly string[];
  syncId: string | null;
  syncedAt: string | null;
  inactiveSince: string | null;
  editedAt: string | null;
  /** R12; null for all but the old record of a re-key. */
  movedTo: string | null;
}

export interface MemorySchoolRow {
  readonly orgSourcedId: string;
  readonly role: string;
  readonly userSourcedId: string;
  readonly productId: string;
}

export interface MemoryLease {
  number: number;
  /** '' when free or handed over. */
  holder: string;
  expiresAtMillis: number;
  handedTo: string | null;
}

/** Maps that are made on first use. */
export class MapOfMaps<V> {
  readonly #maps = new Map<string, Map<string, V>>();

  of(...key: readonly string[]): Map<string, V> {
    const name = JSON.stringify(key);
    const known = this.#maps.get(name);
    if (known !== undefined) return known;
    const map = new Map<string, V>();
    this.#maps.set(name, map);
    return map;
  }

  /** The maps whose keys begin with this part, each with its key. */
  below(first: string): readonly { readonly key: readonly string[]; readonly map: Map<string, V> }[] {
    return [...this.#maps]
      .map(([name, map]) => ({ key: JSON.parse(name) as readonly string[], map }))
      .filter(({ key }) => key[0] === first);
  }
}

/**
 * The state table as plain maps, shared by the memory adapters of one world. Each adapter method reads and writes in
 * one synchronous step, which is the atomicity that a transaction gives.
 */
export class MemoryStore {
  /** Records by district, kind, and `synced` or `manual`. */
  readonly records = new MapOfMaps<MemoryRecord>();
  /** Rows of schools by district and org. */
  readonly schoolRows = new MapOfMaps<MemorySchoolRow>();
  readonly fences = new MapOfMaps<number>();
  readonly leases = new Map<string, MemoryLease>();
  /** Open sets by district, then folder. */
  readonly sets = new MapOfMaps<{ readonly deliveryId: string; readonly openedAt: string }>();
  readonly deliveries = new MapOfMaps<Delivery>();
  /** Files by district and delivery, then name. */
  readonly files = new MapOfMaps<DeliveryFile>();
  /** The delivery of each claimed loose file, by district, then fileId. */
  readonly claims = new MapOfMaps<string>();
  /** When failed uploads ended, by district, then folder, name and tag. */
  readonly bars = new MapOfMaps<string>();
  readonly syncs = new MapOfMaps<Sync>();
  /** Syncs by id alone. */
  readonly syncIndex = new Map<string, Sync>();
  readonly states = new Map<string, DistrictState>();
  /** What `watch` remembers, by district. */
  readonly watches = new Map<string, { memory: WatchMemory; version: number; writer: string }>();
  /** Results of commands by district, then command. */
  readonly commands = new MapOfMaps<CommandResult>();
  /** Districts that have left. */
  readonly departures = new Map<string, VersionedDeparture>();
  readonly settings = new Map<string, { readonly settings: DistrictSettings; readonly version: number }>();

  /** Synced records by sourcedId. */
  synced(districtId: string, kind: RecordKind): Map<string, MemoryRecord> {
    return this.records.of(districtId, kind, 'synced');
  }

  /** Manual records by productId. */
  manual(districtId: string, kind: RecordKind): Map<string, MemoryRecord> {
    return this.records.of(districtId, kind, 'manual');
  }

  /** Users of a school, by role and id. */
  school(districtId: string, orgSourcedId: string): Map<string, MemorySchoolRow> {
    return this.schoolRows.of(districtId, orgSourcedId);
  }
}
