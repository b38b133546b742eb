import type { RecordKind } from '../../../lib/core/oneroster/kinds.ts';
import type { Clock } from '../../../lib/ports/clock.ts';
import type { CommandLog } from '../../../lib/ports/command-log.ts';
import type { Departures } from '../../../lib/ports/departures.ts';
import type { DistrictRows } from '../../../lib/ports/district-rows.ts';
import type { Districts } from '../../../lib/ports/districts.ts';
import type { ExpiredHistory } from '../../../lib/ports/expired-history.ts';
import type { ExpiredRecords } from '../../../lib/ports/expired-records.ts';
import type { DeliveryLedger, Leases, SyncLog } from '../../../lib/ports/ledger.ts';
import type { PortalRoster } from '../../../lib/ports/portal.ts';
import type { RosterTable } from '../../../lib/ports/roster-table.ts';
import type { SignOnRoster } from '../../../lib/ports/sso/sign-on-roster.ts';
import type { Sessions, Tenants } from '../../../lib/ports/sso/sign-on-store.ts';
import type { WatchLog } from '../../../lib/ports/watch-log.ts';

/** A clock that a test moves. */
export class TestClock implements Clock {
  #millis = Date.parse('2026-11-23T18:00:00.000Z');

  now(): Date {
    return new Date(this.#millis);
  }

  advanceSeconds(seconds: number): void {
    this.#millis += seconds * 1000;
  }
}

/** A stored record as a person with table access sees it: plain values, without keys. */
export interface RawRecord {
  readonly source: unknown;
  readonly status: unknown;
  readonly productId: unknown;
  readonly syncId: unknown;
  readonly syncedAt: unknown;
  readonly inactiveSince: unknown;
  readonly editedAt: unknown;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** All adapters of the state table over one store, and hands to reach around them. */
export interface TableWorld {
  readonly clock: TestClock;
  readonly roster: RosterTable;
  readonly portal: PortalRoster;
  readonly leases: Leases;
  readonly ledger: DeliveryLedger;
  readonly syncs: SyncLog;
  readonly districts: Districts;
  readonly watchLog: WatchLog;
  readonly commands: CommandLog;
  readonly departures: Departures;
  readonly rows: DistrictRows;
  readonly expired: ExpiredRecords;
  readonly history: ExpiredHistory;
  readonly signOn: { readonly roster: SignOnRoster; readonly sessions: Sessions; readonly tenants: Tenants };
  record(districtId: string, kind: RecordKind, sourcedId: string): Promise<RawRecord | null>;
  /** Sets an attribute of a synced record by hand, to anything; undefined removes it. */
  setAttribute(districtId: string, kind: RecordKind, id: string, name: string, value: unknown): Promise<void>;
  /** The users of a school, each as `role#user=productId`, sorted. */
  usersOfSchool(districtId: string, orgSourcedId: string): Promise<readonly string[]>;
}

let districts = 0;

/** A district that no other test uses. */
export const newDistrict = (): string => `district-${process.pid}-${++districts}`;

let tenants = 0;

/** A ClassLink tenant that no other test uses. */
export const newTenant = (): number => process.pid * 1000 + ++tenants;

/** Everything that an iteration yields, in one array. */
export async function collect<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}
