import { memoryCommandLog } from '../../lib/adapters/memory/command-log.ts';
import { memoryDeliveryLedger } from '../../lib/adapters/memory/delivery-ledger.ts';
import { memoryDepartures } from '../../lib/adapters/memory/departures.ts';
import { memoryDistrictRows } from '../../lib/adapters/memory/district-rows.ts';
import { memoryDistricts } from '../../lib/adapters/memory/districts.ts';
import { memoryExpiredHistory } from '../../lib/adapters/memory/expired-history.ts';
import { memoryExpiredRecords } from '../../lib/adapters/memory/expired-records.ts';
import { memoryLeases } from '../../lib/adapters/memory/leases.ts';
import { type MemoryRecord, MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import { memoryPortal } from '../../lib/adapters/memory/portal.ts';
import { memoryRosterTable } from '../../lib/adapters/memory/roster-table.ts';
import { memorySignOnRoster } from '../../lib/adapters/memory/sign-on-roster.ts';
import { memorySessions } from '../../lib/adapters/memory/sign-on-sessions.ts';
import { memoryTenants } from '../../lib/adapters/memory/sign-on-tenants.ts';
import { memorySyncLog } from '../../lib/adapters/memory/sync-log.ts';
import { memoryWatchLog } from '../../lib/adapters/memory/watch-log.ts';
import { type TableWorld, TestClock } from './conformance/world.ts';

const OWN = ['source', 'status', 'productId', 'syncId', 'syncedAt', 'inactiveSince', 'editedAt'];

/** The state table in memory. */
export function memoryWorld(): TableWorld {
  const clock = new TestClock();
  const store = new MemoryStore();
  return {
    clock,
    roster: memoryRosterTable(store),
    portal: memoryPortal(store),
    leases: memoryLeases(store, clock),
    ledger: memoryDeliveryLedger(store),
    syncs: memorySyncLog(store),
    districts: memoryDistricts(store),
    watchLog: memoryWatchLog(store),
    commands: memoryCommandLog(store),
    departures: memoryDepartures(store),
    rows: memoryDistrictRows(store),
    expired: memoryExpiredRecords(store),
    history: memoryExpiredHistory(store),
    signOn: { roster: memorySignOnRoster(store), sessions: memorySessions(), tenants: memoryTenants(store) },
    async record(districtId, kind, id) {
      const record = store.synced(districtId, kind).get(id);
      if (!record) return null;
      const { source, status, productId, syncId, syncedAt, inactiveSince, editedAt, fields } = record;
      return { source, status, productId, syncId, syncedAt, inactiveSince, editedAt, fields: { ...fields } };
    },
    async setAttribute(districtId, kind, id, name, value) {
      const record = store.synced(districtId, kind).get(id) as MemoryRecord;
      if (OWN.includes(name)) Object.assign(record, { [name]: name === 'productId' ? (value ?? '') : value });
      else if (value === undefined) delete record.fields[name];
      else record.fields[name] = value;
    },
    async usersOfSchool(districtId, org) {
      return [...store.school(districtId, org).values()]
        .map(({ role, userSourcedId, productId }) => `${role}#${userSourcedId}=${productId}`)
        .sort();
    },
  };
}
