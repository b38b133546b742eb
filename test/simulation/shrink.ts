import { drawScenario, NOTHING_OMITTED, type Omissions } from './scenario.ts';
import { type RunResult, simulate } from './simulate.ts';
import type { Sabotage } from './world.ts';

/** Repetitions that a search may take. */
const MAX_RUNS = 1_000;

/** A failing run with as little in it as was found. */
export interface Shrunk {
  readonly result: RunResult;
  readonly omitted: Omissions;
  readonly runs: number;
}

/**
 * Repeats a failing seed without some of its faults, exports, Portal acts and commands, as long as the same invariant breaks: halves
 * first, then smaller parts. What is left is repeated once more with a trace.
 */
export async function shrink(failed: RunResult, sabotage: Sabotage | null = null): Promise<Shrunk> {
  return new Shrinking(failed, sabotage).run();
}

class Shrinking {
  readonly #seed: number;
  readonly #sabotage: Sabotage | null;
  readonly #invariant: string | undefined;
  #best: RunResult;
  #omitted: Omissions = NOTHING_OMITTED;
  #runs = 0;

  constructor(failed: RunResult, sabotage: Sabotage | null) {
    this.#seed = failed.seed;
    this.#sabotage = sabotage;
    this.#invariant = failed.broken[0]?.invariant;
    this.#best = failed;
  }

  async run(): Promise<Shrunk> {
    const acts = drawScenario(this.#seed).districts.flatMap(({ exports, portal, person }) =>
      [...exports, ...portal, ...person].map(({ name }) => name),
    );
    await this.#without('acts', acts, 1);
    await this.#without('faults', [...this.#best.happened], this.#best.happened.length);
    await this.#without(
      'acts',
      acts.filter((name) => !this.#omitted.acts.has(name)),
      1,
    );
    const traced = { omitted: this.#omitted, tracing: true, sabotage: this.#sabotage };
    return { result: await simulate(this.#seed, traced), omitted: this.#omitted, runs: this.#runs };
  }

  /** Leaves out parts of `items`, at first `size` at a time, then half as many, down to one. */
  async #without(kind: keyof Omissions, items: readonly string[], size: number): Promise<void> {
    for (let part = Math.max(1, size); part >= 1; part = Math.floor(part / 2)) {
      const left = items.filter((item) => !this.#omitted[kind].has(item));
      for (let at = 0; at < left.length; at += part) {
        if (this.#runs >= MAX_RUNS) return;
        await this.#try({ ...this.#omitted, [kind]: new Set([...this.#omitted[kind], ...left.slice(at, at + part)]) });
      }
    }
  }

  async #try(omitted: Omissions): Promise<void> {
    this.#runs++;
    const result = await simulate(this.#seed, { omitted, sabotage: this.#sabotage });
    if (!result.broken.some(({ invariant }) => invariant === this.#invariant)) return;
    this.#best = result;
    this.#omitted = omitted;
  }
}
