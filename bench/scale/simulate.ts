import type { HopTimes } from '../cost/measured.ts';
import { CHANGED_PER_STUDENT, nightlySync, typicalRows } from '../cost/model.ts';

/** The hops that a delivery waits for. */
export const HOPS = ['receive', 'plan', 'apply'] as const;
export type Hop = (typeof HOPS)[number];

/** A night to be simulated. */
export interface Night {
  readonly districts: number;
  readonly students: number;
  /** Uploads end evenly spread over so many minutes. */
  readonly spreadMinutes: number;
  /** Workers at the same time. */
  readonly concurrency: Readonly<Record<Hop, number>>;
  readonly quietSeconds: number;
  /** An apply that ran for so long goes to the end of its queue. */
  readonly sliceSeconds: number;
  readonly times: HopTimes;
  /** All of a district's records are written, as in a first sync; else as many as change in a night. */
  readonly first: boolean;
  /** Share of the districts that upload twice; the second delivery waits for the first (one worker for each district). */
  readonly twice: number;
  readonly seed: number;
}

/** What became of it. Seconds from the last byte of an upload until its sync is applied. */
export interface Outcome {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  /** From the first upload until the last sync is applied. */
  readonly makespan: number;
  /** Share of the workers' time that was worked, from the first upload to the last sync. */
  readonly utilisation: Readonly<Record<Hop, number>>;
  /** The busiest minute of plan and apply, units a second. */
  readonly peakReadUnits: number;
  readonly peakWriteUnits: number;
  readonly largestDistrict: number;
}

interface Job {
  readonly district: number;
  readonly arrived: number;
  /** Seconds that each hop still needs. */
  readonly need: Record<Hop, number>;
  readonly reads: number;
  readonly writes: number;
  readonly wholeApply: number;
}

/** How sizes of districts differ: the standard deviation of their logarithm. The largest of 2,000 is some 70 times the median. */
const SIGMA = 1.3;

/** A small generator of numbers in [0, 1) (mulberry32): the same seed, the same night. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Students of each district: log-normal, adding up to `students` (but for rounding, at least 1 each). */
export function districtSizes(districts: number, students: number, random: () => number): number[] {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const drawn = Array.from({ length: districts }, () => Math.exp(SIGMA * normal()));
  const sum = drawn.reduce((total, each) => total + each, 0);
  return drawn.map((each) => Math.max(1, Math.round((each / sum) * students)));
}

/** Discrete events: a queue and workers at each hop, first come, first served. */
export function simulate(night: Night): Outcome {
  const random = randomOf(night.seed);
  const sizes = districtSizes(night.districts, night.students, random);
  const events = new EventQueue();
  const queues: Record<Hop, Job[]> = { receive: [], plan: [], apply: [] };
  const free = { ...night.concurrency };
  const worked: Record<Hop, number> = { receive: 0, plan: 0, apply: 0 };
  const busy = new Set<number>();
  const waiting = new Map<number, Job[]>();
  const done: number[] = [];
  const minutes = { reads: new Map<number, number>(), writes: new Map<number, number>() };
  let [firstArrival, now] = [Number.POSITIVE_INFINITY, 0];

  const enter = (hop: Hop, job: Job): void => {
    if (hop === 'plan') {
      if (busy.has(job.district)) {
        waiting.set(job.district, [...(waiting.get(job.district) ?? []), job]);
        return;
      }
      busy.add(job.district);
    }
    queues[hop].push(job);
    serve(hop);
  };
  const serve = (hop: Hop): void => {
    while (free[hop] > 0) {
      const job = queues[hop].shift();
      if (!job) return;
      free[hop] -= 1;
      const slice = hop === 'apply' ? Math.min(job.need.apply, night.sliceSeconds) : job.need[hop];
      worked[hop] += slice;
      // The plan reads the table once; the apply writes, and reads it once more for the proof.
      const share = hop === 'apply' ? slice / job.wholeApply : 1;
      if (hop !== 'receive') spread(minutes.reads, now, slice, (job.reads / 2) * share);
      if (hop === 'apply') spread(minutes.writes, now, slice, job.writes * share);
      events.add(now + slice, () => {
        free[hop] += 1;
        job.need[hop] -= slice;
        leave(hop, job);
        serve(hop);
      });
    }
  };
  const leave = (hop: Hop, job: Job): void => {
    if (hop === 'receive') enter('plan', job);
    else if (hop === 'plan' || job.need.apply > 0) enter('apply', job);
    else finish(job);
  };
  const finish = (job: Job): void => {
    done.push(now - job.arrived);
    busy.delete(job.district);
    const next = waiting.get(job.district)?.shift();
    if (next) enter('plan', next);
  };

  for (const [district, students] of sizes.entries()) {
    const uploads = random() < night.twice ? 2 : 1;
    for (let upload = 0; upload < uploads; upload += 1) {
      const arrived = random() * night.spreadMinutes * 60;
      firstArrival = Math.min(firstArrival, arrived);
      const job = jobOf(night, district, students, arrived);
      events.add(arrived + night.quietSeconds, () => enter('receive', job));
    }
  }
  for (let event = events.next(); event; event = events.next()) {
    now = event.at;
    event.run();
  }
  const makespan = now - firstArrival;
  done.sort((a, b) => a - b);
  const quantile = (share: number) => done[Math.min(done.length - 1, Math.ceil(share * done.length) - 1)] ?? 0;
  const used = (hop: Hop) => worked[hop] / (makespan * night.concurrency[hop]);
  return {
    ...{ p50: quantile(0.5), p95: quantile(0.95), max: quantile(1), makespan },
    utilisation: { receive: used('receive'), plan: used('plan'), apply: used('apply') },
    peakReadUnits: Math.max(0, ...minutes.reads.values()) / 60,
    peakWriteUnits: Math.max(0, ...minutes.writes.values()) / 60,
    largestDistrict: Math.max(...sizes),
  };
}

