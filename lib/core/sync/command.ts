import type { Hold } from '../limits/hold.ts';
import type { RecordKind } from '../oneroster/kinds.ts';
import type { ChangeCounts } from '../plan/change.ts';
import type { Giver } from './giver.ts';
import type { ApplyScope, UndoRequest } from './sync.ts';

/** What a person asks of a district's roster (R12, R13, R14). */
export type Command =
  | {
      readonly name: 'approve';
      readonly syncId: string;
      readonly scope: ApplyScope;
      readonly why: string | null;
      /** The newest delivery that came since and was not taken: the person has seen it. */
      readonly newerSeen: string | null;
    }
  | { readonly name: 'reject'; readonly syncId: string; readonly why: string }
  | {
      readonly name: 'undo';
      readonly undo: UndoRequest;
      readonly dryRun: boolean;
      /** For the record; absent from commands of before it was asked for. */
      readonly why?: string | null;
    }
  | {
      readonly name: 'rekey';
      readonly from: string;
      readonly to: string;
      readonly force?: boolean;
      readonly dryRun?: boolean;
      readonly why?: string | null;
    }
  | { readonly name: 'pause' }
  | { readonly name: 'resume' };

/** Why a command was refused: nothing was changed. */
export type RefusalCode =
  | 'unknown-district'
  | 'unknown-sync'
  | 'not-held'
  | 'applying'
  | 'paused'
  | 'suspended'
  | 'stale'
  | 'newer-delivery'
  | 'upload-failed'
  | 'no-pairs'
  | 'has-pairs'
  | 'not-applied'
  | 'plan-expired'
  | 'nothing-to-undo'
  | 'unknown-user'
  | 'old-user-active'
  | 'new-user-inactive'
  | 'already-moved'
  | 'same-user'
  | 'different-roles'
  | 'not-alike'
  | 'failed';

/** A record by its kind and sourcedId: no name of a person, and never in a log or an event (R22). */
export interface RecordName {
  readonly kind: RecordKind;
  readonly sourcedId: string;
}

/** A record that an undo leaves alone. */
export interface ConflictingRecord extends RecordName {
  /** Whether the undo would set it back if it were forced. */
  readonly forceHelps: boolean;
}

/** How many records a result lists of each kind of fact: with the longest sourcedIds some 40 KB of a 400 KB item. */
export const LISTED_RECORDS = 100;

/** What became of a command. Kept for 30 days. */
export interface CommandResult {
  readonly commandId: string;
  readonly districtId: string;
  readonly outcome: 'done' | 'refused';
  readonly code: Command['name'] | RefusalCode;
  /** For people: what was done, or why not. */
  readonly message: string;
  /** The sync that it was about, or that it made. */
  readonly syncId: string | null;
  readonly at: string;
  /** Who gave it. Absent from results of before it was kept. */
  readonly by?: Giver;
  /** What its plan changes, by file. */
  readonly changes?: Readonly<Record<string, ChangeCounts>>;
  /** Limits that the plan crosses; shown, not enforced (R14). */
  readonly holds?: readonly Hold[];
  /** Records that an undo leaves alone: changed since, or not to be set back at all. */
  readonly conflicts?: number;
  /** Of those, the ones that no `force` sets back. */
  readonly beyondForce?: number;
  /** The first of them, up to `LISTED_RECORDS`. */
  readonly conflicting?: readonly ConflictingRecord[];
  /** Records of the plan that the Portal had edited since, and that are overwritten. */
  readonly overwrites?: number;
  /** The first of them, up to `LISTED_RECORDS` (R13). */
  readonly edited?: readonly RecordName[];
  /** Deliveries or syncs that came since, newest first. */
  readonly newer?: readonly string[];
}
