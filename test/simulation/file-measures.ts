import type { Sync } from '../../lib/core/sync/sync.ts';
import type { Measured, ReadFiles } from './expected-holds.ts';

type Last = Pick<Measured, 'lastRows' | 'lastErrors'>;

const NOTHING: Last = { lastRows: {}, lastErrors: {} };

/** What the files of the deliveries in the table were like: the measure of the next plan (R11). */
export class FileMeasures {
  readonly #last = new Map<string, Last>();

  of(districtId: string): Last {
    return this.#last.get(districtId) ?? NOTHING;
  }

  /** A delivery is in the table. A file that came empty and changed nothing says nothing about how long it is (R6). */
  remember({ districtId, state }: Sync, files: ReadFiles): void {
    const full = Object.entries(files).filter(
      ([, { mode, rows }]) => mode === 'bulk' && (state !== 'unchanged' || rows > 0),
    );
    this.#last.set(districtId, {
      lastRows: {
        ...this.of(districtId).lastRows,
        ...Object.fromEntries(full.map(([file, { rows }]) => [file, rows])),
      },
      lastErrors: Object.fromEntries(Object.entries(files).map(([file, { errors }]) => [file, errors])),
    });
  }
}
