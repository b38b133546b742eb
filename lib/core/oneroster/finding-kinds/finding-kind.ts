import type { Severity } from '../finding.ts';

/** What a finding says wherever it is shown, and what `docs/findings.md` adds to it. */
export interface FindingTexts {
  /** The message; `{…}` are counts, column names, record kinds and code words, never cell text. */
  readonly says: string;
  /** What to do, in the words of somebody who keeps a student information system. */
  readonly hint: string;
  /** How such data comes about, and what Rollcall does with it. */
  readonly cause: string;
  /** An invented piece of data that shows it. */
  readonly example: string;
}

/**
 * One kind of finding. `severity` is `by column` where R8b decides it: an error in a required column, a warning in an
 * optional one.
 */
export interface FindingKind extends FindingTexts {
  readonly severity: Severity | 'by column';
}

type TextsOfInfo = Omit<FindingTexts, 'hint'> & Partial<Pick<FindingTexts, 'hint'>>;

/** A kind that rejects the delivery, or keeps a row from counting. */
export const error = (texts: FindingTexts) => ({ severity: 'error', ...texts }) as const;

/** A kind that somebody should look at, although the data counts. */
export const warning = (texts: FindingTexts) => ({ severity: 'warning', ...texts }) as const;

/** A kind that is only said; most of them ask for nothing. */
export const info = (texts: TextsOfInfo) =>
  ({ severity: 'info', hint: 'Nothing needs to be done.', ...texts }) as const;

/** A kind whose severity depends on whether the column is required (R8b). */
export const byColumn = (texts: FindingTexts) => ({ severity: 'by column', ...texts }) as const;

/** The remedy for whatever was cut or damaged on its way. */
export const RE_EXPORT = 'Export again and send the whole set.';
