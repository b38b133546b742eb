import type { RosterFile } from '../core/oneroster/kinds.ts';
import type { ChangeCounts } from '../core/plan/change.ts';

/** How many records of each OneRoster file a plan adds, updates, deactivates, reactivates, and found unchanged. */
export type EventChanges = Readonly<Partial<Record<RosterFile, ChangeCounts>>>;

/** How many findings of each severity. */
export type EventFindings = { readonly error: number; readonly warning: number; readonly info: number };

/**
 * What Rollcall tells the outside of itself: our own ids, codes, counts and times, nothing of a person or a file (R22).
 * At least once: whoever listens knows an event by its id (`eventIdOf`). docs/events.md says it in JSON Schema.
 */
export type RollcallEvent =
  /** The last write of a sync is done and proven. */
  | {
      readonly type: 'rollcall.sync.applied';
      readonly districtId: string;
      readonly syncId: string;
      /** What was applied: a delivery, or a person's undo (R14) or re-key (R12). */
      readonly origin: 'delivery' | 'undo' | 'rekey';
      /** Nothing was ever applied to this district before. */
      readonly first: boolean;
      readonly changes: EventChanges;
      readonly findings: EventFindings;
    }
  /** R11: a plan waits for a person; told when it is made, and again for every day that it waits. */
  | {
      readonly type: 'rollcall.sync.held';
      readonly districtId: string;
      readonly syncId: string;
      /** Why it is held. */
      readonly codes: readonly string[];
      /** 0: it has just been held. */
      readonly waitingDays: number;
      readonly changes: EventChanges;
      readonly findings: EventFindings;
    }
  /** R7: a delivery cannot be trusted, or a person rejected a held plan. Nothing was changed. */
  | {
      readonly type: 'rollcall.sync.rejected';
      readonly districtId: string;
      readonly syncId: string;
      /** Who rejected it: the checks of the delivery, or a person. */
      readonly by: 'checks' | 'person';
      /** Codes of errors; where a person rejected it, those of the hold. */
      readonly codes: readonly string[];
      readonly findings: EventFindings;
    }
  /** A defect of ours: it is repaired by the next plan. */
  | {
      readonly type: 'rollcall.sync.failed';
      readonly districtId: string;
      readonly syncId: string;
      readonly code: string;
    }
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
  /** R15: work that nobody was doing was started again. Once for each sync or delivery that had been left. */
  | { readonly type: 'rollcall.sync.resumed'; readonly districtId: string; readonly syncId: string }
  | { readonly type: 'rollcall.delivery.resumed'; readonly districtId: string; readonly deliveryId: string }
  /** R16: a delivery did not become whole in its time, or lacks a file that it lists. It changes nothing. */
  | { readonly type: 'rollcall.delivery.incomplete'; readonly districtId: string; readonly deliveryId: string }
  /**
   * R15: a delivery of changes waits, because what it builds on was not taken: until a person decides, or a bulk delivery of
   * the same files comes. Once for each that waits.
   */
  | {
      readonly type: 'rollcall.delivery.blocked';
      readonly districtId: string;
      readonly deliveryId: string;
      /** The deliveries that were not taken, the latest last; ten at most. */
      readonly blockedBy: readonly string[];
    }
  /** The same bytes for days: perhaps the district's export has stopped and something uploads its last file. Info. */
  | {
      readonly type: 'rollcall.delivery.same-bytes';
      readonly districtId: string;
      readonly deliveryId: string;
      readonly days: number;
    }
  /** A week of a district that wants a summary of it; once for each ISO week, in the district's own time zone. */
  | {
      readonly type: 'rollcall.district.weekly';
      readonly districtId: string;
      /** The week that is over, ISO 8601: `2026-W47`. */
      readonly week: string;
      /** Its syncs, by how they ended. */
      readonly syncs: {
        readonly applied: number;
        readonly unchanged: number;
        readonly held: number;
        readonly rejected: number;
        readonly incomplete: number;
        readonly failed: number;
      };
      /** What its applied syncs changed, all files together. */
      readonly changed: {
        readonly add: number;
        readonly update: number;
        readonly deactivate: number;
        readonly reactivate: number;
      };
    };

/** The type of an event: its `detail-type` on the bus. */
export type EventType = RollcallEvent['type'];

/** The `source` of every event on the bus. */
export const EVENT_SOURCE = 'rollcall';

/** What lies on the bus as `detail`: the event, and an id that is the same however often it is told. */
export type EventDetail = RollcallEvent & { readonly eventId: string };

/** Names an event: the same thing told again has the same id. */
export function eventIdOf(event: RollcallEvent): string {
  const what = event.type.slice('rollcall.'.length);
  switch (event.type) {
    case 'rollcall.sync.late':
      return `${event.districtId}:${what}:${event.localDate}`;
    case 'rollcall.district.weekly':
      return `${event.districtId}:${what}:${event.week}`;
    case 'rollcall.sync.held':
      return `${event.syncId}:${what}:${event.waitingDays}`;
    case 'rollcall.delivery.same-bytes':
      return `${event.deliveryId}:${what}:${event.days}`;
    case 'rollcall.delivery.resumed':
    case 'rollcall.delivery.incomplete':
    case 'rollcall.delivery.blocked':
      return `${event.deliveryId}:${what}`;
    default:
      return `${event.syncId}:${what}`;
  }
}

/** The event as it lies on the bus. */
export const detailOf = (event: RollcallEvent): EventDetail => ({ ...event, eventId: eventIdOf(event) });
