import type { RollcallEvent } from '../../lib/contracts/events.ts';
import { homePrefix } from '../../lib/contracts/object-keys.ts';
import { partsOfSchoolRow } from '../../lib/contracts/record-index.ts';
import { isDryRun } from '../../lib/core/sync/choose-delivery.ts';
import { ENDED_STATES } from '../../lib/core/sync/states.ts';
import type { Delivery } from '../../lib/core/sync/sync.ts';
import { blockedDeltas } from './blocked-deltas.ts';
import { isUntouched, type ManualCopy } from './manual-copies.ts';
import type { DistrictScenario } from './scenario.ts';
import type { World } from './world.ts';

/** What must be true when nothing moves any more. */
export async function checkEnd(world: World, manual: readonly ManualCopy[]): Promise<void> {
  const { scenario, witness, store, queues } = world;
  for (const copy of manual) {
    if (!isUntouched(store, copy)) witness.say('manual', `${copy.districtId} ${copy.kind} ${copy.productId} changed`);
  }
  for (const letter of queues.deadLetters) witness.say('end', `a dead letter: ${letter}`);
  for (const { commandId, districtId } of witness.commands.all) {
    const result = await world.ports.commands.get(districtId, commandId);
    const wrong = result === null ? `${commandId} has no result` : witness.commands.misreported(result);
    if (wrong !== null) witness.say('command', wrong);
  }
  checkTold(world);
  for (const district of scenario.districts) new DistrictEnd(world, district).check();
}

const nameOf = (event: RollcallEvent): string =>
  'syncId' in event ? event.syncId : 'deliveryId' in event ? event.deliveryId : event.districtId;

/** Whatever a sync came to was told at least once, and nothing that did not happen. */
function checkTold({ witness, events }: World): void {
  const told = new Set(events.emitted.map((event) => `${event.type} ${nameOf(event)}`));
  const happened = new Set<string>();
  for (const { type, syncId, deliveryId } of witness.toTell) {
    const what = `${type} ${type === 'rollcall.delivery.incomplete' ? deliveryId : syncId}`;
    happened.add(what);
    if (!told.has(what)) witness.say('told', `nobody told ${what}`);
  }
  for (const event of events.emitted) {
    if (!/^rollcall\.sync\.(?:applied|held|rejected|failed)$/.test(event.type)) continue;
    const what = `${event.type} ${nameOf(event)}`;
    if (!happened.has(what)) witness.say('told', `${what} was told and did not happen`);
  }
}

class DistrictEnd {
  readonly #world: World;
  readonly #district: DistrictScenario;
  readonly #id: string;
  readonly #deliveries: readonly Delivery[];
  readonly #blocked: ReadonlySet<string>;

  constructor(world: World, district: DistrictScenario) {
    this.#world = world;
    this.#district = district;
    this.#id = district.settings.districtId;
    this.#blocked = blockedDeltas(world.store, this.#id);
    this.#deliveries = [...world.store.deliveries.of(this.#id).values()];
  }

  check(): void {
    this.#checkLanding();
    this.#checkFiles();
    for (const delivery of this.#deliveries) this.#checkDelivery(delivery);
    this.#checkSyncs();
    this.#checkNewest();
    this.#checkSchools();
    this.#world.witness.checkTable(this.#id, 'at the end, after');
  }

  #say(invariant: string, what: string): void {
    this.#world.witness.say(invariant, `${this.#id}: ${what}`);
  }

  /** Every upload was settled long ago, and what is no upload was left alone. */
  #checkLanding(): void {
    const strays = new Set(this.#district.strays.map(({ key }) => key));
    const left = this.#world.objects.landedKeys().filter((key) => key.startsWith(homePrefix(this.#id)));
    for (const key of left) if (!strays.has(key)) this.#say('landing', `${key} is still there`);
    for (const key of strays) if (!left.includes(key)) this.#say('landing', `${key} is gone`);
  }

