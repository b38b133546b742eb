import type { RosterFile } from '../oneroster/kinds.ts';
import type { DeliveryProfile } from './sync.ts';

type Counts = Readonly<Partial<Record<RosterFile, number>>>;

/** What is usual once a delivery has been applied: what it is like itself, and of files that say nothing, what was usual. */
export const usualApplied = (earlier: DeliveryProfile | null, own: DeliveryProfile): DeliveryProfile =>
  over(earlier, own, Object.entries(own.bulkRows));

/**
 * What is usual after a delivery that changed nothing: it was not applied, so it never makes more invalid or unreadable
 * rows usual than the last applied one had, only fewer (R5, R11), nor a file that lacks its last line end (R16). Nor does
 * a file say how many rows there are that came empty and changed nothing (R6).
 */
export function usualUnchanged(earlier: DeliveryProfile | null, own: DeliveryProfile): DeliveryProfile {
  const told = Object.entries(own.bulkRows).filter(([, rows]) => rows > 0);
  const profile = over(earlier, own, told);
  return {
    ...profile,
    invalidRows: lowered(earlier?.invalidRows ?? {}, profile.invalidRows),
    unreadableRows: lowered(earlier?.unreadableRows ?? {}, profile.unreadableRows),
    endsWithLineEnd: { ...profile.endsWithLineEnd, ...ended(earlier?.endsWithLineEnd) },
  };
}

/** Files that a delivery lacks, or has as a delta, say nothing about what is usual: their last counts stay (R5, R11). */
function over(
  earlier: DeliveryProfile | null,
  own: DeliveryProfile,
  told: readonly (readonly [string, number])[],
): DeliveryProfile {
  const bulk = Object.entries(own.invalidRows).filter(([file]) => file in own.bulkRows);
  return {
    ...own,
    // Of a delta, only where nothing better is known.
    invalidRows: { ...own.invalidRows, ...earlier?.invalidRows, ...Object.fromEntries(bulk) },
    endsWithLineEnd: { ...earlier?.endsWithLineEnd, ...own.endsWithLineEnd },
    unreadableRows: { ...earlier?.unreadableRows, ...own.unreadableRows },
    bulkRows: { ...earlier?.bulkRows, ...Object.fromEntries(told) },
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
