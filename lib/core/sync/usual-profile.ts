import type { RosterFile } from '../oneroster/kinds.ts';
import type { DeliveryProfile } from './sync.ts';

type Counts = Readonly<Partial<Record<RosterFile, number>>>;

/**
 * What is usual once a delivery is in the table (R5, R11): the measure of the next plan. A file that the delivery lacks, or
 * has as a delta, says nothing about how many rows, invalid or unreadable ones are usual: its last counts stand. One that
 * was applied sets them. One that changed nothing (`unchanged`) was not applied: it never makes more damage usual, only
 * less, and a file of it that came empty says nothing about how many rows there are (R6).
 */
export function usualProfile(
  profile: DeliveryProfile,
  earlier: DeliveryProfile | null,
  unchanged: boolean,
): DeliveryProfile {
  const told = Object.entries(profile.bulkRows).filter(([, rows]) => !unchanged || rows > 0);
  const bulk = Object.entries(profile.invalidRows).filter(([file]) => file in profile.bulkRows);
  const usual = {
    ...profile,
    endsWithLineEnd: { ...earlier?.endsWithLineEnd, ...profile.endsWithLineEnd },
    bulkRows: { ...earlier?.bulkRows, ...Object.fromEntries(told) },
  };
  if (unchanged) {
    return {
      ...usual,
      invalidRows: lowered(earlier?.invalidRows ?? {}, Object.fromEntries(bulk)),
      unreadableRows: lowered(earlier?.unreadableRows ?? {}, profile.unreadableRows),
    };
  }
  return {
    ...usual,
    // Of a delta, only where nothing better is known.
    invalidRows: { ...profile.invalidRows, ...earlier?.invalidRows, ...Object.fromEntries(bulk) },
    unreadableRows: { ...earlier?.unreadableRows, ...profile.unreadableRows },
  };
}

/** The smaller count of each file. Of one that no applied delivery had, none is known, which is measured as 0. */
const lowered = (earlier: Counts, now: Counts): Counts =>
  Object.fromEntries(
    Object.entries(earlier).map(([file, rows]) => [file, Math.min(rows, now[file as RosterFile] ?? rows)]),
  );
