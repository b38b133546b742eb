import { Chance } from './chance.ts';

/** What may happen to one call of a port, beside going well. */
export const CALL_FAULTS = [
  /** An error, and nothing was done. */
  'refused',
  /** Done, but the answer is an error. */
  'lost-answer',
  /** An error now; the request was still on its way and is done later. */
  'ghost',
  /** Done and answered; the same request arrives once more, later. */
  'echo',
  /** The worker sleeps before the request leaves it, and knows nothing of what others do meanwhile. */
  'sleep-before',
  /** Done; the worker sleeps before it goes on. */
  'sleep-after',
  /** The worker ends; the request never left it. */
  'crash-before',
  /** Done; the worker ends. */
  'crash-after',
] as const;
/** What may happen to one message of a queue, S3's events among them. */
export const MESSAGE_FAULTS = ['message-twice', 'message-late'] as const;

export type CallFault = (typeof CALL_FAULTS)[number];
export type MessageFault = (typeof MESSAGE_FAULTS)[number];
export type Fault = CallFault | MessageFault;

/** Faults that leave something of a call in the world, later: only for calls that change something in one step. */
const LATER_EFFECT: readonly CallFault[] = ['ghost', 'echo'];
/** Nothing fails for long, but everything may come at the wrong time. */
const LATE: readonly CallFault[] = [...LATER_EFFECT, 'sleep-before', 'sleep-after'];

/** Kinds of faults that a run may have. */
export const MOODS = { anything: CALL_FAULTS, late: LATE } as const satisfies Record<string, readonly CallFault[]>;

/** Calls after which nothing can be taken back: there things go wrong more often than elsewhere. */
const DECIDING = ['roster.writeChanges', 'landing.remove', 'ledger.addFile', 'ledger.seal', 'log.save'];
const DECIDING_FACTOR = 4;

/** How often things go wrong in one run, as probabilities of a call or a message. */
export interface FaultRates {
  readonly mood: keyof typeof MOODS;
  readonly call: number;
  readonly message: number;
  /** Longest sleep of a worker and longest delay of a message or ghost, seconds. */
  readonly longestSeconds: number;
}

/** Decides what goes wrong. Every fault has an id, so that a run can be repeated without some of them. */
export class Faults {
  readonly counts: Record<Fault, number>;
  /** Ids of the faults that happened, in order. */
  readonly happened: string[] = [];
  readonly #seed: number;
  readonly #rates: FaultRates;
  readonly #without: ReadonlySet<string>;
  readonly #streams = new Map<string, number>();
  #over = false;

  constructor(seed: number, rates: FaultRates, without: ReadonlySet<string>) {
    this.#seed = seed;
    this.#rates = rates;
    this.#without = without;
    this.counts = Object.fromEntries([...CALL_FAULTS, ...MESSAGE_FAULTS].map((fault) => [fault, 0])) as never;
  }

  /** From now on all goes well. */
  end(): void {
    this.#over = true;
  }

  /** A stream of draws for one worker or sender; the second of one name gets a name of its own. */
  stream(name: string): FaultStream {
    const used = this.#streams.get(name) ?? 0;
    this.#streams.set(name, used + 1);
    return new FaultStream(`${name}~${used}`, this.#seed, this);
  }

  /** For a stream: whether this fault may happen, and if so it is counted. */
  take<F extends Fault>(id: string, fault: F): F | null {
    if (this.#over || this.#without.has(id)) return null;
    this.counts[fault]++;
    this.happened.push(id);
    return fault;
  }

  get rates(): FaultRates {
    return this.#rates;
  }
}

/** One fault and how long what it delays takes, milliseconds. */
export interface Fate<F extends Fault> {
  readonly fault: F | null;
  readonly laterMillis: number;
  /** How long an ordinary answer takes, milliseconds. */
  readonly latencyMillis: number;
}

/** The draws of one worker: they depend on its name and the number of the draw alone. */
export class FaultStream {
  readonly #name: string;
  readonly #faults: Faults;
  readonly #chance: Chance;
  #draws = 0;

  constructor(name: string, seed: number, faults: Faults) {
    this.#name = name;
    this.#faults = faults;
    this.#chance = Chance.named(seed, name);
  }

  call(what: string, changesSomething: boolean): Fate<CallFault> {
    const often = DECIDING.includes(what) ? DECIDING_FACTOR : 1;
    const { mood, call } = this.#faults.rates;
    const kinds = MOODS[mood].filter((fault) => changesSomething || !LATER_EFFECT.includes(fault));
    return this.#draw(often * call, kinds);
  }

  message(): Fate<MessageFault> {
    return this.#draw(this.#faults.rates.message, MESSAGE_FAULTS);
  }

  #draw<F extends Fault>(probability: number, kinds: readonly F[]): Fate<F> {
    const chance = this.#chance;
    const latencyMillis = chance.happens(0.05) ? chance.integer(500, 15_000) : chance.integer(5, 120);
    const happens = chance.happens(probability);
    const kind = chance.pick(kinds);
    const { longestSeconds } = this.#faults.rates;
    const laterMillis = 1000 * (chance.happens(0.5) ? chance.integer(1, 60) : chance.integer(60, longestSeconds));
    const id = `${this.#name}/${this.#draws++}`;
    return { fault: happens ? this.#faults.take(id, kind) : null, laterMillis, latencyMillis };
  }
}
