import { detached } from './detached.ts';
import type { Finding, FindingCounts, Place, Severity } from './finding.ts';
import { FINDING_KINDS, type FindingCode, fill } from './finding-codes.ts';

/** Findings kept in a list when no other limit is given. */
export const DEFAULT_FINDING_LIMIT = 1000;

type Params = Readonly<Record<string, string | number>>;

/**
 * Collects findings: counts all, keeps the first `limit` of each severity, so that errors are never crowded out and
 * root causes (found first, because files are read in the order of their references) come first.
 */
export class FindingLog {
  readonly counts: FindingCounts = { error: 0, warning: 0, info: 0, byCode: {} };
  readonly #limit: number;
  readonly #kept: Record<Severity, Finding[]> = { error: [], warning: [], info: [] };
  readonly #once = new Set<string>();

  constructor(limit: number = DEFAULT_FINDING_LIMIT) {
    this.#limit = limit;
  }

  /** `severity` is needed for codes whose severity is by column; others take it from the table. */
  add(code: FindingCode, place: Place = {}, params: Params = {}, severity?: Severity): void {
    const kind = FINDING_KINDS[code];
    const known = kind.severity === 'by column' ? (severity ?? 'error') : kind.severity;
    this.counts[known]++;
    this.counts.byCode[code] = (this.counts.byCode[code] ?? 0) + 1;
    const kept = this.#kept[known];
    if (kept.length >= this.#limit) return;
    kept.push({
      code,
      severity: known,
      file: place.file ?? null,
      row: place.row ?? null,
      column: place.column ?? null,
      sourcedId: place.sourcedId == null ? null : detached(place.sourcedId),
      message: fill(kind.says, params),
      hint: fill(kind.hint, params),
    });
  }

  /** Says it once for each file and column, however many rows show it (R8). */
  addOnce(code: FindingCode, place: Place, params: Params = {}): void {
    const key = `${code}\n${place.file ?? ''}\n${place.column ?? ''}`;
    if (this.#once.has(key)) return;
    this.#once.add(key);
    this.add(code, place, params);
  }

  /** Errors first, then warnings, then infos; cut to the limit. */
  list(): readonly Finding[] {
    return [...this.#kept.error, ...this.#kept.warning, ...this.#kept.info].slice(0, this.#limit);
  }
}
