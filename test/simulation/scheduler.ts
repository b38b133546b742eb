import type { Clock } from '../../lib/ports/clock.ts';

interface Event {
  readonly atMillis: number;
  readonly number: number;
  readonly run: () => void;
}

/** Monday evening, when the exports come. */
const START = Date.parse('2026-11-23T18:00:00.000Z');

/**
 * The only thing that moves time. Events run one by one in the order of their times; between two events everything that
 * the first one set off runs until it waits for another event. So a run depends on nothing but what was scheduled.
 */
export class Scheduler implements Clock {
  readonly #heap: Event[] = [];
  #now = START;
  #number = 0;
  #steps = 0;

  now(): Date {
    return new Date(this.#now);
  }

  /** Milliseconds since the simulation began. */
  get elapsed(): number {
    return this.#now - START;
  }

  /** Events that have run. */
  get steps(): number {
    return this.#steps;
  }

  after(millis: number, run: () => void): void {
    this.#push({ atMillis: this.#now + Math.max(0, Math.round(millis)), number: this.#number++, run });
  }

  /** Runs until nothing is scheduled. `exhausted`: still events after `maxSteps`, which is a loop. */
  async drain(maxSteps: number): Promise<'idle' | 'exhausted'> {
    for (let left = maxSteps; left > 0; left--) {
      const event = this.#pop();
      if (event === undefined) return 'idle';
      this.#now = event.atMillis;
      this.#steps++;
      event.run();
      // All promises that can go on do so before the event loop turns: then every worker waits for an event.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return 'exhausted';
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (isBefore(heap[parent]!, event)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (isBefore(last, heap[child]!)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

const isBefore = (a: Event, b: Event): boolean =>
  a.atMillis === b.atMillis ? a.number < b.number : a.atMillis < b.atMillis;
