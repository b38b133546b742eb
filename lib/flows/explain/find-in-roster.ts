import type { Candidate } from '../../core/explain/choose-user.ts';
import { userMatcher } from '../../core/explain/match-user.ts';
import type { FoundManualUser, FoundUser } from '../../core/explain/user-facts.ts';
import type { RosterLookup } from '../../ports/roster-lookup.ts';

/** Whom the roster has under what was asked. */
export interface RosterMatches {
  readonly candidates: readonly Candidate[];
  readonly manual: readonly FoundManualUser[];
  /** Records of the candidates, and of those that they were moved to, by sourcedId. */
  readonly records: Map<string, FoundUser>;
  /** Synced users that were compared one by one; null where an index had the answer. */
  readonly syncedUsers: number | null;
  readonly manualUsers: number;
}

/**
 * Looks somebody up by sourcedId and username; by e-mail, and in any case of the letters, only by reading all users, which
 * a large district makes worth avoiding.
 */
export async function findInRoster(lookup: RosterLookup, districtId: string, asked: string): Promise<RosterMatches> {
  const matches = userMatcher(asked);
  const exact = await lookup.bySourcedId(districtId, asked);
  const found = [...(exact === null ? [] : [exact]), ...(await lookup.byUsername(districtId, asked))];
  let syncedUsers: number | null = null;
  if (found.length === 0 || asked.includes('@')) {
    syncedUsers = 0;
    for await (const batch of lookup.allUsers(districtId)) {
      syncedUsers += batch.length;
      found.push(...batch.filter((user) => matches(user) !== null));
    }
  }
  const records = new Map(found.map((user) => [user.sourcedId, user]));
  const candidates = [...records.values()].flatMap((user) => {
    const matchedBy = matches(user);
    return matchedBy === null ? [] : [{ sourcedId: user.sourcedId, matchedBy, role: user.role }];
  });
  const manual = await lookup.manualUsers(districtId);
  return {
    candidates,
    manual: manual.filter((user) => matches({ ...user, sourcedId: user.productId }) !== null),
    records,
    syncedUsers,
    manualUsers: manual.length,
  };
}

/** Adds the records of ids that only a delivery or a plan named, and of those that anybody was moved to (R12). */
export async function completeRecords(
  lookup: RosterLookup,
  districtId: string,
  sourcedIds: readonly string[],
  records: Map<string, FoundUser>,
): Promise<void> {
  const open = [...sourcedIds, ...[...records.values()].flatMap(({ movedTo }) => movedTo ?? [])];
  const asked = new Set(records.keys());
  for (const sourcedId of open) {
    if (asked.has(sourcedId)) continue;
    asked.add(sourcedId);
    const record = await lookup.bySourcedId(districtId, sourcedId);
    if (record === null) continue;
    records.set(sourcedId, record);
    // The list grows while it is walked: one record may lead to the next.
    if (record.movedTo !== null) open.push(record.movedTo);
  }
}
