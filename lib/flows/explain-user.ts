import type { DistrictSettings } from '../core/district/settings.ts';
import { type Candidate, chooseUser } from '../core/explain/choose-user.ts';
import { type UserKeys, userMatcher } from '../core/explain/match-user.ts';
import type { DeliveryFacts, FoundUser, InactiveFacts, UserFacts } from '../core/explain/user-facts.ts';
import { isDryRun } from '../core/sync/choose-delivery.ts';
import type { Delivery, Sync } from '../core/sync/sync.ts';
import { deliveryFactsOf } from './explain/delivery-facts.ts';
import { DeliverySearch } from './explain/delivery-search.ts';
import type { ExplainPorts } from './explain/explain-ports.ts';
import { completeRecords, findInRoster } from './explain/find-in-roster.ts';
import { heldFactsOf, heldSyncsOf, usersInPlan } from './explain/held-plans.ts';

/** Deliveries and syncs that are looked through, newest first: more than a month of nightly exports, each sent six times. */
const LOOK_BACK = 200;

/**
 * Gathers all that is known about whom someone asked for by sourcedId, username or e-mail: the roster, the last delivery
 * (and the last applied one, where that is another), held plans, manual records. Reads only, and logs nothing (R22).
 */
export async function gatherUserFacts(
  ports: ExplainPorts,
  settings: Pick<DistrictSettings, 'districtId' | 'maxRowBytes'>,
  asked: string,
): Promise<UserFacts> {
  const { last, lastApplied, arriving } = await deliveriesToLookAt(ports, settings.districtId);
  const searches: Search[] = [];
  try {
    for (const [which, delivery] of [['last', last] as const, ['last-applied', lastApplied] as const])
      if (delivery !== null) searches.push({ which, files: await openFiles(ports, delivery, settings) });
    return await gather(ports, settings.districtId, asked, searches, arriving);
  } finally {
    for (const { files } of searches) await files.close();
  }
}

interface Search {
  readonly which: DeliveryFacts['which'];
  readonly files: DeliverySearch;
}

const openFiles = (ports: ExplainPorts, delivery: Delivery, { maxRowBytes }: Pick<DistrictSettings, 'maxRowBytes'>) =>
  DeliverySearch.open(ports, delivery, maxRowBytes);

async function gather(
  ports: ExplainPorts,
  districtId: string,
  asked: string,
  searches: readonly Search[],
  arriving: Delivery | null,
): Promise<UserFacts> {
  const held = await heldSyncsOf(ports.log, districtId);
  const inRoster = await findInRoster(ports.lookup, districtId, asked);
  const { records, manual, syncedUsers, manualUsers } = inRoster;
  const candidates = await withCandidatesOfFiles(ports, asked, inRoster.candidates, searches, held);
  await completeRecords(
    ports.lookup,
    districtId,
    candidates.map(({ sourcedId }) => sourcedId),
    records,
  );
  const { user, others } = chooseUser(asked, candidates, records);
  const sourcedId = user?.sourcedId ?? null;
  const deliveries = await inOrder(searches, ({ which, files }) => deliveryFactsOf(ports, files, which, sourcedId));
  const wouldDo = sourcedId === null ? [] : await inOrder(held, (sync) => heldFactsOf(ports.plans, sync, sourcedId));
  return {
    ...{ districtId, asked, user, others, manual, deliveries },
    inactive: await inactivityOf(ports.log, districtId, user?.record ?? null),
    held: wouldDo.flatMap((facts) => facts ?? []),
    ...(await placesOf(ports, districtId, user?.record ?? null)),
    lookedAt: { syncedUsers, manualUsers, heldSyncs: held.length, arrivingDeliveryId: arriving?.deliveryId ?? null },
  };
}

/** Adds those whom only a delivery or a held plan has under these words. */
async function withCandidatesOfFiles(
  ports: ExplainPorts,
  asked: string,
  known: readonly Candidate[],
  searches: readonly Search[],
  held: readonly Sync[],
): Promise<readonly Candidate[]> {
  const matches = userMatcher(asked);
  const byId = new Map(known.map((candidate) => [candidate.sourcedId, candidate]));
  // An id in other letters is only somebody else where nobody has the one that was asked for.
  const isMeant = (user: UserKeys): boolean =>
    user.sourcedId === asked || (matches(user) !== null && (known.length === 0 || matches(user) !== 'sourcedId'));
  const found = [
    ...(await inOrder(searches, ({ files }) => files.users(isMeant))),
    ...(await inOrder(held, (sync) => usersInPlan(ports.plans, sync, isMeant))),
  ].flat();
  for (const user of found) {
    const matchedBy = matches(user);
    if (matchedBy === null || byId.has(user.sourcedId)) continue;
    byId.set(user.sourcedId, { sourcedId: user.sourcedId, matchedBy, role: user.role });
  }
  return [...byId.values()];
}

/** One after the other: files and plans are large. */
async function inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

/** Dry runs change nothing, and a delivery that still arrives says nothing about who is missing (R16). */
async function deliveriesToLookAt({ ledger, log }: ExplainPorts, districtId: string) {
  const all = (await ledger.list(districtId, LOOK_BACK)).filter((delivery) => !isDryRun(delivery));
  const last = all.find(({ state }) => state !== 'receiving') ?? null;
  const arriving = all.find(({ state }) => state === 'receiving') ?? null;
  const { lastApplied } = await log.state(districtId);
  // An undo or a re-key may be the last thing that was applied: it has no delivery of its own.
  const isOther = lastApplied !== null && !['', last?.deliveryId].includes(lastApplied.deliveryId);
  return {
    last,
    arriving: arriving !== null && arriving.deliveryId > (last?.deliveryId ?? '') ? arriving : null,
    lastApplied: isOther ? await ledger.get(districtId, lastApplied.deliveryId) : null,
  };
}

/** Since when and by which sync: every write of a sync is stamped with the time at which it began. */
async function inactivityOf(
  log: ExplainPorts['log'],
  districtId: string,
  record: FoundUser | null,
): Promise<InactiveFacts | null> {
  const since = record?.inactiveSince ?? null;
  if (record?.status !== 'inactive' || since === null) return null;
  const wrote = record.syncId === null ? null : await log.get(districtId, record.syncId);
  // A later sync may have written the inactive record again.
  const by =
    wrote?.createdAt === since
      ? wrote
      : (await log.list(districtId, LOOK_BACK)).find(({ createdAt }) => createdAt === since);
  return { since, syncId: by?.syncId ?? null, origin: by?.origin ?? null, deliveryId: by?.deliveryId || null };
}

async function placesOf({ lookup }: ExplainPorts, districtId: string, record: FoundUser | null) {
  if (record === null) return { schools: [], classes: [] };
  const schools = await lookup.namesOf(districtId, 'org', record.orgSourcedIds);
  const enrollments = await lookup.enrollmentsOf(districtId, record.sourcedId);
  const names = await lookup.namesOf(
    districtId,
    'class',
    enrollments.map(({ classSourcedId }) => classSourcedId),
  );
  const classes = enrollments.flatMap((enrollment, index) => {
    const name = names[index];
    return name === undefined ? [] : [{ ...enrollment, class: name }];
  });
  return { schools, classes };
}
