import type { RollcallEvent } from '../contracts/events.ts';

/** What `watch` remembers of a district, so that it tells each thing once. */
export interface WatchMemory {
  /** Since when exports are expected at these days and times; null where no calendar is set. */
  readonly expecting: { readonly rhythm: string; readonly since: string } | null;
  /** The last expected delivery that was judged, late or not: its local date (R17). */
  readonly judgedDate: string | null;
  /** How many days each held sync has been told to have waited. */
  readonly heldDays: Readonly<Record<string, number>>;
  /** Those of the latest deliveries that never became whole: they have been told. */
  readonly incompleteIds: readonly string[];
  /** Sets that were open: what became of each is looked at when it no longer is. */
  readonly openSetIds: readonly string[];
  /** The newest deliveries that wait for what they build on (R15): they have been told. */
  readonly blockedIds: readonly string[];
  /** The sync or delivery that was last resumed. */
  readonly resumedId: string | null;
  /** The newest delivery that was looked at, and on how many days in a row the district has sent its bytes. */
  readonly sameBytes: {
    readonly deliveryId: string;
    /** The district's own day on which it was received, `YYYY-MM-DD`. */
    readonly localDate: string;
    readonly days: number;
    /** How many days had been counted when it was last told; 0: not told. */
    readonly toldDays: number;
  } | null;
  /** The ISO week in which a weekly summary was last told or, for the first time, waited for; null: none is wanted. */
  readonly toldWeek: string | null;
  /** Decided and not told yet: a `watch` is just telling them, or ended before it could. */
  readonly untold: readonly RollcallEvent[];
  /** When `untold` was decided, ISO 8601. */
  readonly untoldSince: string | null;
}

/** The memory of a district before its first watch. */
export const NEW_WATCH_MEMORY: WatchMemory = {
  expecting: null,
  judgedDate: null,
  heldDays: {},
  incompleteIds: [],
  openSetIds: [],
  blockedIds: [],
  resumedId: null,
  sameBytes: null,
  toldWeek: null,
  untold: [],
  untoldSince: null,
};

/** Where that memory is kept, a row for each district. */
export interface WatchLog {
  /** Version 0: nothing was ever written. */
  read(districtId: string): Promise<{ readonly memory: WatchMemory; readonly version: number }>;
  /**
   * Writes if the stored version is `expectedVersion`; the version grows by one. `conflict` where another watch wrote:
   * what this one decided is not its to tell; and where the district has left. `writer` names this very watch, so that a call whose answer was lost knows
   * its own write from an equal one of another.
   */
  write(
    districtId: string,
    memory: WatchMemory,
    expectedVersion: number,
    writer: string,
  ): Promise<'written' | 'conflict'>;
}
