import { memoryCommandLog } from '../../lib/adapters/memory/command-log.ts';
import { memoryDeliveryLedger } from '../../lib/adapters/memory/delivery-ledger.ts';
import { memoryDistricts } from '../../lib/adapters/memory/districts.ts';
import { MemoryEvents } from '../../lib/adapters/memory/events.ts';
import { memoryLeases } from '../../lib/adapters/memory/leases.ts';
import { MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import { type EntityTag, MemoryObjects } from '../../lib/adapters/memory/objects.ts';
import { memoryPlanStore } from '../../lib/adapters/memory/plan-store.ts';
import { memoryPortal } from '../../lib/adapters/memory/portal.ts';
import { memoryRosterTable } from '../../lib/adapters/memory/roster-table.ts';
import { memorySyncLog } from '../../lib/adapters/memory/sync-log.ts';
import { memoryWatchLog } from '../../lib/adapters/memory/watch-log.ts';
import { uploadFailedEvent } from '../../lib/contracts/transfer-events.ts';
import { bareTag } from '../../lib/core/delivery/failed-upload.ts';
import type { PortalPorts } from '../../lib/flows/portal.ts';
import type { Ids } from '../../lib/ports/clock.ts';
import type { UploadedObject } from '../../lib/ports/objects.ts';
import { Faults } from './faults.ts';
import { observedPorts } from './observed-ports.ts';
import { ReadObjects, simulatedReader } from './reader.ts';
import type { Omissions, Scenario, Stray } from './scenario.ts';
import { Scheduler } from './scheduler.ts';
import { Trace } from './trace.ts';
import { UploadedVersions } from './uploaded-versions.ts';
import type { Export, Piece } from './uploads.ts';
import { Witness } from './witness.ts';
import { type Consume, WorkQueues } from './work-queues.ts';
import type { Worker } from './worker.ts';
import { type AllPorts, portsOfWorker } from './worker-ports.ts';

/** Takes a part of the safety away, to see whether anybody notices. Gets the ports as the adapters make them. */
export interface Sabotage {
  readonly name: string;
  readonly ports?: (ports: AllPorts, store: MemoryStore) => AllPorts;
  readonly entityTag?: EntityTag;
  /** Changes a message that a worker gets, its command for instance. */
  readonly message?: (body: string) => string;
}

/** Name of the landing bucket. */
export const LANDING = 'landing';

/** The landing bucket is encrypted with KMS: equal bytes get different tags there. */
const tagOfVersion: EntityTag = (_bytes, versionId) => `"${versionId}"`;

/** Everything that exists in one run. */
export class World {
  readonly scenario: Scenario;
  readonly scheduler = new Scheduler();
  readonly trace: Trace;
  readonly faults: Faults;
  readonly store = new MemoryStore();
  readonly objects: MemoryObjects;
  readonly versions = new UploadedVersions();
  readonly witness = new Witness(this.store, this.scheduler, this.versions);
  readonly queues: WorkQueues;
  readonly portal: PortalPorts;
  readonly events = new MemoryEvents();
  readonly sabotage: Sabotage | null;
  readonly #read = new ReadObjects();
  readonly #ports: AllPorts;

  constructor(scenario: Scenario, omitted: Omissions, consume: Consume, tracing: boolean, sabotage: Sabotage | null) {
    this.scenario = scenario;
    this.sabotage = sabotage;
    this.objects = new MemoryObjects(this.scheduler, sabotage?.entityTag ?? tagOfVersion);
    this.trace = new Trace(this.scheduler, tracing);
    this.faults = new Faults(scenario.seed, scenario.rates, omitted.faults);
    this.queues = new WorkQueues(this.scheduler, this.faults, this.trace, scenario.visibilitySeconds, consume);
    for (const { settings } of scenario.districts)
      this.store.settings.set(settings.districtId, { settings, version: 1 });
    const ids = countedIds(this.scheduler);
    this.portal = { portal: memoryPortal(this.store), clock: this.scheduler, ids };
    const ports: AllPorts = {
      clock: this.scheduler,
      ids,
      leaseSeconds: scenario.leaseSeconds,
      districts: memoryDistricts(this.store),
      leases: memoryLeases(this.store, this.scheduler),
      ledger: memoryDeliveryLedger(this.store),
      log: memorySyncLog(this.store),
      landing: this.objects,
      queues: this.queues,
      archive: this.objects.archive,
      roster: memoryRosterTable(this.store),
      plans: memoryPlanStore(),
      commands: memoryCommandLog(),
      watchLog: memoryWatchLog(this.store),
      events: this.events,
      reader: simulatedReader(this.objects.archive, this.#read, (key) => this.versions.keyOf(key)),
    };
    this.#ports = sabotage?.ports?.(ports, this.store) ?? ports;
  }

  /** The ports as they are, for what comes after the faults. */
  get ports(): AllPorts {
    return this.#ports;
  }

  portsOf(worker: Worker): AllPorts {
    const observed = observedPorts(this.#ports, worker, this.witness, this.versions, this.store);
    return portsOfWorker({ ...this.#ports, ...observed }, worker, this.witness);
  }

  /** Schedules an object that nobody may touch. */
  scheduleStray({ key, text, atMillis }: Stray): void {
    this.scheduler.after(atMillis, () => {
      const object = this.objects.upload(key, new TextEncoder().encode(text));
      this.trace.say(() => `PUT ${key}`);
      this.queues.send('uploads', eventOf(object), 0);
    });
  }

  /** Parses all that will be put, then schedules that it is put. */
  async schedule(of: Export, districtId: string): Promise<void> {
    for (const piece of of.pieces) {
      const bytes = ReadObjects.bytesOf(piece);
      const read = await ReadObjects.parse(piece);
      this.scheduler.after(piece.atMillis, () => {
        const object = this.objects.upload(piece.key, bytes);
        this.#read.add(piece.key, object.eTag, read);
        this.trace.say(() => `PUT ${object.key} ${object.versionId} of ${of.name}${piece.cut ? ' (cut)' : ''}`);
        this.versions.put({ object, districtId, of, piece, putMillis: this.scheduler.elapsed, replacedMillis: null });
        this.queues.send('uploads', eventOf(object), 0);
        this.#scheduleFailure(piece, object);
      });
    }
  }

  /** Transfer's word that an upload failed; without quotes around the tag. */
  #scheduleFailure({ failedAfterMillis }: Piece, { key, eTag }: UploadedObject): void {
    if (failedAfterMillis === undefined) return;
    const failed = { key, eTag: bareTag(eTag), endedAt: this.scheduler.now().toISOString() };
    this.scheduler.after(failedAfterMillis, () => {
      this.trace.say(() => `FAILED ${key} ${eTag}`);
      this.queues.send('uploads', uploadFailedEvent(LANDING, failed), 0);
    });
  }
}

/** S3's own event (facts: AWS §2): keys are form-url-encoded. */
const eventOf = ({ key, versionId, bytes }: UploadedObject) => ({
  Records: [
    { eventName: 'ObjectCreated:Put', s3: { object: { key: encodeURIComponent(key), versionId, size: bytes } } },
  ],
});

/** Ids that count: unique, time-ordered, the same in every repetition. */
function countedIds(scheduler: Scheduler): Ids {
  let count = 0;
  const compact = (iso: string) => iso.replaceAll(/[-:.]/g, '');
  return {
    next: (prefix) => `${prefix}-${compact(scheduler.now().toISOString())}-${String(++count).padStart(6, '0')}`,
    deliveryOf: (lastModified, fileId) => `d-${compact(lastModified)}-${fileId}`,
    productId: () => `product-${++count}`,
  };
}
