import { ZipFile } from 'yazl';
import { createDeliveryReader } from '../../lib/adapters/deliveries/archive-delivery-reader.ts';
import { memoryCommandLog } from '../../lib/adapters/memory/command-log.ts';
import { memoryDeliveryLedger } from '../../lib/adapters/memory/delivery-ledger.ts';
import { memoryDistricts } from '../../lib/adapters/memory/districts.ts';
import { MemoryEvents } from '../../lib/adapters/memory/events.ts';
import { memoryLeases } from '../../lib/adapters/memory/leases.ts';
import { MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import { MemoryObjects } from '../../lib/adapters/memory/objects.ts';
import { memoryPlanStore } from '../../lib/adapters/memory/plan-store.ts';
import { memoryPortal } from '../../lib/adapters/memory/portal.ts';
import { MemoryQueues, type QueuedMessage } from '../../lib/adapters/memory/queues.ts';
import { memoryRosterTable } from '../../lib/adapters/memory/roster-table.ts';
import { memorySyncLog } from '../../lib/adapters/memory/sync-log.ts';
import type { CommandMessage, SettleMessage } from '../../lib/contracts/messages.ts';
import { type DistrictSettings, districtSettingsSchema } from '../../lib/core/district/settings.ts';
import type { Change } from '../../lib/core/plan/change.ts';
import type { Command, CommandResult } from '../../lib/core/sync/command.ts';
import type { Delivery, Sync } from '../../lib/core/sync/sync.ts';
import type { ApplyPorts } from '../../lib/flows/apply-ports.ts';
import { type ApplyOutcome, applySync } from '../../lib/flows/apply-sync.ts';
import type { ClaimOutcome, ClaimPorts } from '../../lib/flows/claim-ports.ts';
import { claimUpload } from '../../lib/flows/claim-upload.ts';
import type { CommandPorts } from '../../lib/flows/commands/command-ports.ts';
import { runCommand } from '../../lib/flows/commands/run-command.ts';
import { considerSet } from '../../lib/flows/consider-set.ts';
import { type PlanOutcome, planNext } from '../../lib/flows/plan-next.ts';
import { receiveUpload } from '../../lib/flows/receive-upload.ts';
import type { UploadedObject } from '../../lib/ports/objects.ts';
import type { RosterTable } from '../../lib/ports/roster-table.ts';
import { TestClock } from '../adapters/conformance/world.ts';

export const DISTRICT = 'maple-unified';
/** As `districtSettingsSchema` has it by default, seconds. */
export const QUIET_SECONDS = 180;
export const LEASE_SECONDS = 120;

/** The function's whole time is left, milliseconds. */
export const PLENTY = (): number => 900_000;

/** One transaction that the roster table was asked for. */
export interface SentWrite {
  readonly lane: number;
  readonly changes: readonly Change[];
}

/** One district with everything that the flows stand on, in memory; the test is the queues' only reader. */
export class FlowWorld {
  readonly clock = new TestClock();
  readonly store = new MemoryStore();
  readonly objects = new MemoryObjects(this.clock);
  readonly queues = new MemoryQueues(this.clock);
  readonly portal = memoryPortal(this.store);
  readonly ledger = memoryDeliveryLedger(this.store);
  readonly log = memorySyncLog(this.store);
  readonly events = new MemoryEvents();
  readonly leases = memoryLeases(this.store, this.clock);
  /** Every `writeChanges` so far. */
  readonly writes: SentWrite[] = [];
  readonly ports: ClaimPorts & CommandPorts & ApplyPorts;
  #ids = 0;
  #workers = 0;

  private constructor() {
    const { clock, queues, ledger, log, leases, objects, events } = this;
    const ids = {
      next: (prefix: string) => `${prefix}-${clock.now().toISOString()}-${++this.#ids}`,
      deliveryOf: (lastModified: string, fileId: string) => `d-${lastModified}-${fileId}`,
      productId: () => `p${++this.#ids}`,
    };
    this.ports = {
      ...{ clock, ids, queues, ledger, log, leases, events },
      districts: memoryDistricts(this.store),
      landing: objects,
      archive: objects.archive,
      commands: memoryCommandLog(this.store),
      reader: createDeliveryReader(objects.archive),
      plans: memoryPlanStore(),
      roster: this.#counted(memoryRosterTable(this.store)),
      leaseSeconds: LEASE_SECONDS,
    };
  }

  /** A world with one district whose first sync needs no person. */
  static async open(settings: Partial<DistrictSettings> = {}): Promise<FlowWorld> {
    const world = new FlowWorld();
    const given = { districtId: DISTRICT, name: 'Maple', firstSync: 'apply', ...settings };
    await world.ports.districts.save(districtSettingsSchema.parse(given), 0);
    return world;
  }

  #counted(roster: RosterTable): RosterTable {
    return {
      ...roster,
      writeChanges: (districtId, fence, changes, stamp) => {
        this.writes.push({ lane: fence.lane, changes });
        return roster.writeChanges(districtId, fence, changes, stamp);
      },
    };
  }

  /** A name for the next worker, as a request id is. */
  newWorker(): string {
    return `worker-${++this.#workers}`;
  }

  /** SFTP puts an object below the district's home. */
  put(path: string, body: string | Uint8Array): UploadedObject {
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    return this.objects.upload(`home/${DISTRICT}/${path}`, bytes);
  }

  /** Puts files and handles their events. */
  async send(files: Readonly<Record<string, string | Uint8Array>>): Promise<readonly UploadedObject[]> {
    const objects = Object.entries(files).map(([path, body]) => this.put(path, body));
    for (const object of objects) await receiveUpload(this.ports, object);
    return objects;
  }

  claim({ key, versionId }: Pick<SettleMessage, 'key' | 'versionId'>): Promise<ClaimOutcome> {
    return claimUpload(this.ports, { type: 'settle', key, versionId });
  }

  plan(worker = this.newWorker()): Promise<PlanOutcome> {
    return planNext(this.ports, { type: 'plan', districtId: DISTRICT, attempt: 0 }, worker);
  }

  /** Gives a command as a person does, with an id of its own or a known one, and carries it out. */
  async command(
    command: Command,
    commandId = `c-${this.clock.now().toISOString()}-${++this.#ids}`,
  ): Promise<CommandResult | null> {
    await runCommand(this.ports, this.commandMessage(command, commandId), this.newWorker());
    return this.ports.commands.get(DISTRICT, commandId);
  }

  commandMessage(command: Command, commandId: string): CommandMessage {
    return { type: 'command', districtId: DISTRICT, commandId, command, who: 'tester', attempt: 0 };
  }

  apply(syncId: string, timeLeft = PLENTY, worker = this.newWorker()): Promise<ApplyOutcome> {
    return applySync(this.ports, { type: 'apply', districtId: DISTRICT, syncId, hop: 0, attempt: 0 }, worker, timeLeft);
  }

  /** Handles messages, each when it is due, until none is left. Returns what they led to, in order. */
  async run(): Promise<readonly string[]> {
    const { uploads, plans, applies } = this.queues;
    const outcomes: string[] = [];
    for (let steps = 0; steps < 500; steps++) {
      const due = [uploads, plans, applies].flatMap((queue) => queue.map(({ dueMillis }) => dueMillis));
      if (due.length === 0) return outcomes;
      const wait = Math.min(...due) - this.clock.now().getTime();
      if (wait > 0) this.clock.advanceSeconds(wait / 1000);
      const upload = this.#take(uploads);
      const plan = upload === null ? this.#take(plans) : null;
      const apply = upload === null && plan === null ? this.#take(applies) : null;
      if (upload !== null) {
        const claimed = upload.type === 'settle' ? claimUpload(this.ports, upload) : considerSet(this.ports, upload);
        outcomes.push(await claimed);
      }
      if (plan?.type === 'plan') outcomes.push(await planNext(this.ports, plan, this.newWorker()));
      if (plan?.type === 'command') outcomes.push(await runCommand(this.ports, plan, this.newWorker()));
      if (apply !== null) outcomes.push(await applySync(this.ports, apply, this.newWorker(), PLENTY));
    }
    throw new Error(`the flows do not come to rest: ${outcomes.slice(-10).join(', ')}`);
  }

  #take<M>(queue: QueuedMessage<M>[]): M | null {
    const at = queue.findIndex(({ dueMillis }) => dueMillis <= this.clock.now().getTime());
    return at < 0 ? null : queue.splice(at, 1)[0]!.message;
  }

  /** Drops all messages, as if each had been lost. */
  loseMessages(): void {
    for (const queue of [this.queues.uploads, this.queues.plans, this.queues.applies]) queue.splice(0);
  }

  /** Newest first. */
  deliveries(): Promise<readonly Delivery[]> {
    return this.ledger.list(DISTRICT, 100);
  }

  /** Newest first. */
  syncs(): Promise<readonly Sync[]> {
    return this.log.list(DISTRICT, 100);
  }

  /** The delivery or sync states, oldest first. */
  async states(): Promise<{ readonly deliveries: readonly string[]; readonly syncs: readonly string[] }> {
    const [deliveries, syncs] = [await this.deliveries(), await this.syncs()];
    return {
      deliveries: deliveries.map(({ state }) => state).toReversed(),
      syncs: syncs.map(({ state }) => state).toReversed(),
    };
  }

  /** The synced users: status and given name by sourcedId. */
  users(): Record<string, string> {
    const entries = [...this.store.synced(DISTRICT, 'user')].map(([id, { status, fields }]) => [
      id,
      `${status} ${fields['givenName']}`,
    ]);
    return Object.fromEntries(entries.sort());
  }
}

/** A zip with these files. */
export async function zipOf(files: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  const pieces: Buffer[] = [];
  for await (const piece of zip.outputStream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
