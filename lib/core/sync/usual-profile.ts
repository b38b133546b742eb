import type { RosterFile } from '../oneroster/kinds.ts';
import type { DeliveryProfile, Sync } from './sync.ts';

type Counts = Readonly<Partial<Record<RosterFile, number>>>;

/** What the delivery of a sync is like; in rows of before, over what was usual when it was planned. */
export const ownProfileOf = ({ ownProfile, profile }: Pick<Sync, 'ownProfile' | 'profile'>): DeliveryProfile | null =>
  ownProfile ?? profile;

/** What is usual once a delivery has been applied: what it is like itself, and what was usual of files that say nothing. */
export const usualApplied = (earlier: DeliveryProfile | null, own: DeliveryProfile): DeliveryProfile =>
  withLast(earlier, own, Object.entries(own.bulkRows));

/**
 * What is usual after a delivery that changed nothing: it was not applied, so it never makes more invalid or unreadable
 * rows usual than the last applied one had, only fewer (R5, R11), nor a file that lacks its last line end (R16). Nor does
 * a file say how many rows there are that came empty and changed nothing (R6).
 */
export function usualUnchanged(earlier: DeliveryProfile | null, own: DeliveryProfile): DeliveryProfile {
  const told = Object.entries(own.bulkRows).filter(([, rows]) => rows > 0);
  const profile = withLast(earlier, own, told);
  return {
    ...profile,
    invalidRows: lowered(earlier?.invalidRows ?? {}, profile.invalidRows),
    unreadableRows: lowered(earlier?.unreadableRows ?? {}, profile.unreadableRows),
    endsWithLineEnd: { ...profile.endsWithLineEnd, ...withEnd(earlier?.endsWithLineEnd) },
  };
}

/**
 * What is usual after an undo (R14): what it would be if that sync had never come, in whatever order things were undone.
 * Of all syncs of a district, or its latest ones, in any order.
 */
export function usualOf(syncs: readonly Sync[]): DeliveryProfile {
  const history = new UndoHistory(syncs);
  const came = syncs
    .filter(({ origin, state }) => origin === 'delivery' && CAME.has(state))
    .toSorted((a, b) => (endOf(a) < endOf(b) ? -1 : 1));
  // Whatever ended before the oldest was planned, it has looked at; all others are newer.
  let usual = came.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))[0]?.previousProfile ?? null;
  for (const [at, sync] of came.entries()) {
    const own = ownProfileOf(sync);
    if (own === null || history.isTakenBack(sync)) continue;
    if (sync.state !== 'unchanged') usual = usualApplied(usual, own);
    // What changed nothing of a table that is no more says nothing.
    else if (came.slice(0, at).every((each) => history.isAsAt(each, sync.endedAt))) usual = usualUnchanged(usual, own);
  }
  return usual ?? NO_PROFILE;
}

/** Which syncs were taken back by an undo, now and at any time. */
class UndoHistory {
  readonly #byId: ReadonlyMap<string, Sync>;

  constructor(syncs: readonly Sync[]) {
    this.#byId = new Map(syncs.map((sync) => [sync.syncId, sync]));
  }

  /** By a time, or by now. What was undone is back when its undo was undone; an undo that has not ended is ending now. */
  isTakenBack({ state, undoneBy }: Sync, by: string | null = null): boolean {
    if (state !== 'undone') return false;
    const undo = this.#byId.get(undoneBy ?? '');
    if (undo === undefined) return true;
    const isBefore = by === null || (undo.endedAt !== null && undo.endedAt <= by);
    return isBefore && !this.isTakenBack(undo, by);
  }

  /** Whether a sync is in the table now as it was at a time. */
  isAsAt(sync: Sync, at: string | null): boolean {
    return this.isTakenBack(sync, at) === this.isTakenBack(sync);
  }
}

/** What came into the table, or was there already. */
const CAME: ReadonlySet<Sync['state']> = new Set(['applied', 'undone', 'unchanged'] satisfies Sync['state'][]);

const NO_PROFILE: DeliveryProfile = { rows: {}, invalidRows: {}, unreadableRows: {}, bulkRows: {} };

const endOf = ({ endedAt, syncId }: Sync): string => `${endedAt} ${syncId}`;

/**
 * A delivery, over what was usual of files that do not say how long and how damaged they are: those that it lacks or has
 * as a delta. `bulkRows`: the lengths that count.
 */
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
const withEnd = (ends: DeliveryProfile['endsWithLineEnd'] = {}): DeliveryProfile['endsWithLineEnd'] =>
  Object.fromEntries(Object.entries(ends).filter(([, end]) => end));

/** The smaller count of each file. Of one that no applied delivery had, none is known, which is measured as 0. */
const lowered = (earlier: Counts, now: Counts): Counts =>
  Object.fromEntries(
    Object.entries(earlier).map(([file, rows]) => [file, Math.min(rows, now[file as RosterFile] ?? rows)]),
  );
