import type { ClaimPorts } from '../../lib/flows/claim-ports.ts';
import type { CommandPorts } from '../../lib/flows/commands/command-ports.ts';
import type { WatchPorts } from '../../lib/flows/watch/watched-district.ts';
import type { DeliveryReader } from '../../lib/ports/delivery-reader.ts';
import type { Leases } from '../../lib/ports/ledger.ts';
import type { PlanStore } from '../../lib/ports/plan-store.ts';
import type { RosterTable } from '../../lib/ports/roster-table.ts';
import type { Witness } from './witness.ts';
import { EVERY_DISTRICT, type Worker } from './worker.ts';

/** All that a function of the pipeline works with. */
export type AllPorts = ClaimPorts & CommandPorts & WatchPorts;

/** Records of a transaction: few, so that small districts have many slices and cursors inside a section. */
const WEIGHT = 40;

/** The ports of one worker: every call is an event of its own, and may go wrong. */
export function portsOfWorker(ports: AllPorts, worker: Worker, witness: Witness): AllPorts {
  const through = <P extends object>(name: string, port: P): P => callsThrough(name, port, worker, witness);
  const { clock, ids, leaseSeconds } = ports;
  return {
    clock,
    ids,
    leaseSeconds,
    districts: through('districts', ports.districts),
    leases: leasesOf(through('leases', ports.leases), worker),
    ledger: through('ledger', ports.ledger),
    log: through('log', ports.log),
    landing: through('landing', ports.landing),
    queues: through('queues', ports.queues),
    archive: through('archive', ports.archive),
    commands: through('commands', ports.commands),
    watchLog: through('watchLog', ports.watchLog),
    events: through('events', ports.events),
    roster: rosterOf(ports.roster, through('roster', ports.roster), worker),
    plans: plansOf(ports.plans, worker),
    reader: readerOf(ports.reader, worker),
  };
}

/** A worker goes by the number that it was told. One that a doubled call took again it never hears of. */
const leasesOf = (through: Leases, worker: Worker): Leases => ({
  take: async (...args) => {
    const lease = await through.take(...args);
    if (lease !== null) worker.leaseNumber = lease.number;
    return lease;
  },
  renew: (...args) => through.renew(...args),
  handOver: (...args) => through.handOver(...args),
  release: (...args) => through.release(...args),
  isFree: (...args) => through.isFree(...args),
});

/** Calls that only look: nothing of them can arrive later. */
const LOOKS = /^(?:get|list|head|state|find|files|waiting|openSets|claimedBy|barredAmong|size|read|readText|isFree)$/;

function callsThrough<P extends object>(name: string, port: P, worker: Worker, witness: Witness): P {
  return new Proxy(port, {
    get(target, property) {
      const method = Reflect.get(target, property) as (...args: readonly unknown[]) => Promise<unknown>;
      const what = `${name}.${String(property)}`;
      return (...args: readonly unknown[]) => {
        const foreign = args.map(districtOf).find((each) => each !== null && each !== worker.districtId);
        if (foreign !== undefined && worker.districtId !== EVERY_DISTRICT)
          witness.say('district', `${what} of ${foreign} by a worker of ${worker.districtId}`);
        let times = 0;
        const effect = () => {
          worker.isEcho = times++ > 0;
          return method.apply(target, [...args]);
        };
        return worker.call(what, effect, !LOOKS.test(String(property)));
      };
    },
  });
}

/** The district that an argument is about: a sync, delivery, lease or message, or a key. */
function districtOf(argument: unknown): string | null {
  if (typeof argument === 'string') return /^(?:home|deliveries|plans)\/([^/]+)\//.exec(argument)?.[1] ?? null;
  if (typeof argument !== 'object' || argument === null) return null;
  const { districtId, key } = argument as { districtId?: unknown; key?: unknown };
  return typeof districtId === 'string' ? districtId : typeof key === 'string' ? districtOf(key) : null;
}

const rosterOf = (observed: RosterTable, through: RosterTable, worker: Worker): RosterTable => ({
  raiseFences: (...args) => through.raiseFences(...args),
  writeChanges: (...args) => through.writeChanges(...args),
  readSynced: (districtId, kind) =>
    batchesThrough(`roster.read ${kind}`, observed.readSynced(districtId, kind), worker),
  readManualUsers: (districtId) => batchesThrough('roster.read manual', observed.readManualUsers(districtId), worker),
  weightOf: () => WEIGHT,
});

const plansOf = (plans: PlanStore, worker: Worker): PlanStore => ({
  writer(prefix) {
    const writer = plans.writer(prefix);
    return { ...writer, end: () => worker.call('plans.end', () => writer.end(), false) };
  },
  renew: (prefix) => worker.call('plans.renew', () => plans.renew(prefix), false),
  readSection: (prefix, section, offset) =>
    batchesThrough(`plans.read ${section.name}`, plans.readSection(prefix, section, offset), worker),
});

const readerOf = (reader: DeliveryReader, worker: Worker): DeliveryReader => ({
  async open(...args) {
    const upload = await worker.call('reader.open', () => reader.open(...args), false);
    const entries = upload.entries.map((entry) => ({
      ...entry,
      async *read() {
        await worker.call(`reader.read ${entry.path}`, async () => null, false);
        yield* entry.read();
      },
    }));
    return { ...upload, entries };
  },
});

/** Each batch is a call of its own. */
async function* batchesThrough<T>(what: string, batches: AsyncIterable<T>, worker: Worker): AsyncGenerator<T> {
  const iterator = batches[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await worker.call(what, () => iterator.next(), false);
    if (done) return;
    yield value;
  }
}
