import { Bench } from './bench.ts';
import type { Ending, Fault, Packaging } from './fault.ts';
import { crossedLimits, removedOf } from './limits.ts';
import { type Expectation, expectRoster, type FileCounts } from './model.ts';
import { differencesOf, type Roster, sentenceOf } from './roster.ts';
import { KINDS, type Kind } from './standard.ts';
import type { Files } from './tables.ts';

/** What became of a fault, and what was wrong with that. */
export interface Verdict {
  readonly fault: Fault;
  readonly ending: Ending;
  /** Sentences; empty is right. */
  readonly wrong: readonly string[];
  /** Held though no limit is crossed: careful for nothing. */
  readonly needless: boolean;
  /** Records that went from active to inactive, though no good export lacks them. */
  readonly removed: number;
  /** Of those: active again, with the same values and productId, after the next good export. */
  readonly restored: number;
  /** What the fault added is so much that the next good export waits for a person (R11). */
  readonly nextHeld: boolean;
}

/** What was there, what came, and what must be. */
interface Evidence {
  readonly fault: Fault;
  readonly ending: Ending;
  readonly before: Roster;
  readonly after: Roster;
  readonly expected: Expectation;
  readonly crossed: readonly string[];
  /** How the files of the last applied delivery were (R5, R11). */
  readonly usual: Usual;
}

type Usual = Readonly<Record<Kind, FileCounts>>;

/** How the night after the fault went. */
interface Return {
  readonly now: Roster;
  readonly wrong: readonly string[];
  readonly nextHeld: boolean;
}

/** A bench for each packaging is used again while its records are those of the beginning, and it is not too old. */
const MOST_DELIVERIES = 60;

/**
 * Lets faults happen in a district and judges them, one after the other. `base` is applied before, `next` is the good
 * export of the night of the fault; `open`: how a district begins.
 */
export class Judge {
  readonly #benches = new Map<Packaging, Bench>();
  readonly #base: Files;
  readonly #usual: Usual;
  #amongDeltas = false;
  /** Ids of records that are gone in the next good export. */
  readonly #leave: ReadonlySet<string>;
  /** Ids of records that only the next good export has. */
  readonly #come: ReadonlySet<string>;
  readonly #open: (packaging: Packaging, base: Files) => Promise<Bench>;

  constructor(base: Files, next: Files, open = (packaging: Packaging, files: Files) => Bench.open(packaging, files)) {
    this.#base = base;
    const first = expectRoster(new Map(), base, null);
    this.#usual = first.counts;
    const second = expectRoster(first.roster, next, first.counts).roster;
    this.#leave = new Set(KINDS.flatMap((kind) => removedOf(kind, first.roster, second)));
    this.#come = new Set(KINDS.flatMap((kind) => removedOf(kind, second, first.roster)));
    this.#open = open;
  }

  /** A flow that throws is wrong too: its message would come back for ever. */
  async try(fault: Fault): Promise<Verdict> {
    try {
      return await this.#judge(fault);
    } catch (thrown) {
      this.#benches.clear();
      const wrong = [`a flow throws: ${thrown instanceof Error ? thrown.stack : String(thrown)}`];
      return { fault, ending: 'failed', wrong, needless: false, removed: 0, restored: 0, nextHeld: false };
    }
  }

  async #judge(fault: Fault): Promise<Verdict> {
    // A refused export that nothing good followed stands in the way of deltas (R15).
    const amongDeltas = fault.blocksDeltas === true;
    if (amongDeltas && !this.#amongDeltas) this.#benches.clear();
    this.#amongDeltas = amongDeltas;
    const bench = await this.#bench(fault.packaging);
    const before = bench.roster();
    const wrong: string[] = [];
    let usual = this.#usual;
    for (const files of fault.nightsBefore ?? []) {
      const early = await this.#night(bench, { ...EARLY_NIGHT, files }, usual);
      wrong.push(...wrongIn(early).map((each) => `a night before: ${each}`));
      usual = usualAfter(early);
    }
    const evidence = await this.#night(bench, fault, usual);
    const { ending, after, crossed } = evidence;
    wrong.push(...wrongIn(evidence));
    const { now, nextHeld, ...back } = await this.#restore(bench, evidence);
    const removed = KINDS.flatMap((kind) =>
      removedOf(kind, before, after).flatMap((id) => (this.#leave.has(id) ? [] : [[kind, id] as const])),
    );
    return {
      ...{ fault, ending, nextHeld, removed: removed.length, wrong: [...wrong, ...back.wrong] },
      needless: ending === 'held' && crossed.length === 0 && !mayBeCut(fault.files),
      restored: removed.filter(([kind, id]) => now.get(kind)?.get(id)?.status === 'active').length,
    };
  }

  async #night(bench: Bench, fault: Fault, usual: Usual): Promise<Evidence> {
    const before = bench.roster();
    const ending = await bench.night(() => fault.upload?.(bench) ?? bench.put(fault.files));
    const after = bench.roster();
    const expected = expectRoster(before, fault.files, usual);
    const crossed = crossedLimits(before, expected, usual);
    return { fault, ending, before, after, expected, crossed, usual };
  }

  async #bench(packaging: Packaging): Promise<Bench> {
    const known = this.#benches.get(packaging);
    if (known !== undefined && (await known.age()) < MOST_DELIVERIES) return known;
    const bench = await this.#open(packaging, this.#base);
    this.#benches.set(packaging, bench);
    return bench;
  }

