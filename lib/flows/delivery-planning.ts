import { planPrefix, planPromiseKey, planSummaryKey } from '../contracts/object-keys.ts';
import { localDate } from '../core/district/local-date.ts';
import type { DistrictSettings } from '../core/district/settings.ts';
import { limitsOn } from '../core/limits/limit-windows.ts';
import { FindingLog } from '../core/oneroster/finding-log.ts';
import { type JudgedPlan, judgePlan } from '../core/plan/judge-plan.ts';
import { withFindings } from '../core/plan/with-findings.ts';
import { withholdFailed } from '../core/plan/withhold-failed.ts';
import { writePromise } from '../core/proof/plan-promise.ts';
import { isDryRun } from '../core/sync/choose-delivery.ts';
import { decideSync } from '../core/sync/decide-sync.ts';
import { EMPTY_SYNC } from '../core/sync/new-sync.ts';
import { reached } from '../core/sync/reached.ts';
import type { Delivery, DistrictState, Sync } from '../core/sync/sync.ts';
import { syncIdOf } from '../core/sync/sync-id.ts';
import { usualApplied, usualUnchanged } from '../core/sync/usual-profile.ts';
import type { Lease } from '../ports/ledger.ts';
import { failedFiles } from './failed-files.ts';
import { codeOf, isHopeless } from './hopeless.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import type { PlanPorts } from './plan-ports.ts';
import { writeRekeySection } from './rekey-section.ts';
import { endReplaced, withReplaced } from './replaced-deliveries.ts';
import { startApply } from './start-apply.ts';
import { begun, forgetTry, hasHadItsTries, refuseEndless } from './tries.ts';

/** States in which a delivery takes the place of a held one (R11). */
const GOOD: ReadonlySet<Sync['state']> = new Set(['held', 'unchanged', 'applying'] satisfies Sync['state'][]);

/** A plan, and how many of its pairs can be approved as a re-key. */
type WrittenPlan = JudgedPlan & { readonly rekeys: number };

/** Syncs that are looked at for the same content. */
const LOOK_BACK = 60;

/** One attempt at the plan of one delivery. */
export class DeliveryPlanning {
  readonly #ports: PlanPorts;
  readonly #settings: DistrictSettings;
  readonly #lease: Lease;
  readonly #state: DistrictState;
  readonly #delivery: Delivery;
  readonly #replaced: readonly Delivery[];
  readonly #keeper: LeaseKeeper;

  /** `replaced`: older deliveries that this one runs instead of, if it is good. */
  constructor(
    ports: PlanPorts,
    settings: DistrictSettings,
    lease: Lease,
    state: DistrictState,
    delivery: Delivery,
    replaced: readonly Delivery[],
  ) {
    this.#ports = ports;
    this.#settings = settings;
    this.#lease = lease;
    this.#state = state;
    this.#delivery = delivery;
    this.#replaced = replaced;
    this.#keeper = new LeaseKeeper(ports.leases, ports.clock, lease, ports.leaseSeconds);
  }

