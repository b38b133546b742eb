import type { Sync } from '../../lib/core/sync/sync.ts';
import type { Measured, ReadFiles } from './expected-holds.ts';

type Last = Pick<Measured, 'lastRows' | 'lastErrors'>;

const NOTHING: Last = { lastRows: {}, lastErrors: {} };

/** A delivery that came into the table. */
interface Came {
  readonly syncId: string;
  /** It changed nothing: it was not applied. */
  readonly unchanged: boolean;
  readonly files: ReadFiles;
  /** The deliveries that counted when it came. */
  readonly table: string;
}

type Counts = (syncId: string) => boolean;

/** What the files of the deliveries in the table were like: the measure of the next plan (R11). */
export class FileMeasures {
  readonly #came = new Map<string, Came[]>();

  /** Of those that count: one that was undone says nothing any more, nor one that changed nothing of another table (R14). */
  of(districtId: string, counts: Counts): Last {
    return this.#telling(districtId, counts).reduce(measuredAfter, NOTHING);
  }

  /** Whether what a delivery was like counts. */
  tells(districtId: string, deliverySyncId: string, counts: Counts): boolean {
    return this.#telling(districtId, counts).some(({ syncId }) => syncId === deliverySyncId);
  }

  #telling(districtId: string, counts: Counts): readonly Came[] {
    const came = (this.#came.get(districtId) ?? []).filter(({ syncId }) => counts(syncId));
    return came.filter(({ unchanged, table }, at) => !unchanged || table === tableOf(came.slice(0, at)));
  }

  remember({ districtId, syncId, state }: Sync, files: ReadFiles, counts: Counts): void {
    const before = this.#came.get(districtId) ?? [];
    const table = tableOf(before.filter((each) => counts(each.syncId)));
    this.#came.set(districtId, [...before, { syncId, unchanged: state === 'unchanged', files, table }]);
  }
}

const tableOf = (came: readonly Came[]): string => came.map(({ syncId }) => syncId).join();

/**
 * A file that came empty and changed nothing says nothing about how long it is (R6). A delivery that changed nothing was
 * not applied: its errors are no measure, unless there are fewer (R11).
 */
function measuredAfter(last: Last, { unchanged, files }: Came): Last {
  const read = Object.entries(files);
  const inFull = read.filter(([, { mode }]) => mode === 'bulk');
  const told = inFull.filter(([, { rows }]) => !unchanged || rows > 0);
  const errors = (list: typeof read) => Object.fromEntries(list.map(([file, { errors }]) => [file, errors]));
  const fewer = inFull.filter(([file, { errors }]) => errors < (last.lastErrors[file] ?? 0));
  return {
    lastRows: { ...last.lastRows, ...Object.fromEntries(told.map(([file, { rows }]) => [file, rows])) },
    lastErrors: unchanged
      ? { ...last.lastErrors, ...errors(fewer) }
      : // Of a delta, only where nothing better is known.
        { ...errors(read), ...last.lastErrors, ...errors(inFull) },
  };
}
