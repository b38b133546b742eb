import { createHash } from 'node:crypto';
import { memoryDepartures } from '../../../lib/adapters/memory/departures.ts';
import { memoryDistrictRows } from '../../../lib/adapters/memory/district-rows.ts';
import { memoryExpiredHistory } from '../../../lib/adapters/memory/expired-history.ts';
import { memoryExpiredRecords } from '../../../lib/adapters/memory/expired-records.ts';
import type { MapOfMaps } from '../../../lib/adapters/memory/memory-store.ts';
import type { OffboardMessage, PurgesMessage } from '../../../lib/contracts/messages.ts';
import { districtPrefixes } from '../../../lib/contracts/object-keys.ts';
import type { Departure } from '../../../lib/core/district/departure.ts';
import { districtSettingsSchema } from '../../../lib/core/district/settings.ts';
import { offboardDistrict } from '../../../lib/flows/offboard/offboard-district.ts';
import type { OffboardPorts } from '../../../lib/flows/offboard/offboard-ports.ts';
import { sweepDistrict } from '../../../lib/flows/offboard/sweep-district.ts';
import { purgeRecords, type RetentionPorts } from '../../../lib/flows/purge/purge-records.ts';
import { PLAIN } from '../../support/plain-delivery.ts';
import { asZip, withStudents } from '../exports.ts';
import { DISTRICT, FlowWorld, PLENTY } from '../flow-world.ts';

/** A district that stays, with the same ids in its files. */
export const OTHER = 'maple-unified-2';

const CROWD = asZip(withStudents(40));
const FEW = asZip(PLAIN);

/** A worker that ends in mid-work. */
export class Crash extends Error {}

/** Ports of the purge function over a world. */
export type PurgePorts = OffboardPorts & RetentionPorts;

/** Two districts with rosters and files in memory, and the purge function's side of them. */
export class LeavingWorld {
  readonly flows: FlowWorld;
  readonly ports: PurgePorts;

  private constructor(flows: FlowWorld) {
    this.flows = flows;
    const { store, objects, queues } = flows;
    this.ports = {
      ...flows.ports,
      departures: memoryDepartures(store),
      rows: memoryDistrictRows(store),
      expired: memoryExpiredRecords(store),
      history: memoryExpiredHistory(store),
      landingVersions: objects.landingVersions,
      archiveVersions: objects.archiveVersions,
      purges: queues,
      shelfLives: { messageDays: 14, backupDays: 35, logDays: 90 },
      recordDays: 400,
      historyDays: 400,
    };
  }

  /** The purge function's side of a world. */
  static over(flows: FlowWorld): LeavingWorld {
    return new LeavingWorld(flows);
  }

  /**
   * Both have a roster, a manual user, an open set, an upload that nobody has taken yet, and, if `crowded`, 40 more
   * students and a held plan that would remove them.
   */
  static async open(crowded = true): Promise<LeavingWorld> {
    const flows = await FlowWorld.open();
    const second = districtSettingsSchema.parse({ districtId: OTHER, name: 'Other', firstSync: 'apply' });
    await flows.ports.districts.save(second, 0);
    const [crowd, few] = await Promise.all([CROWD, FEW]);
    for (const districtId of [DISTRICT, OTHER]) {
      const put = (path: string, bytes: Uint8Array) => flows.objects.upload(`home/${districtId}/${path}`, bytes);
      for (const zip of crowded ? [crowd, few] : [few]) {
        await flows.claim(put('day.zip', zip));
        await flows.run();
        flows.clock.advanceSeconds(60);
      }
      await flows.claim(put('users.csv', new TextEncoder().encode('sourcedId\n')));
      put('orgs.csv', new TextEncoder().encode('sourcedId\n'));
      const fields = { username: 'x', role: 'student', orgSourcedIds: 'school' };
      const createdAt = flows.clock.now().toISOString();
      await flows.portal.create({ districtId, kind: 'user', productId: `m-${districtId}`, fields, createdAt });
    }
    flows.loseMessages();
    return new LeavingWorld(flows);
  }