  /**
   * The next full export gives everything back: same values, same productIds; what the fault added is inactive. It may
   * only wait for a person, who approves it, where it takes away more than a limit allows.
   */
  async #restore(bench: Bench, evidence: Evidence): Promise<Return> {
    const { fault, before, after, ending: was } = evidence;
    // A delivery that was refused leaves nothing behind that could come back; it only stands in the way of deltas.
    const leavesNothing = was === 'rejected' || (was === 'incomplete' && fault.packaging === 'zip');
    const isLone = fault.blocksDeltas !== true && fault.nightsBefore === undefined;
    if (leavesNothing && isLone && differencesOf(before, after).length === 0) {
      return { now: after, wrong: [], nextHeld: false };
    }
    let ending = await bench.night(() => bench.put(bench.base));
    const counts = usualAfter(evidence);
    const nextHeld =
      ending === 'held' && crossedLimits(after, expectRoster(after, bench.base, counts), counts).length > 0;
    const early = nextHeld ? differencesOf(after, bench.roster()) : [];
    if (nextHeld) ending = await bench.approve();
    const now = bench.roster();
    const differences = differencesOf(bench.good, now);
    const isGood = ending === 'applied' || ending === 'unchanged';
    // Nothing of a fault may meet the next one, but for those who were there for a night, and left.
    const isClean = differences.every(({ id, was: old }) => old === null && this.#come.has(id));
    if (!isClean || !isGood) this.#benches.delete(bench.packaging);
    const lasting = differences.filter(({ was: old, is }) => old !== null || is?.status !== 'inactive');
    const wrong = [
      ...(isGood ? [] : [`the next good export is ${ending}`]),
      ...early.map((each) => `before its approval: ${sentenceOf(each, ['was', 'is'])}`),
      ...lasting.map((each) => `after the next good export: ${sentenceOf(each, ['was', 'is'])}`),
    ];
    return { now, wrong, nextHeld };
  }
}

const EARLY_NIGHT = { name: 'a night before', packaging: 'zip', mayChange: 'files' } as const;

/** Only what was applied is a measure (R5, R11). */
const usualAfter = ({ ending, expected, usual }: Evidence): Usual => (ending === 'applied' ? expected.counts : usual);

/** Whether the last line of a file lacks its end, which it had the night before: then only a person can tell (R16). */
const mayBeCut = (files: Files): boolean =>
  Object.values(files).some(
    (bytes) => bytes.length > 0 && !/\n\0?$/.test(Buffer.from(bytes.slice(-2)).toString('latin1')),
  );

function wrongIn({ fault, ending, before, after, expected, crossed }: Evidence): string[] {
  const wrong: string[] = [];
  const { endings } = fault;
  if (ending === 'failed') wrong.push('the sync failed, or hangs');
  if (endings !== undefined && !endings.includes(ending)) wrong.push(`is ${ending}, should be ${endings.join(' or ')}`);
  const nothing = fault.mayChange === 'nothing' || ending !== 'applied';
  const differences = differencesOf(nothing ? before : expected.roster, after);
  wrong.push(...differences.map((each) => sentenceOf(each, [nothing ? 'was' : 'should be', 'is'])));
  // Half of a CR LF: the last row may be another one's beginning, so nothing of its kind is removed (R5).
  const halfEnd = Object.values(fault.files).some((bytes) => bytes.at(-1) === 0x0d);
  const silent =
    ending === 'unchanged' &&
    !halfEnd &&
    fault.mayChange === 'files' &&
    differencesOf(before, expected.roster).length > 0;
  if (silent) wrong.push('unchanged, though the files say something new');
  if (ending === 'applied' && crossed.length > 0) wrong.push(`applied, not held: ${crossed.join('; ')}`);
  return wrong;
}
