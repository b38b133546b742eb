/** Stable codes of what can be said about a user; scripts rely on them. */
export type ExplanationCode =
  /** Nobody is known by these words. */
  | 'unknown'
  /** Several users are meant. */
  | 'ambiguous'
  /** R12: has a new sourcedId; the rest is about that one. */
  | 'moved'
  | 'active'
  /** enabledUser is false. */
  | 'disabled'
  | 'inactive'
  /** Only a delivery or a held plan has them: no sync has added them. */
  | 'not-in-roster'
  /** R2: a record that someone made in the Portal has this username or e-mail. */
  | 'manual'
  /** The Portal edited the record since the last write of a sync. */
  | 'edited'
  | 'no-schools'
  | 'no-classes'
  | 'no-delivery'
  /** A newer delivery is not whole yet. */
  | 'delivery-arriving'
  | 'in-delivery'
  /** Their row says tobedeleted. */
  | 'marked-removed'
  /** A full users.csv has no row of them. */
  | 'not-in-delivery'
  /** … and an earlier one had: filters, or the SIS. */
  | 'filtered'
  /** A users.csv of changes has no row of them, which says nothing (R4). */
  | 'not-in-delta'
  /** No users.csv, or one without rows: it says nothing (R6). */
  | 'no-users-file'
  | 'delivery-unreadable'
  | 'delivery-expired'
  | 'delivery-pending'
  /** R15: it waits for something that was not taken. */
  | 'delivery-blocked'
  | 'delivery-rejected'
  | 'delivery-incomplete'
  | 'delivery-failed'
  | 'delivery-superseded'
  | 'delivery-undone'
  /** Rows without a readable sourcedId: one may be theirs. */
  | 'unreadable-rows'
  /** Missing, and kept all the same: this sync removed no users. */
  | 'removal-withheld'
  /** R5: an error in a row of users.csv or roles.csv. */
  | 'row-invalid'
  /** The same in enrollments.csv or demographics.csv. */
  | 'other-row-invalid'
  | 'row-remark'
  /** There may be more findings about them. */
  | 'findings-cut'
  /** R12: seems to be the same person as another user. */
  | 'rekey-pair'
  | 'held';

/** One thing that can be said, for people. */
export interface ExplanationLine {
  readonly code: ExplanationCode;
  readonly text: string;
}

/** The answer: a short paragraph, then one thing a line. */
export interface Explanation {
  readonly headline: string;
  /** Each code once, in the order of the lines. */
  readonly answer: readonly ExplanationCode[];
  readonly lines: readonly ExplanationLine[];
}