  /** As `rollcall district offboard --yes-delete` does: the district is suspended, and the order names that version. */
  async order(orderId = 'c-1'): Promise<OffboardMessage> {
    const found = await this.flows.ports.districts.get(DISTRICT);
    if (found === null) throw new Error('no district');
    if (!found.settings.suspended)
      await this.flows.ports.districts.save({ ...found.settings, suspended: true }, found.version);
    const settingsVersion = found.settings.suspended ? found.version : found.version + 1;
    const at = this.flows.clock.now().toISOString();
    return {
      type: 'offboard',
      districtId: DISTRICT,
      order: { orderId, who: 'tester', at, settingsVersion },
      attempt: 0,
    };
  }

  offboard(message: OffboardMessage, ports: OffboardPorts = this.ports, timeLeft = PLENTY): Promise<string> {
    return offboardDistrict(ports, message, this.flows.newWorker(), timeLeft);
  }

  /** Handles what is on the purges queue, each when it is due, until none is left. */
  async run(ports: PurgePorts = this.ports, timeLeft: () => number = PLENTY): Promise<readonly string[]> {
    const { queues, clock } = this.flows;
    const outcomes: string[] = [];
    for (let steps = 0; steps < 2_000; steps++) {
      const next = queues.purges.toSorted((a, b) => a.dueMillis - b.dueMillis)[0];
      if (next === undefined) return outcomes;
      queues.purges.splice(queues.purges.indexOf(next), 1);
      clock.advanceSeconds(Math.max(0, next.dueMillis - clock.now().getTime()) / 1000);
      try {
        outcomes.push(await this.#handle(next.message, ports, timeLeft));
      } catch (thrown) {
        if (!(thrown instanceof Crash)) throw thrown;
        // SQS brings it again.
        queues.purges.push({ message: next.message, dueMillis: clock.now().getTime() + 1_000 });
      }
    }
    throw new Error('the purges do not come to rest');
  }

  async #handle(message: PurgesMessage, ports: PurgePorts, timeLeft: () => number): Promise<string> {
    const worker = this.flows.newWorker();
    if (message.type === 'offboard') return offboardDistrict(ports, message, worker, timeLeft);
    if (message.type === 'sweep') return sweepDistrict(ports, message, timeLeft);
    return (await purgeRecords(ports, message, worker, timeLeft)).outcome;
  }

  async departure(): Promise<Departure | null> {
    return (await this.ports.departures.find(DISTRICT))?.departure ?? null;
  }

  /** All that is left of a district, of what should go. */
  async leftOf(districtId: string): Promise<Readonly<Record<string, number>>> {
    const { store, objects, ports } = this.flows;
    const left: Record<string, number> = {};
    for await (const batch of this.ports.rows.count(districtId)) Object.assign(left, batch);
    const { landing, deliveries, plans } = districtPrefixes(districtId);
    const keys = [...objects.landedKeys(), ...objects.archivedKeys()];
    const files = keys.filter((key) => [landing, deliveries, plans].some((prefix) => key.startsWith(prefix)));
    if (files.length > 0) left['files'] = files.length;
    if ((await ports.districts.get(districtId)) !== null || store.states.has(districtId)) left['district'] = 1;
    return left;
  }

  /** Everything of the district that stays, as a hash to be compared. */
  snapshotOfOther(): string {
    const { store, objects } = this.flows;
    const maps = [store.records, store.deliveries, store.syncs, store.claims, store.sets];
    const rows = maps.map((each) =>
      (each as MapOfMaps<unknown>).below(OTHER).flatMap(({ key, map }) => (map.size === 0 ? [] : [[key, [...map]]])),
    );
    const keys = [...objects.landedKeys(), ...objects.archivedKeys()].filter((key) => key.includes(`/${OTHER}/`));
    const text = JSON.stringify([rows, keys, store.settings.get(OTHER), store.states.get(OTHER)]);
    return createHash('sha256').update(text).digest('hex');
  }
}
