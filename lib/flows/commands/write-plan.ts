import { planPrefix, planPromiseKey, planSummaryKey } from '../../contracts/object-keys.ts';
import { localDate } from '../../core/district/local-date.ts';
import type { Hold } from '../../core/limits/hold.ts';
import { LimitWatch } from '../../core/limits/limit-watch.ts';
import { limitsOn } from '../../core/limits/limit-windows.ts';
import { FindingLog } from '../../core/oneroster/finding-log.ts';
import type { ChangeCounts } from '../../core/plan/change.ts';
import type { PlanInput, PlanWatch } from '../../core/plan/plan-input.ts';
import { PlanPromise, writePromise } from '../../core/proof/plan-promise.ts';
import type { ConflictingRecord } from '../../core/sync/command.ts';
import { EMPTY_SYNC } from '../../core/sync/new-sync.ts';
import type { Sync } from '../../core/sync/sync.ts';
import { LeaseKeeper } from '../lease-keeper.ts';
import { type Commanded, giverIn, syncIdOfCommand } from './command-ports.ts';

/** What a planner of a command's own plan gets. */
export interface PlanTools {
  readonly readTable: PlanInput['readTable'];
  readonly write: PlanInput['write'];
  readonly watch: PlanWatch;
  readonly log: FindingLog;
  /** A sign of life, while something long goes on. */
  readonly beat: () => Promise<void>;
}

interface Planned {
  readonly changes: Readonly<Record<string, ChangeCounts>>;
  readonly conflicts: number;
  readonly pairs: number;
  /** For the summary: records that are left alone. */
  readonly left?: LeftAlone;
}

/** Records that an undo leaves alone, as its result and its plan's summary list them. */
export interface LeftAlone {
  readonly beyondForce: number;
  readonly conflicting: readonly ConflictingRecord[];
}

/**
 * Makes the plan of a command that has one of its own (undo, re-key), where every plan lies: sections, promise, summary.
 * Returns the sync that it would be, approved by whoever gave the command; nothing of it is saved yet.
 */
export async function writePlan(
  { ports, lease, message }: Commanded,
  identity: Pick<Sync, 'origin' | 'deliveryId' | 'undo' | 'basis'>,
  why: string | null | undefined,
  plan: (tools: PlanTools) => Promise<Planned>,
): Promise<Sync> {
  const { districtId, commandId } = message;
  const syncId = syncIdOfCommand(commandId);
  const prefix = planPrefix({ districtId, syncId, attempt: lease.number });
  const keeper = new LeaseKeeper(ports.leases, ports.clock, lease, ports.leaseSeconds);
  const [writer, limits, promise, log] = [
    ports.plans.writer(prefix),
    new LimitWatch(),
    new PlanPromise(),
    new FindingLog(),
  ];
  const watch: PlanWatch = {
    startTable(kind) {
      limits.startTable(kind);
      promise.startKind(kind);
    },
    sawTable(kind, batch) {
      limits.sawTable(kind, batch);
      promise.sawRecords(kind, batch);
    },
    sawChanges(changes) {
      limits.sawChanges(changes);
      promise.sawChanges(changes);
    },
    finish() {},
  };
  const tools: PlanTools = {
    watch,
    log,
    beat: () => keeper.beat(),
    readTable: async function* (kind) {
      for await (const batch of ports.roster.readSynced(districtId, kind)) {
        await keeper.beat();
        yield batch;
      }
    },
    write: async (section, changes) => {
      await keeper.beat();
      await writer.write(section, changes);
    },
  };
  const at = ports.clock.now().toISOString();
  const { left, ...planned } = await plan(tools).catch(async (thrown: unknown) => {
    await writer.abandon();
    throw thrown;
  });
  await writer.end();
  await ports.archive.writeText(planPromiseKey(prefix, 'as-rekey'), writePromise(promise));
  const holds = await crossed(ports, districtId, limits, planned);
  const sync: Sync = {
    ...EMPTY_SYNC,
    ...identity,
    ...planned,
    districtId,
    syncId,
    state: 'applying',
    createdAt: at,
    attempt: lease.number,
    holds,
    findingCounts: log.counts,
    // Pairs are in their own section, so what is applied is the plan with them.
    decision: {
      commandId,
      verdict: 'approved',
      scope: 'as-rekey',
      ...giverIn(message),
      why: why ?? null,
      at,
      overwrites: 0,
    },
  };
  const { changes, findingCounts } = sync;
  const summary = {
    syncId,
    state: sync.state,
    holds,
    changes,
    files: {},
    findings: log.list(),
    findingCounts,
    ...left,
  };
  await ports.archive.writeText(planSummaryKey(prefix), JSON.stringify(summary));
  return sync;
}

/** The district's limits that such a plan crosses: shown, not enforced (R14). */
async function crossed(
  ports: Commanded['ports'],
  districtId: string,
  watch: LimitWatch,
  { changes }: Planned,
): Promise<Hold[]> {
  const district = await ports.districts.get(districtId);
  if (district === null) return [];
  const { settings } = district;
  const limits = limitsOn(settings, localDate(ports.clock.now(), settings.timeZone));
  return watch.holds({ limits, result: { changes, files: {} }, lastProfile: null, pairs: 0 });
}
