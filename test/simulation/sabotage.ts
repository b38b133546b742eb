import { tagOfBytes } from '../../lib/adapters/memory/objects.ts';
import type { TableEvent } from '../../lib/core/delivery/table-file.ts';
import type { RosterTable } from '../../lib/ports/roster-table.ts';
import { LOOSE } from './district-habits.ts';
import type { Sabotage } from './world.ts';

/**
 * Parts of the safety, each taken away by a port that does not do what it promises. Every one must be noticed by an
 * invariant (docs/decisions/0031-simulation.md says by which), else the simulation could not fail.
 */
export const SABOTAGES: readonly Sabotage[] = [
  {
    name: 'fence: a write does not look at the fence row',
    ports: (ports, store) => ({
      ...ports,
      roster: {
        ...ports.roster,
        writeChanges(districtId, { lane, number }, changes, stamp) {
          const now = store.fences.of(districtId).get(String(lane)) ?? number;
          return ports.roster.writeChanges(districtId, { lane, number: now }, changes, stamp);
        },
      },
    }),
  },
  {
    name: 'fence: raised after the table was read',
    ports(ports, store) {
      const late = new Map<string, number>();
      return {
        ...ports,
        roster: {
          ...ports.roster,
          async raiseFences(districtId, number) {
            // An apply reads nothing; without its number on the rows it could not write at all.
            const applies = (store.states.get(districtId)?.applyingSyncId ?? null) !== null;
            if (applies) return ports.roster.raiseFences(districtId, number);
            late.set(districtId, number);
            return true;
          },
        },
        log: {
          ...ports.log,
          async save(lease, sync, from, state) {
            const number = late.get(lease.districtId);
            if (sync.state !== 'planning' && number === lease.number) {
              late.delete(lease.districtId);
              await ports.roster.raiseFences(lease.districtId, number);
            }
            return ports.log.save(lease, sync, from, state);
          },
        },
      };
    },
  },
  {
    name: 'lease: everybody gets it, with one number for all',
    ports: (ports, store) => ({
      ...ports,
      leases: {
        async take(districtId, holder) {
          store.leases.set(districtId, { number: 1, holder, expiresAtMillis: 0, handedTo: null });
          return { districtId, holder, number: 1 };
        },
        renew: async () => true,
        handOver: async () => {},
        release: async () => {},
        isFree: async () => true,
      },
    }),
  },
  {
    name: 'quiet time: none',
    ports: (ports) => ({
      ...ports,
      queues: {
        sendUploads: (message, seconds) => ports.queues.sendUploads(message, message.type === 'settle' ? 0 : seconds),
        sendPlan: (message, seconds) => ports.queues.sendPlan(message, seconds),
        sendApply: (message, seconds) => ports.queues.sendApply(message, seconds),
      },
    }),
  },
  {
    name: 'R5: a damaged row counts as missing',
    ports: (ports) => ({
      ...ports,
      reader: {
        async open(...args) {
          const upload = await ports.reader.open(...args);
          const entries = upload.entries.map((entry) => ({ ...entry, read: () => withoutDamagedRows(entry.read()) }));
          return { ...upload, entries };
        },
      },
    }),
  },
  {
    name: 'delete: without If-Match',
    ports: (ports) => ({
      ...ports,
      landing: {
        head: (key) => ports.landing.head(key),
        list: (prefix) => ports.landing.list(prefix),
        copyToArchive: (object, key) => ports.landing.copyToArchive(object, key),
        async remove(object) {
          const current = await ports.landing.head(object.key);
          return ports.landing.remove(current ?? object);
        },
      },
    }),
  },
  { name: 'delete: equal bytes have equal entity tags', entityTag: tagOfBytes },
  {
    name: 'set: claimed versions are forgotten',
    ports: (ports, store) => ({
      ...ports,
      ledger: {
        ...ports.ledger,
        claimedBy: async () => null,
        addFile(districtId, folder, deliveryId, file) {
          store.claims.of(districtId).clear();
          return ports.ledger.addFile(districtId, folder, deliveryId, file);
        },
      },
    }),
  },
  {
    name: 'set: sealed although a file came or was replaced since',
    ports: (ports, store) => ({
      ...ports,
      ledger: {
        ...ports.ledger,
        seal: (delivery) =>
          ports.ledger.seal(delivery, [...store.files.of(delivery.districtId, delivery.deliveryId).values()]),
      },
    }),
  },
  {
    name: 'set: nobody looks what else lies in the folder',
    ports: (ports) => ({
      ...ports,
      landing: {
        head: (key) => ports.landing.head(key),
        list: async () => [],
        copyToArchive: (object, key) => ports.landing.copyToArchive(object, key),
        remove: (object) => ports.landing.remove(object),
      },
    }),
  },
  {
    name: 'failed upload: taken for whole',
    ports: (ports) => ({ ...ports, ledger: { ...ports.ledger, barredAmong: async () => [] } }),
  },
  {
    name: 'approval: the revision is not compared',
    ports: (ports, store) => ({
      ...ports,
      log: {
        ...ports.log,
        async get(districtId, syncId) {
          const sync = await ports.log.get(districtId, syncId);
          return sync?.state === 'held' ? { ...sync, basis: store.states.get(districtId)?.revision ?? 0 } : sync;
        },
      },
    }),
  },
  {
    name: 'undo: conflicts are overwritten',
    message: (body) => body.replace('"force":false', '"force":true'),
  },
  {
    name: 'usual: an undo leaves it',
    ports: (ports, store) => ({
      ...ports,
      log: {
        ...ports.log,
        save(lease, sync, from, state) {
          const usual = store.states.get(sync.districtId)?.lastApplied?.profile;
          const isUndo = sync.origin === 'undo' && sync.state === 'applied';
          if (!isUndo || !state?.lastApplied || usual === undefined) return ports.log.save(lease, sync, from, state);
          const lastApplied = { ...state.lastApplied, profile: usual };
          return ports.log.save(lease, sync, from, { ...state, lastApplied });
        },
      },
    }),
  },
  {
    name: 'limits: nobody keeps them',
    ports: (ports) => ({
      ...ports,
      districts: {
        ...ports.districts,
        async get(districtId) {
          const district = await ports.districts.get(districtId);
          return district && { ...district, settings: { ...district.settings, limits: LOOSE, rollOver: [] } };
        },
      },
    }),
  },
  {
    name: 'pause: planners do not see it',
    ports: (ports, store) => ({
      ...ports,
      log: {
        ...ports.log,
        state: async (districtId) => ({ ...(await ports.log.state(districtId)), syncPaused: false }),
        save: (lease, sync, from, state) => {
          const syncPaused = store.states.get(lease.districtId)?.syncPaused === true || sync.origin === 'undo';
          return ports.log.save(lease, sync, from, state && { ...state, syncPaused });
        },
      },
    }),
  },
  {
    name: 'delta: what it builds on does not matter',
    ports: (ports) => ({ ...ports, ledger: { ...ports.ledger, list: async () => [] } }),
  },
  {
    name: 'outbox: what a sync came to is not written as untold',
    ports: (ports) => ({
      ...ports,
      log: {
        ...ports.log,
        save: (lease, sync, from, state) => ports.log.save(lease, { ...sync, untold: [] }, from, state),
      },
    }),
  },
  {
    name: 'outbox: written as told before it is told',
    ports: (ports) => {
      const { log } = ports;
      return {
        ...ports,
        log: {
          ...log,
          async list(districtId, limit) {
            const syncs = await log.list(districtId, limit);
            for (const { syncId, untold } of syncs) await log.markTold(districtId, syncId, untold);
            return syncs;
          },
        },
      };
    },
  },
  {
    name: 'proof: a write loses a record',
    ports: (ports) => ({ ...ports, roster: lossy(ports.roster) }),
  },
  {
    name: 'proof: off, and a write loses a record',
    ports: (ports) => ({
      ...ports,
      roster: lossy(ports.roster),
      archive: {
        read: (key, start, endExclusive) => ports.archive.read(key, start, endExclusive),
        size: (key) => ports.archive.size(key),
        writeText: (key, text) => ports.archive.writeText(key, text),
        writer: (key) => ports.archive.writer(key),
        renew: (key) => ports.archive.renew(key),
        readText: async (key) => (key.includes('/promise') ? null : ports.archive.readText(key)),
      },
    }),
  },
];

/** Says that it wrote all, and leaves out the last change of a slice. */
const lossy = (roster: RosterTable): RosterTable => ({
  ...roster,
  writeChanges: (districtId, fence, changes, stamp) =>
    roster.writeChanges(districtId, fence, changes.slice(0, Math.max(1, changes.length - 1)), stamp),
});

/** Drops rows that the CSV reader or their width calls damaged: then nobody knows that they were there. */
async function* withoutDamagedRows(events: AsyncIterable<TableEvent>): AsyncGenerator<TableEvent> {
  let width: number | undefined;
  for await (const event of events) {
    if (event.type !== 'rows') {
      yield event;
      continue;
    }
    width ??= event.rows[0]?.cells.length;
    yield { ...event, rows: event.rows.filter(({ cells, fault }) => fault === null && cells.length === width) };
  }
}