  /** The users of each school are those that the records say, and nobody else. */
  #checkSchools(): void {
    const { store } = this.#world;
    const wanted = new Map<string, string[]>();
    const users = [...store.synced(this.#id, 'user'), ...store.manual(this.#id, 'user')];
    for (const [id, { schoolRows }] of users) {
      for (const row of schoolRows) {
        const { role, orgSourcedId } = partsOfSchoolRow(row);
        wanted.set(orgSourcedId, [...(wanted.get(orgSourcedId) ?? []), `${role}#${id}`]);
      }
    }
    for (const org of new Set([...wanted.keys(), ...store.synced(this.#id, 'org').keys()])) {
      const found = [...store.school(this.#id, org).keys()].sort().join(' ');
      const should = (wanted.get(org) ?? []).sort().join(' ');
      if (found !== should) this.#say('school', `${org} has ${found}, not ${should}`);
    }
  }

  /** Each version is in one delivery, or was replaced; none that was replaced within the quiet time is in any (R16). */
  #checkFiles(): void {
    const { versions, store } = this.#world;
    const claimed = new Map<unknown, string>();
    for (const { deliveryId } of this.#deliveries) {
      for (const file of store.files.of(this.#id, deliveryId).values()) {
        const version = versions.ofFile(file);
        const other = claimed.get(version);
        if (other !== undefined) this.#say('one-delivery', `${version.object.versionId} in ${other} and ${deliveryId}`);
        claimed.set(version, deliveryId);
        const quietMillis = this.#district.settings.quietSeconds * 1000;
        const lived = (version.replacedMillis ?? Number.POSITIVE_INFINITY) - version.putMillis;
        if (lived < quietMillis) this.#say('quiet', `${version.object.versionId} was replaced after ${lived} ms`);
      }
    }
    for (const { piece, object, districtId, failedSince } of versions.all) {
      if (districtId === this.#id && piece.failedAfterMillis !== undefined && failedSince === undefined)
        this.#say('failed-upload', `nobody remembers that ${object.versionId} failed`);
    }
    for (const version of versions.all) {
      if (version.districtId !== this.#id || version.replacedMillis !== null || claimed.has(version)) continue;
      this.#say('lost', `${version.object.key} ${version.object.versionId} is in no delivery`);
    }
  }

  #checkDelivery(delivery: Delivery): void {
    const { deliveryId, state, packaging } = delivery;
    // A set into which no file ever came.
    const isEmpty = packaging === 'files' && this.#world.witness.files(this.#id, deliveryId).length === 0;
    if (isEmpty && state === 'superseded') return;
    if (state === 'received' && !this.#blocked.has(deliveryId)) this.#say('end', `${deliveryId} still waits`);
    if (state === 'receiving') this.#say('end', `${deliveryId} is still open`);
    if (state === 'receiving' || (state === 'incomplete' && packaging === 'files')) this.#checkNotWhole(delivery);
    else this.#checkFrozen(delivery);
    if (state === 'superseded') this.#checkSuperseded(delivery);
    if (state !== 'planned') return;
    const sync = this.#world.store.syncs.of(this.#id).get(delivery.syncId ?? '');
    if (sync?.deliveryId !== deliveryId) this.#say('end', `${deliveryId} has no sync`);
  }

  /** A frozen delivery is exactly one export; a zip that was cut is known as such, or that its upload failed (R16). */
  #checkFrozen({ deliveryId, state, packaging }: Delivery): void {
    const { witness, versions } = this.#world;
    const files = witness.files(this.#id, deliveryId);
    const cut = packaging === 'zip' && files.every((file) => versions.ofFile(file).piece.cut);
    const failed = witness.failedSince(this.#id, deliveryId) < Number.POSITIVE_INFINITY;
    const wrong = state === 'incomplete' ? !cut && !failed : cut;
    if (wrong) this.#say('verdict', `${deliveryId} is ${state}`);
    const found = versions.exportOf(files);
    if ('mixed' in found) this.#say('mixed', `${deliveryId}: ${found.mixed}`);
  }

  /** A set that lacks a file, or has one of a failed upload, is given up; one that is whole was forgotten. */
  #checkNotWhole({ deliveryId, state }: Delivery): void {
    const files = this.#world.witness.files(this.#id, deliveryId);
    const found = this.#world.versions.exportOf(files);
    const failed = this.#world.witness.failedSince(this.#id, deliveryId) < Number.POSITIVE_INFINITY;
    if (!('mixed' in found) && !failed) this.#say('lost', `${deliveryId} is whole and ${state}`);
  }

  /** R15: only something newer that is in the table supersedes; a delta only if it came too late to be planned before. */
  #checkSuperseded(delivery: Delivery): void {
    const { witness } = this.#world;
    const ended = witness.judge.deliveriesIn(this.#id);
    const newer = ended.filter(({ order }) => order > delivery.order);
    const better = (witness.judge.good.get(this.#id) ?? []).some(
      ({ order, hasDelta, bulkFiles }) =>
        order > delivery.order && !hasDelta && delivery.bulkFiles.every((file) => bulkFiles.includes(file)),
    );
    if (newer.length === 0 && (delivery.hasDelta || !better))
      this.#say('lost', `${delivery.deliveryId} was superseded by nothing`);
    if (ended.some(({ deliveryId }) => deliveryId === delivery.deliveryId))
      this.#say('end', `${delivery.deliveryId} is in the table and called superseded`);
    const waited = witness.waitsSince.get(delivery.deliveryId) ?? 0;
    // What was chosen before it came made it too old; what was chosen while it waited jumped the queue.
    const first = newer[0];
    const couldRun = !first?.looked.blocked.has(delivery.deliveryId);
    if (delivery.hasDelta && first !== undefined && first.looked.step > waited && couldRun)
      this.#say('delta', `${delivery.deliveryId} waited while ${first.deliveryId} was chosen`);
  }

  #checkSyncs(): void {
    // A blocked delta waits, also where a worker had begun to plan it before it was blocked.
    for (const { syncId, state, deliveryId } of this.#world.store.syncs.of(this.#id).values())
      if (!ENDED_STATES.includes(state) && state !== 'held' && !(state === 'planning' && this.#blocked.has(deliveryId)))
        this.#say('end', `${syncId} is ${state}`);
    this.#checkHeld();
    this.#checkBlockedTold();
  }

  /** R15: whoever must send a full export was asked for it, and nobody else was. */
  #checkBlockedTold(): void {
    const told = this.#world.events.emitted.flatMap((event) =>
      event.type === 'rollcall.delivery.blocked' && event.districtId === this.#id ? [event] : [],
    );
    for (const id of this.#blocked)
      if (!told.some(({ deliveryId }) => deliveryId === id)) this.#say('told', `nobody told that ${id} is blocked`);
    const orderOf = (id: string) => this.#deliveries.find(({ deliveryId }) => deliveryId === id)?.order ?? null;
    for (const { deliveryId, blockedBy } of told) {
      const delta = this.#deliveries.find((each) => each.deliveryId === deliveryId);
      const isEarlier = (id: string) => (orderOf(id) ?? '~') < (delta?.order ?? '');
      if (!delta?.hasDelta || isDryRun(delta) || blockedBy.length === 0 || !blockedBy.every(isEarlier))
        this.#say('told', `${deliveryId} was told to be blocked by ${blockedBy.join(' ')}`);
    }
  }

  /** R11: a bulk plan that waits for a person is newer than every bulk delivery in the table: it could not be approved. */
  #checkHeld(): void {
    const { judge } = this.#world.witness;
    const bulk = new Map(this.#deliveries.filter(({ hasDelta }) => !hasDelta).map((each) => [each.deliveryId, each]));
    const newest = judge.deliveriesIn(this.#id).filter(({ deliveryId }) => bulk.has(deliveryId));
    for (const { syncId, state, deliveryId, origin } of this.#world.store.syncs.of(this.#id).values()) {
      const own = bulk.get(deliveryId);
      if (state !== 'held' || origin !== 'delivery' || own === undefined) continue;
      const newer = newest.find(({ order }) => order > own.order);
      if (newer !== undefined)
        this.#say('held', `${syncId} waits for a person, and ${newer.deliveryId} is in the table`);
    }
  }

  /** The newest good delivery is in the table, as far as limits and people let it; nothing else is newer there. */
  #checkNewest(): void {
    const { witness } = this.#world;
    const newest = this.#deliveries
      .filter((delivery) => this.#isGood(delivery) && !this.#isKeptBack(delivery))
      .toSorted((a, b) => (a.order < b.order ? 1 : -1))[0];
    const last = witness.judge.deliveriesIn(this.#id).at(-1);
    if (newest?.deliveryId !== last?.deliveryId)
      this.#say('newest', `the table has ${last?.deliveryId}, the newest good delivery is ${newest?.deliveryId}`);
  }

  #isGood(delivery: Delivery): boolean {
    if (delivery.state === 'receiving' || delivery.state === 'incomplete' || isDryRun(delivery)) return false;
    return this.#world.witness.contentOf(this.#id, delivery.deliveryId)?.damaged === false;
  }

  /** Its upload failed, it waits for a person, was rejected by one, builds on such a one, or gave way to a newer one (checked elsewhere). */
  #isKeptBack({ deliveryId, syncId, state }: Delivery): boolean {
    if (state === 'superseded' || this.#blocked.has(deliveryId)) return true;
    const sync = this.#world.store.syncs.of(this.#id).get(syncId ?? '');
    if (sync?.state === 'incomplete') return true;
    return sync?.state === 'held' || sync?.state === 'superseded' || sync?.decision?.verdict === 'rejected';
  }
}
