import type { Sync } from '../../lib/core/sync/sync.ts';
import type { Measured, ReadFiles } from './expected-holds.ts';

type Last = Pick<Measured, 'lastRows' | 'lastErrors'>;

const NOTHING: Last = { lastRows: {}, lastErrors: {} };

/** What the files of the deliveries in the table were like: the measure of the next plan (R11). */
export class FileMeasures {
  readonly #last = new Map<string, Last>();
  /** What was usual before a sync, by its id. */
  readonly #before = new Map<string, Last>();

  of(districtId: string): Last {
    return this.#last.get(districtId) ?? NOTHING;
  }

  /**
   * A delivery is in the table. A file that came empty and changed nothing says nothing about how long it is (R6). One that
   * changed nothing was not applied: its errors are no measure, unless there are fewer (R11).
   */
  remember({ districtId, syncId, state }: Sync, files: ReadFiles): void {
    const last = this.of(districtId);
    this.#before.set(syncId, last);
    const full = Object.entries(files).filter(
      ([, { mode, rows }]) => mode === 'bulk' && (state !== 'unchanged' || rows > 0),
    );
    const errors = (list: [string, ReadFiles[string]][]) =>
      Object.fromEntries(list.map(([file, { errors }]) => [file, errors]));
    const read = Object.entries(files);
    const inFull = read.filter(([, { mode }]) => mode === 'bulk');
    const fewer = inFull.filter(([file, { errors }]) => errors < (last.lastErrors[file] ?? 0));
    this.#last.set(districtId, {
      lastRows: { ...last.lastRows, ...Object.fromEntries(full.map(([file, { rows }]) => [file, rows])) },
      lastErrors:
        state === 'unchanged'
          ? { ...last.lastErrors, ...errors(fewer) }
          : // Of a delta, only where nothing better is known.
            { ...errors(read), ...last.lastErrors, ...errors(inFull) },
    });
  }

  /** The newest delivery was undone as a whole: what was usual before it is usual again (R14). */
  forget(districtId: string, undoneId: string, newestId: string | null): void {
    const before = this.#before.get(undoneId);
    if (before !== undefined && undoneId === newestId) this.#last.set(districtId, before);
  }
}
