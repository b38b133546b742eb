import type { RosterFile } from '../oneroster/kinds.ts';
import type { DeliveryProfile } from './sync.ts';

type Counts = Readonly<Partial<Record<RosterFile, number>>>;

/**
 * What a delivery is like, and of files that say nothing about what is usual the last counts (R5, R11): those that it lacks
 * or has as a delta. Nor does a file say how many rows there are that came empty and changed nothing (R6).
 */
export function profileOver(
  earlier: DeliveryProfile | null,
  profile: DeliveryProfile,
  isUnchanged: boolean,
): DeliveryProfile {
  const told = Object.entries(profile.bulkRows).filter(([, rows]) => !isUnchanged || rows > 0);
  const bulk = Object.entries(profile.invalidRows).filter(([file]) => file in profile.bulkRows);
  return {
    ...profile,
    // Of a delta, only where nothing better is known.
    invalidRows: { ...profile.invalidRows, ...earlier?.invalidRows, ...Object.fromEntries(bulk) },
    endsWithLineEnd: { ...earlier?.endsWithLineEnd, ...profile.endsWithLineEnd },
    unreadableRows: { ...earlier?.unreadableRows, ...profile.unreadableRows },
    bulkRows: { ...earlier?.bulkRows, ...Object.fromEntries(told) },
  };
}

/**
 * What is usual after a delivery that changed nothing: it was not applied, so it never makes more invalid or unreadable
 * rows usual than the last applied one had, only fewer (R5, R11), nor a file that lacks its last line end (R16).
 */
export const usualUnchanged = (earlier: DeliveryProfile | null, profile: DeliveryProfile): DeliveryProfile => ({
  ...profile,
  invalidRows: lowered(earlier?.invalidRows ?? {}, profile.invalidRows),
  unreadableRows: lowered(earlier?.unreadableRows ?? {}, profile.unreadableRows),
  endsWithLineEnd: { ...profile.endsWithLineEnd, ...ended(earlier?.endsWithLineEnd) },
});

/** Files whose last line had its end: one without it is perhaps cut, until a person has approved it (R16). */
const ended = (ends: DeliveryProfile['endsWithLineEnd'] = {}): DeliveryProfile['endsWithLineEnd'] =>
  Object.fromEntries(Object.entries(ends).filter(([, end]) => end));

/** The smaller count of each file. Of one that no applied delivery had, none is known, which is measured as 0. */
const lowered = (earlier: Counts, now: Counts): Counts =>
  Object.fromEntries(
    Object.entries(earlier).map(([file, rows]) => [file, Math.min(rows, now[file as RosterFile] ?? rows)]),
  );
