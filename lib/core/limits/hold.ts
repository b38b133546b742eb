import type { RosterFile } from '../oneroster/kinds.ts';

/** Why a plan waits for a person (R11); `first-sync` and `paused` are decided in `decide-sync.ts`. */
export type HoldCode =
  | 'other-district'
  | 'rekey'
  | 'removals'
  | 'school-removals'
  | 'moved-id-returns'
  | 'perhaps-cut'
  | 'row-drop'
  | 'updates'
  | 'invalid-rows'
  | 'first-sync'
  | 'paused';

/** One reason for which a plan waits for a person (R11): what was seen, and the limit that it crosses. */
export interface Hold {
  readonly code: HoldCode;
  /** One or two sentences in the district's words. Names orgs and sourcedIds, never a person. */
  readonly message: string;
  /** The file whose records or rows it is about. `roles` is OneRoster 1.2's. */
  readonly file?: RosterFile | 'roles';
  readonly schoolSourcedId?: string;
  /** How many records, rows or pairs. */
  readonly count?: number;
  /** Out of how many. */
  readonly of?: number;
  /** `count / of`, 0 to 1, four decimals. */
  readonly share?: number;
  /** The limit that was crossed: a share (0 to 1), for `rekey` a number of pairs. Absent where any is too much. */
  readonly limit?: number;
}