function jobOf({ times, first }: Night, district: number, students: number, arrived: number): Job {
  const rows = typicalRows(students);
  const records = Object.values(rows).reduce((sum, count) => sum + count, 0);
  const written = first ? records : Math.round(students * CHANGED_PER_STUDENT);
  const { readUnits: reads, writeUnits: writes } = nightlySync(rows, written);
  const at = ({ fixed, each }: { fixed: number; each: number }, count: number) => fixed + each * count;
  const apply = at(times.applyRead, records) + at(times.applyWrite, written);
  const need = { receive: at(times.receive, records), plan: at(times.plan, records), apply };
  return { district, arrived, need, reads, writes, wholeApply: apply };
}

/** Adds units to the minutes that a piece of work lies in, evenly. */
function spread(into: Map<number, number>, from: number, seconds: number, units: number): void {
  for (let at = from; at < from + seconds; at = (Math.floor(at / 60) + 1) * 60) {
    const minute = Math.floor(at / 60);
    const until = Math.min(from + seconds, (minute + 1) * 60);
    into.set(minute, (into.get(minute) ?? 0) + (units * (until - at)) / seconds);
  }
}

interface Event {
  readonly at: number;
  readonly run: () => void;
}

/** Events by time, those of one time in the order in which they were added: a binary heap. */
class EventQueue {
  private readonly heap: (Event & { readonly order: number })[] = [];
  private count = 0;

  add(at: number, run: () => void): void {
    const { heap } = this;
    heap.push({ at, run, order: this.count++ });
    for (let child = heap.length - 1; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.before(child, parent)) break;
      this.swap(child, parent);
      child = parent;
    }
  }

  next(): Event | undefined {
    const { heap } = this;
    if (heap.length > 1) this.swap(0, heap.length - 1);
    const event = heap.pop();
    for (let parent = 0; ; ) {
      let least = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2])
        if (child < heap.length && this.before(child, least)) least = child;
      if (least === parent) return event;
      this.swap(parent, least);
      parent = least;
    }
  }

  private before(one: number, other: number): boolean {
    const [a, b] = [this.heap[one], this.heap[other]];
    return a !== undefined && b !== undefined && (a.at < b.at || (a.at === b.at && a.order < b.order));
  }

  private swap(one: number, other: number): void {
    const [a, b] = [this.heap[one], this.heap[other]];
    if (a && b) [this.heap[one], this.heap[other]] = [b, a];
  }
}
