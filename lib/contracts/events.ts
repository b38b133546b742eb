/**
 * What Rollcall tells the outside of itself: our own ids, codes, counts and times, nothing of a person or a file (R22).
 * At least once: whoever listens knows an event by its `type` and ids.
 */
export type RollcallEvent =
  /** R17: an expected delivery did not come by the end of its grace. Once for each miss. */
  | {
      readonly type: 'rollcall.sync.late';
      readonly districtId: string;
      /** The district's own day of the miss, `YYYY-MM-DD`. */
      readonly localDate: string;
      /** ISO 8601. */
      readonly expectedAt: string;
      readonly dueAt: string;
    }
  /** R11: a plan has waited for a person for another day. */
  | {
      readonly type: 'rollcall.sync.held';
      readonly districtId: string;
      readonly syncId: string;
      /** Why it is held. */
      readonly codes: readonly string[];
      readonly waitingDays: number;
    }
  /** R15: work that nobody was doing was started again. Once for each sync or delivery that had been left. */
  | { readonly type: 'rollcall.sync.resumed'; readonly districtId: string; readonly syncId: string }
  | { readonly type: 'rollcall.delivery.resumed'; readonly districtId: string; readonly deliveryId: string }
  /** R16: a set of loose files did not become whole in its time. It changes nothing. */
  | { readonly type: 'rollcall.delivery.incomplete'; readonly districtId: string; readonly deliveryId: string }
  /** The same bytes for days: perhaps the district's export has stopped and something uploads its last file. Info. */
  | {
      readonly type: 'rollcall.delivery.same-bytes';
      readonly districtId: string;
      readonly deliveryId: string;
      readonly days: number;
    };
