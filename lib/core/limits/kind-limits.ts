import { FILE_OF_KIND, RECORD_KINDS, type RecordKind } from '../oneroster/kinds.ts';
import type { PlanResult } from '../plan/plan-input.ts';
import type { Hold } from './hold.ts';
import { counted, grouped, type Noun, roundedShare, shareBeyond } from './hold-words.ts';
import type { Limits } from './limit-settings.ts';

/** Active records of each kind before the plan. */
export type ActiveCounts = Readonly<Record<RecordKind, number>>;

const NOUNS: Readonly<Record<RecordKind, Noun>> = {
  org: ['org', 'orgs'],
  academicSession: ['academic session', 'academic sessions'],
  course: ['course', 'courses'],
  class: ['class', 'classes'],
  user: ['user', 'users'],
  enrollment: ['enrollment', 'enrollments'],
  demographics: ['demographics record', 'demographics records'],
};

/** R11: too many records of a kind, or all of them, would become inactive. Worst first. */
export function holdRemovals(limits: Limits, changes: PlanResult['changes'], before: ActiveCounts): Hold[] {
  const { share, floors } = limits.removals;
  const holds = RECORD_KINDS.flatMap((kind): Hold[] => {
    const file = FILE_OF_KIND[kind];
    const count = changes[file].deactivate;
    // Where the table was not watched, all that goes is all that is known of.
    const of = Math.max(before[kind], count);
    if (count === 0) return [];
    const lost = count / of;
    const tooMany = lost > share && count > floors[kind];
    const all = count === of && limits.losesAll !== null && of >= limits.losesAll;
    if (!tooMany && !all) return [];
    const who = count === of ? `All ${counted(of, NOUNS[kind])}` : `${grouped(count)} of ${counted(of, NOUNS[kind])}`;
    const message = `${who} would become inactive${tooMany ? ` (${shareBeyond(lost, share)})` : ''}.`;
    const limit = tooMany ? { limit: share } : {};
    return [{ code: 'removals', message, file, count, of, share: roundedShare(lost), ...limit }];
  });
  return holds.sort(byShare);
}

/** R11: too many records of a kind would change. Worst first. */
export function holdUpdates(limits: Limits, changes: PlanResult['changes'], before: ActiveCounts): Hold[] {
  const { share: limit, floor } = limits.updates;
  const holds = RECORD_KINDS.flatMap((kind): Hold[] => {
    const file = FILE_OF_KIND[kind];
    const count = changes[file].update;
    const of = Math.max(before[kind], count);
    if (count <= floor || count / of <= limit) return [];
    const which = count === of ? `All ${counted(of, NOUNS[kind])}` : `${grouped(count)} of ${counted(of, NOUNS[kind])}`;
    const message = `${which} would change (${shareBeyond(count / of, limit)}).`;
    return [{ code: 'updates', message, file, count, of, share: roundedShare(count / of), limit }];
  });
  return holds.sort(byShare);
}

/** The larger share first, then the larger count. */
export const byShare = (a: Hold, b: Hold): number => (b.share ?? 0) - (a.share ?? 0) || (b.count ?? 0) - (a.count ?? 0);
