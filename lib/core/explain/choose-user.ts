import type { MatchedBy } from './match-user.ts';
import type { ChosenUser, FoundUser, OtherUser } from './user-facts.ts';

/** Somebody who may be meant: in the table, in a delivery or in a held plan. */
export interface Candidate {
  readonly sourcedId: string;
  readonly matchedBy: MatchedBy;
  /** As the file or the plan says; the record's own counts where there is one. */
  readonly role: string;
}

/** R12: longer chains than this are no re-keys but a fault. */
const MAX_MOVES = 20;

/** The id and those before it, as `movedTo` leads: of inactive records only, to records that there are. */
export function followMoves(sourcedId: string, records: ReadonlyMap<string, FoundUser>): readonly string[] {
  const path = [sourcedId];
  while (path.length <= MAX_MOVES) {
    const record = records.get(path.at(-1) ?? '');
    const next = record?.status === 'inactive' ? record.movedTo : null;
    if (next === null || path.includes(next) || !records.has(next)) break;
    path.push(next);
  }
  return path;
}

/**
 * Who is meant: the exact sourcedId; else the only one; else the only active one. Null where several are as good. Who was
 * re-keyed is the one that they became (R12). The others are told, so that nobody is explained in place of another.
 */
export function chooseUser(
  asked: string,
  candidates: readonly Candidate[],
  records: ReadonlyMap<string, FoundUser>,
): { readonly user: ChosenUser | null; readonly others: readonly OtherUser[] } {
  const ends = new Map<string, ChosenUser & { readonly role: string }>();
  const inOrder = [...candidates].sort((a, b) => Number(b.sourcedId === asked) - Number(a.sourcedId === asked));
  for (const { sourcedId, matchedBy, role } of inOrder) {
    const path = followMoves(sourcedId, records);
    const end = path.at(-1) ?? sourcedId;
    const known = ends.get(end);
    if (known !== undefined && known.movedFrom.length >= path.length - 1) continue;
    const record = records.get(end) ?? null;
    ends.set(end, { sourcedId: end, matchedBy, movedFrom: path.slice(0, -1), record, role });
  }
  const all = [...ends.values()];
  const active = all.filter(({ record }) => record?.status === 'active');
  const exact = all.find((each) => each.sourcedId === asked || each.movedFrom.includes(asked));
  const chosen = exact ?? (all.length === 1 ? all[0] : active.length === 1 ? active[0] : undefined);
  const others = all
    .filter((each) => each !== chosen)
    .map(({ sourcedId, matchedBy, record, role }) => ({
      sourcedId,
      matchedBy,
      status: record?.status ?? null,
      role: record?.role ?? role,
    }));
  if (chosen === undefined) return { user: null, others };
  const { sourcedId, matchedBy, movedFrom, record } = chosen;
  return { user: { sourcedId, matchedBy, movedFrom, record }, others };
}
