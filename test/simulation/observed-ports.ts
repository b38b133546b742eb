import type { MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import { NEW_DISTRICT_STATE } from '../../lib/core/sync/new-district.ts';
import type { Delivery } from '../../lib/core/sync/sync.ts';
import type { DeliveryLedger, Leases, SyncLog } from '../../lib/ports/ledger.ts';
import type { Archive, Landing } from '../../lib/ports/objects.ts';
import type { RosterTable } from '../../lib/ports/roster-table.ts';
import type { UploadedVersions } from './uploaded-versions.ts';
import type { Witness } from './witness.ts';
import type { Worker } from './worker.ts';

/** The ports whose effects the witness looks at. */
export interface WatchedPorts {
  readonly leases: Leases;
  readonly ledger: DeliveryLedger;
  readonly log: SyncLog;
  readonly roster: RosterTable;
  readonly landing: Landing;
  readonly archive: Archive;
}

/** The same ports, with the witness beside each effect. What a worker is told about it comes later, or never. */
export function observedPorts(
  ports: WatchedPorts,
  worker: Worker,
  witness: Witness,
  versions: UploadedVersions,
  store: MemoryStore,
): WatchedPorts {
  return {
    leases: ports.leases,
    ledger: {
      ...ports.ledger,
      async waiting(districtId) {
        witness.looks(worker);
        return ports.ledger.waiting(districtId);
      },
      async list(districtId, limit) {
        if (worker.approves) witness.looks(worker);
        return ports.ledger.list(districtId, limit);
      },
      async bar(districtId, failed) {
        await ports.ledger.bar(districtId, failed);
        versions.failed(districtId, failed, witness.scheduler.steps);
      },
      async files(districtId, deliveryId) {
        witness.takesUp(worker);
        return ports.ledger.files(districtId, deliveryId);
      },
      async create(delivery, files) {
        const before = stateOf(store, delivery);
        const outcome = await ports.ledger.create(delivery, files);
        if (before !== stateOf(store, delivery)) witness.received(worker, delivery);
        if (delivery.state === 'received') witness.waits(delivery.deliveryId);
        return outcome;
      },
      async seal(delivery, files) {
        const before = stateOf(store, delivery);
        const outcome = await ports.ledger.seal(delivery, files);
        if (before !== stateOf(store, delivery)) witness.received(worker, delivery);
        if (outcome === 'sealed' && delivery.state === 'received') witness.waits(delivery.deliveryId);
        return outcome;
      },
    },
    log: {
      ...ports.log,
      async save(lease, sync, from, state) {
        const before = store.syncs.of(sync.districtId).get(sync.syncId) ?? null;
        const stateBefore = store.states.get(sync.districtId) ?? NEW_DISTRICT_STATE;
        const saved = await ports.log.save(lease, sync, from, state);
        const after = store.syncs.of(sync.districtId).get(sync.syncId) ?? null;
        if (after !== null && after !== before) witness.saved(worker, before, after, stateBefore);
        return saved;
      },
      async saveState(lease, state) {
        const before = store.states.get(lease.districtId) ?? NEW_DISTRICT_STATE;
        const saved = await ports.log.saveState(lease, state);
        if (saved && before.syncPaused !== state.syncPaused && worker.pauses !== null)
          witness.pausedBy(lease.districtId, worker.pauses);
        return saved;
      },
    },
    roster: {
      ...ports.roster,
      readSynced(districtId, kind) {
        return readObserved(() => witness.reads(worker, kind), ports.roster.readSynced(districtId, kind));
      },
      async raiseFences(districtId, number) {
        const raised = await ports.roster.raiseFences(districtId, number);
        if (raised) witness.raised(districtId, number);
        return raised;
      },
      async writeChanges(districtId, fence, changes, stamp) {
        const outcome = await ports.roster.writeChanges(districtId, fence, changes, stamp);
        if (outcome === 'written') witness.wrote(districtId, fence.number, changes, stamp.syncId);
        return outcome;
      },
    },
    archive: {
      read: (key, start, endExclusive) => ports.archive.read(key, start, endExclusive),
      size: (key) => ports.archive.size(key),
      readText: (key) => ports.archive.readText(key),
      renew: (key) => ports.archive.renew(key),
      writer: (key) => ports.archive.writer(key),
      async writeText(key, text) {
        await ports.archive.writeText(key, text);
        if (key.endsWith('/summary.json')) witness.judge.summarized(key, text);
      },
    },
    landing: {
      head: (key) => ports.landing.head(key),
      list: (prefix) => ports.landing.list(prefix),
      remove: (object) => ports.landing.remove(object),
      async copyToArchive(object, archiveKey) {
        if (!worker.isEcho) witness.takesUp(worker);
        const outcome = await ports.landing.copyToArchive(object, archiveKey);
        if (outcome === 'copied') versions.archived(object, archiveKey);
        return outcome;
      },
    },
  };
}

const stateOf = (store: MemoryStore, { districtId, deliveryId }: Delivery) =>
  store.deliveries.of(districtId).get(deliveryId)?.state;

async function* readObserved<T>(begin: () => void, batches: AsyncIterable<T>): AsyncGenerator<T> {
  begin();
  yield* batches;
}