  /** Plans it. What cannot be planned at all ends as `failed`, so that the next delivery gets its turn. */
  async run(lastTry: boolean): Promise<'stale' | Sync['state']> {
    const { districtId, deliveryId } = this.#delivery;
    const syncId = syncIdOf(deliveryId);
    const existing = await this.#ports.log.get(districtId, syncId);
    const now = this.#ports.clock.now();
    const planning = begun({ ...EMPTY_SYNC, ...this.#identity(syncId, existing), state: 'planning' }, existing, now);
    if (!(await this.#ports.log.save(this.#lease, planning, existing === null ? null : 'planning'))) return 'stale';
    try {
      refuseEndless(planning, now);
      return await this.#planAndEnd(planning);
    } catch (thrown) {
      await forgetTry(this.#ports.log, this.#lease, planning, thrown);
      if (!isHopeless(thrown, lastTry || hasHadItsTries(planning))) throw thrown;
      const endedAt = this.#ports.clock.now().toISOString();
      return this.#end({ ...reached(planning, 'failed'), endedAt, failureCode: codeOf(thrown) });
    }
  }

  async #planAndEnd(planning: Sync): Promise<'stale' | Sync['state']> {
    const { districtId, deliveryId, syncId, attempt } = planning;
    const prefix = planPrefix({ districtId, syncId, attempt });
    const judged = await this.#compareContent(await this.#plan(prefix));
    const { result, pairs, ambiguous, schoolSizes, rekeys } = judged;
    const { state, holds } = decideSync(result, judged.holds, this.#delivery, this.#settings, this.#state);
    // Suspended while this was planned: it stays `planning`, waits as its delivery does, and is planned anew (R14).
    if ((await this.#ports.districts.get(districtId))?.settings.suspended) return 'planning';
    const summary = { syncId, deliveryId, state, holds, pairs, ambiguous, ...schoolSizes, ...result };
    await this.#ports.archive.writeText(planSummaryKey(prefix), JSON.stringify(summary));
    return this.#end({ ...reached(planning, state), holds, pairs: rekeys, ...this.#counted(judged, state) });
  }

  /** Runs the engine on the frozen files and the table, and keeps the plan if there is anything to apply. */
  async #plan(prefix: string): Promise<WrittenPlan> {
    const { ports, districtId } = { ports: this.#ports, districtId: this.#delivery.districtId };
    const files = await ports.ledger.files(districtId, this.#delivery.deliveryId);
    const upload = await ports.reader.open(this.#delivery, files, this.#settings);
    const writer = ports.plans.writer(prefix);
    const lastProfile = this.#state.lastApplied?.profile ?? null;
    const today = localDate(ports.clock.now(), this.#settings.timeZone);
    try {
      const planned = await judgePlan(
        {
          upload,
          readTable: (kind) => this.#beating(ports.roster.readSynced(districtId, kind)),
          tableIsKnown: true,
          readManualUsers: () => ports.roster.readManualUsers(districtId),
          storeDemographics: this.#settings.storeDemographics,
          lastUnreadableRows: lastProfile?.unreadableRows ?? {},
          newProductId: () => ports.ids.productId(),
          write: async (section, changes) => {
            await this.#keeper.beat();
            await writer.write(section, changes);
          },
        },
        { limits: limitsOn(this.#settings, today), lastProfile },
      );
      // Asked at the end, because the word may come while it was planned (R16).
      const failed = (await failedFiles(ports.ledger, this.#delivery, files)).map(({ name }) => name);
      const judged = failed.length > 0 ? withholdFailed(planned, failed) : planned;
      if (judged.result.verdict !== 'accepted') {
        await writer.abandon();
        return { ...judged, rekeys: 0 };
      }
      await writer.end();
      const rekeys = await writeRekeySection(ports.plans, prefix, judged.pairs, () => this.#keeper.beat());
      await ports.archive.writeText(planPromiseKey(prefix), writePromise(judged.promise));
      return { ...judged, rekeys };
    } catch (thrown) {
      await writer.abandon();
      throw thrown;
    } finally {
      await upload.close();
    }
  }

  /** R15: an old export that is sent again is a new delivery; people are told that it says nothing new. */
  async #compareContent(judged: WrittenPlan): Promise<WrittenPlan> {
    const { content } = judged.result;
    if (content === '') return judged;
    const earlier = await this.#ports.log.list(this.#delivery.districtId, LOOK_BACK);
    const same = earlier.find((sync) => sync.content === content && sync.deliveryId !== this.#delivery.deliveryId);
    if (same === undefined) return judged;
    const log = new FindingLog(1);
    log.add('same-bytes-as', {}, { delivery: same.deliveryId });
    return { ...judged, result: withFindings(judged.result, log) };
  }

  async *#beating<T>(batches: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const batch of batches) {
      await this.#keeper.beat();
      yield batch;
    }
  }

  /** Writes what the plan led to; an apply gets the lease. */
  async #end(sync: Sync): Promise<'stale' | Sync['state']> {
    const { ports, delivery } = { ports: this.#ports, delivery: this.#delivery };
    if (!(await ports.log.save(this.#lease, sync, 'planning', await this.#stateAfter(sync)))) return 'stale';
    if (!(await ports.ledger.settle(this.#lease, delivery, 'planned', sync.syncId))) return 'stale';
    if ((await endReplaced(ports, this.#lease)) === 'stale') return 'stale';
    if (sync.state === 'applying') await startApply(ports, this.#lease, sync.syncId);
    return sync.state;
  }

  async #stateAfter(sync: Sync): Promise<DistrictState> {
    const { state, delivery } = { state: this.#state, delivery: this.#delivery };
    const { syncId, deliveryId } = sync;
    const lastApplied =
      sync.state === 'unchanged'
        ? {
            ...{ syncId, deliveryId, order: delivery.order, appliedAt: sync.endedAt! },
            profile: usualUnchanged(state.lastApplied?.profile ?? null, sync.ownProfile!),
          }
        : state.lastApplied;
    const next = { ...state, lastApplied, applyingSyncId: sync.state === 'applying' ? syncId : null };
    const takesPlaces = GOOD.has(sync.state) && !isDryRun(delivery);
    const after = takesPlaces ? await withReplaced(this.#ports, next, delivery, this.#replaced) : next;
    return sync.state === 'held' ? { ...after, heldSyncIds: [...after.heldSyncIds, syncId] } : after;
  }

  #identity(syncId: string, existing: Sync | null) {
    const createdAt = existing?.createdAt ?? this.#ports.clock.now().toISOString();
    const { districtId, deliveryId } = this.#delivery;
    return { districtId, syncId, deliveryId, createdAt, attempt: this.#lease.number, basis: this.#state.revision };
  }

  #counted({ result }: JudgedPlan, state: Sync['state']) {
    const { changes, findingCounts, content, profile: ownProfile } = result;
    const previousProfile = this.#state.lastApplied?.profile ?? null;
    const profile = usualApplied(previousProfile, ownProfile);
    const endedAt = state === 'applying' || state === 'held' ? null : this.#ports.clock.now().toISOString();
    return { changes, findingCounts, content, ownProfile, profile, previousProfile, endedAt };
  }
}
