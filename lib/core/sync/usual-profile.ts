import type { RosterFile } from '../oneroster/kinds.ts';
import type { DeliveryProfile, Sync } from './sync.ts';

type Counts = Readonly<Partial<Record<RosterFile, number>>>;

/** What is usual once a delivery has been applied: what it is like itself, and what was usual of files that say nothing. */
export const usualApplied = (earlier: DeliveryProfile | null, own: DeliveryProfile): DeliveryProfile =>
  withLast(earlier, own, Object.entries(own.bulkRows));

/**
 * What is usual after a delivery that changed nothing: it was not applied, so it never makes more invalid or unreadable
 * rows usual than the last applied one had, only fewer (R5, R11), nor a file that lacks its last line end (R16). Nor does
 * a file say how many rows there are that came empty and changed nothing (R6).
 */
export function usualUnchanged(earlier: DeliveryProfile | null, own: DeliveryProfile): DeliveryProfile {
  const bulk = Object.entries(own.bulkRows).filter(([, rows]) => rows > 0);
  const profile = withLast(earlier, own, bulk);
  return {
    ...profile,
    invalidRows: lowered(earlier?.invalidRows ?? {}, profile.invalidRows),
    unreadableRows: lowered(earlier?.unreadableRows ?? {}, profile.unreadableRows),
    endsWithLineEnd: { ...profile.endsWithLineEnd, ...ended(earlier?.endsWithLineEnd) },
  };
}

/**
 * What is usual after an undo (R14): what it would be if that sync had never come, in whatever order things were undone.
 * Of all syncs of a district, or its latest ones, in any order.
 */
export function usualOf(syncs: readonly Sync[]): DeliveryProfile {
  const byId = new Map(syncs.map((sync) => [sync.syncId, sync]));
  // What was undone is back when its undo was undone.
  const isTakenBack = ({ state, undoneBy }: Sync): boolean => {
    const undo = byId.get(undoneBy ?? '');
    return state === 'undone' && !(undo !== undefined && isTakenBack(undo));
  };
  const ended = syncs
    .filter(({ origin, state }) => origin === 'delivery' && IN_TABLE.has(state))
    .toSorted((a, b) => (endOf(a) < endOf(b) ? -1 : 1));
  let usual = ended[0]?.previousProfile ?? null;
  for (const sync of ended) {
    const own = sync.ownProfile ?? sync.profile;
    if (own === null || isTakenBack(sync)) continue;
    usual = sync.state === 'unchanged' ? usualUnchanged(usual, own) : usualApplied(usual, own);
  }
  return usual ?? NO_PROFILE;
}

const IN_TABLE: ReadonlySet<Sync['state']> = new Set(['applied', 'undone', 'unchanged'] satisfies Sync['state'][]);

const NO_PROFILE: DeliveryProfile = { rows: {}, invalidRows: {}, unreadableRows: {}, bulkRows: {} };

const endOf = ({ endedAt, syncId }: Sync): string => `${endedAt} ${syncId}`;

/** Files that a delivery lacks, or has as a delta, do not say how long and how damaged they are: their last counts stay. */
function withLast(
  earlier: DeliveryProfile | null,
  own: DeliveryProfile,
  bulkRows: readonly (readonly [string, number])[],
): DeliveryProfile {
  const inFull = Object.entries(own.invalidRows).filter(([file]) => file in own.bulkRows);
  return {
    ...own,
    // Of a delta, only where nothing better is known.
    invalidRows: { ...own.invalidRows, ...earlier?.invalidRows, ...Object.fromEntries(inFull) },
    endsWithLineEnd: { ...earlier?.endsWithLineEnd, ...own.endsWithLineEnd },
    unreadableRows: { ...earlier?.unreadableRows, ...own.unreadableRows },
    bulkRows: { ...earlier?.bulkRows, ...Object.fromEntries(bulkRows) },
  };
}

/** Files whose last line had its end: one without it is perhaps cut, until a person has approved it (R16). */
const ended = (ends: DeliveryProfile['endsWithLineEnd'] = {}): DeliveryProfile['endsWithLineEnd'] =>
  Object.fromEntries(Object.entries(ends).filter(([, end]) => end));

/** The smaller count of each file. Of one that no applied delivery had, none is known, which is measured as 0. */
const lowered = (earlier: Counts, now: Counts): Counts =>
  Object.fromEntries(
    Object.entries(earlier).map(([file, rows]) => [file, Math.min(rows, now[file as RosterFile] ?? rows)]),
  );
