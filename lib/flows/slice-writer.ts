import type { Change } from '../core/plan/change.ts';

type Write = (lane: number, changes: readonly Change[]) => Promise<'written' | 'fenced'>;

/**
 * Sends slices of one section on several lanes at a time, each lane one slice after the other (a lane is a fence row;
 * two transactions on one row would get in each other's way). Knows how many changes from the start are written without
 * a gap, which is what a cursor may say.
 */
export class SliceWriter {
  readonly #write: Write;
  readonly #free: number[];
  readonly #busy = new Set<Promise<void>>();
  /** Slices in order of sending: end offset, and whether it is written. */
  readonly #open: { end: number; written: boolean }[] = [];
  #sent: number;
  #written: number;
  #counted: number;
  #fenced = false;
  #failure: unknown = null;

  /** `offset`: changes of the section that earlier workers wrote. */
  constructor(lanes: number, offset: number, write: Write) {
    this.#write = write;
    this.#free = Array.from({ length: lanes }, (_, lane) => lane);
    this.#sent = offset;
    this.#written = offset;
    this.#counted = offset;
  }

  /** Changes from the start of the section that are written without a gap. */
  get written(): number {
    return this.#written;
  }

  /** Changes written since the last call, for the sync's count. */
  takeNewlyWritten(): number {
    const newly = this.#written - this.#counted;
    this.#counted = this.#written;
    return newly;
  }

  /** Waits for a free lane and starts the write. Throws what an earlier write threw. */
  async send(changes: readonly Change[]): Promise<'sent' | 'fenced'> {
    while (this.#free.length === 0) await Promise.race(this.#busy);
    this.#throwFailure();
    if (this.#fenced) return 'fenced';
    const lane = this.#free.pop()!;
    this.#sent += changes.length;
    const slice = { end: this.#sent, written: false };
    this.#open.push(slice);
    const work = this.#run(lane, changes, slice).finally(() => {
      this.#busy.delete(work);
      this.#free.push(lane);
    });
    this.#busy.add(work);
    return 'sent';
  }

  /** Waits for all writes under way. */
  async drain(): Promise<'done' | 'fenced'> {
    await Promise.all(this.#busy);
    this.#throwFailure();
    return this.#fenced ? 'fenced' : 'done';
  }

  async #run(lane: number, changes: readonly Change[], slice: { end: number; written: boolean }): Promise<void> {
    try {
      if ((await this.#write(lane, changes)) === 'fenced') {
        this.#fenced = true;
        return;
      }
      slice.written = true;
      while (this.#open[0]?.written === true) this.#written = this.#open.shift()!.end;
    } catch (thrown) {
      this.#failure ??= { thrown };
    }
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw (this.#failure as { thrown: unknown }).thrown;
  }
}
