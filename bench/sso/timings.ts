interface Taken {
  readonly wall: number[];
  readonly processor: number[];
}

/** How long things took by name, by the clock and by the processor, and how that is spread. Milliseconds. */
export class Timings {
  readonly #all = new Map<string, Taken>();

  /** Runs it, with nothing else running, and keeps how long it took. */
  async time<T>(name: string, run: () => Promise<T>): Promise<T> {
    const cpu = process.cpuUsage();
    const start = performance.now();
    const result = await run();
    const wall = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    const taken = this.#all.get(name) ?? { wall: [], processor: [] };
    this.#all.set(name, taken);
    taken.wall.push(wall);
    taken.processor.push((user + system) / 1000);
    return result;
  }

  /** Forgets what the first runs took, when nothing was compiled yet. */
  forget(): void {
    this.#all.clear();
  }

  /** All of these together. */
  total(names: readonly string[], by: keyof Taken): number {
    return names.flatMap((name) => this.#all.get(name)?.[by] ?? []).reduce((sum, each) => sum + each, 0);
  }

  /** A line for people. */
  line(name: string): string {
    const { wall = [], processor = [] } = this.#all.get(name) ?? {};
    const at = (times: readonly number[], share: number) => {
      const sorted = [...times].sort((a, b) => a - b);
      return `${(sorted[Math.floor(share * sorted.length)] ?? Number.NaN).toFixed(2).padStart(7)} ms`;
    };
    return `${name.padEnd(36)} p50 ${at(wall, 0.5)}  p99 ${at(wall, 0.99)}  processor p50 ${at(processor, 0.5)}`;
  }
}
