import type { RecordKind } from '../oneroster/kinds.ts';

/** What has to be exceeded, both: a share of what there was before (0 to 1), and a number of records or rows. */
export interface ShareAndFloor {
  readonly share: number;
  readonly floor: number;
}

/** One set of limits (R11; decision 30). Each is crossed by more than it says, never by exactly that much. */
export interface Limits {
  /** Records of one kind that become inactive: share of its active records, floor by kind. */
  readonly removals: { readonly share: number; readonly floors: Readonly<Record<RecordKind, number>> };
  /** Students, or enrollments, that one school loses. */
  readonly schoolRemovals: ShareAndFloor;
  /** Records of one kind that change: share of its active records. */
  readonly updates: ShareAndFloor;
  /** Rows of one file with an error: share of its rows, floor of rows more than in the last applied delivery. */
  readonly invalidRows: ShareAndFloor;
  /** A full file with fewer rows than this share of what it last had, where that was more than the floor. */
  readonly rowDrop: ShareAndFloor;
  /** A kind or school of at least so many active records may not lose all of them; null: it may. */
  readonly losesAll: number | null;
  /** Users who seem to have a new sourcedId (R12). */
  readonly rekeyPairs: number;
}

/** Some limits; what is missing at any depth stays as it is. */
export type LimitOverrides = Overrides<Limits>;

type Overrides<T> = { readonly [K in keyof T]?: (T[K] extends object ? Overrides<T[K]> : T[K]) | undefined };

/** R11's numbers. */
export const DEFAULT_LIMITS: Limits = {
  removals: {
    share: 0.1,
    floors: { org: 0, academicSession: 0, course: 5, class: 5, user: 25, enrollment: 25, demographics: 25 },
  },
  schoolRemovals: { share: 0.5, floor: 25 },
  updates: { share: 0.75, floor: 25 },
  invalidRows: { share: 0.05, floor: 10 },
  rowDrop: { share: 0.5, floor: 25 },
  losesAll: 2,
  rekeyPairs: 10,
};
