import { idOfLine } from '../../lib/core/oneroster/record-line.ts';
import { Random } from '../../lib/generate/random.ts';
import { ModelTable } from '../support/model-table.ts';
import { planAgainst, sync, type Trial, type TrialOptions } from '../support/plan-trial.ts';
import { CANARY, exportOf, type SmallDistrict, smallDistrict } from './base-export.ts';
import { copyOf, type Draft, textOfDraft } from './draft.ts';
import { type DamagedExport, damagedExport, readOnce, type Step, stepsOf, uploadOf } from './fuzz-case.ts';
import { brokenByPlan } from './invariants.ts';

/** How far the fuzzer goes: `cases` at most, and no new case after `seconds`. */
export interface FuzzOptions {
  readonly seed: number;
  readonly cases: number;
  readonly seconds?: number;
  /** Number of the first case. */
  readonly from?: number;
  /** Told before each case. */
  readonly onCase?: (number: number) => void;
  /** Told of each failure as soon as it is found. */
  readonly onFailure?: (failure: FuzzFailure) => void;
}

/** A case that broke an invariant, with as few mutations as still break it. */
export interface FuzzFailure {
  readonly seed: number;
  readonly number: number;
  readonly broken: readonly string[];
  readonly done: readonly string[];
  readonly damaged: DamagedExport;
}

export interface FuzzReport {
  readonly cases: number;
  readonly failed: number;
  readonly seconds: number;
  /** The case that took longest by the clock. */
  readonly slowest: { readonly number: number; readonly milliseconds: number };
  readonly byVerdict: Readonly<Record<string, number>>;
  /** In how many cases a code was found. */
  readonly byCode: Readonly<Record<string, number>>;
  /** The first ten. */
  readonly failures: readonly FuzzFailure[];
}

/** CPU time that a small case may take, milliseconds. A usual one takes 3. */
const CASE_MILLISECONDS = 1000;
/** Cases that share a district and its first day. */
const CASES_PER_DISTRICT = 40;
const DISTRICT = 9;
const MAX_FAILURES = 10;
const FINDING_LIMIT = 1_000_000;
/** People whom the Portal made; some look like people of the export. */
const MANUAL_USERS = [2, 5].map((n) => ({ username: `ANN${CANARY}${n}`, email: `ann@example.test${CANARY}${n + 1}` }));

/** Runs cases until they are done, the time is up, or ten have failed. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { seed, cases, seconds = Number.POSITIVE_INFINITY, from = 0 } = options;
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  const byVerdict: Record<string, number> = { accepted: 0, rejected: 0, incomplete: 0 };
  const byCode: Record<string, number> = {};
  const failures: FuzzFailure[] = [];
  let slowest = { number: from, milliseconds: 0 };
  let past: Past | null = null;
  let number = from;
  for (; number < from + cases && elapsed() < seconds && failures.length < MAX_FAILURES; number++) {
    options.onCase?.(number);
    const group = Math.floor(number / CASES_PER_DISTRICT);
    if (past?.group !== group) past = await pastOf(seed, group);
    const tried = await tryCase(past, seed, number, stepsOf(seed, number));
    if (tried.trial !== null) {
      const { verdict, findingCounts } = tried.trial.result;
      byVerdict[verdict] = (byVerdict[verdict] ?? 0) + 1;
      for (const code of Object.keys(findingCounts.byCode)) byCode[code] = (byCode[code] ?? 0) + 1;
    }
    if (tried.milliseconds > slowest.milliseconds) slowest = { number, milliseconds: Math.round(tried.milliseconds) };
    if (tried.broken.length > 0) {
      const failure = await smallest(past, seed, number, tried);
      failures.push(failure);
      options.onFailure?.(failure);
    }
  }
  const round = Math.round(elapsed() * 10) / 10;
  return { cases: number - from, failed: failures.length, seconds: round, slowest, byVerdict, byCode, failures };
}

/** A district and its table after the first day. */
interface Past {
  readonly group: number;
  readonly district: SmallDistrict;
  readonly table: ModelTable;
}

/** Two full exports, the second with fewer rows: some records are inactive. Then the Portal edits a few (R1). */
async function pastOf(seed: number, group: number): Promise<Past> {
  const dice = new Random(seed, DISTRICT, group);
  const district = smallDistrict(dice);
  const table = new ModelTable();
  const first = exportOf(district, new Set(), dice);
  await sync(readOnce(await uploadOf(soundExport(first), 65_536)), table);
  const second = copyOf(first);
  for (const file of second.files) {
    if (dice.chance(0.3) && file.path !== 'manifest.csv')
      file.rows = file.rows.filter((_, i) => i === 0 || dice.chance(0.8));
  }
  await sync(readOnce(await uploadOf(soundExport(second), 65_536)), table);
  for (const { kind, line } of table.all()) if (dice.chance(0.03)) table.edit(kind, idOfLine(line), null, '');
  return { group, district, table };
}

function soundExport({ files }: Draft): DamagedExport {
  const written = files.map((file) => ({ path: file.path, bytes: Buffer.from(textOfDraft(file)) }));
  const nothing = { done: [], shifted: false, archiveDamaged: false, untouched: true };
  return { packaging: 'folder', files: written, archive: null, ...nothing };
}

interface Tried {
  readonly damaged: DamagedExport;
  readonly broken: readonly string[];
  readonly trial: Trial | null;
  readonly milliseconds: number;
}

async function tryCase(past: Past, seed: number, number: number, steps: readonly Step[]): Promise<Tried> {
  const damaged = damagedExport(past.district, seed, number, steps);
  const again = number % 2 === 0;
  const started = performance.now();
  const { trial, broken } = await trialOf(past, damaged, again);
  // Asking for CPU time costs as much as a small file, so only a case that took long by the clock is tried by it.
  const milliseconds = performance.now() - started;
  const slow = milliseconds > CASE_MILLISECONDS && (await isSlow(past, damaged, again));
  return { damaged, trial, milliseconds, broken: slow ? [...broken, 'slow: over a second'] : broken };
}

/** Whether a case takes too long by itself: a busy machine can make any case slow, and one case slow once. */
async function isSlow(past: Past, damaged: DamagedExport, again: boolean): Promise<boolean> {
  const before = process.cpuUsage();
  await trialOf(past, damaged, again);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 > CASE_MILLISECONDS;
}

async function trialOf(
  past: Past,
  damaged: DamagedExport,
  again: boolean,
): Promise<{ trial: Trial | null; broken: string[] }> {
  const alone = damaged.packaging === 'file';
  const table = alone ? new ModelTable() : past.table.clone();
  const options = { tableIsKnown: !alone, findingLimit: FINDING_LIMIT, manualUsers: MANUAL_USERS };
  try {
    const trial = await planAgainst(readOnce(await uploadOf(damaged, 65_536)), table, options);
    const broken = brokenByPlan(damaged, table, trial.result, trial.changes);
    if (trial.result.verdict === 'accepted' && damaged.archiveDamaged) {
      broken.push(...(await brokenByArchive(damaged, table, trial, options)));
    }
    if (trial.result.verdict === 'accepted' && again)
      broken.push(...(await brokenByRepetition(damaged, table, trial, options)));
    return { trial, broken };
  } catch (error) {
    return { trial: null, broken: [`crash: ${error instanceof Error ? error.stack : String(error)}`] };
  }
}

/** R1: applied and planned again, the same bytes change nothing; in other chunks, they are the same rows. */
async function brokenByRepetition(
  damaged: DamagedExport,
  table: ModelTable,
  { result, changes }: Trial,
  options: TrialOptions,
): Promise<string[]> {
  table.apply(changes);
  const again = await planAgainst(await uploadOf(damaged, 301), table, options);
  const [first] = again.changes;
  return [
    ...(first === undefined
      ? []
      : [`R1: ${again.changes.length} changes in a second plan: ${first.op} of ${first.kind}`]),
    ...(again.result.verdict === 'accepted' ? [] : [`R1: planned again it is ${again.result.verdict}`]),
    ...(JSON.stringify(again.result.files) === JSON.stringify(result.files)
      ? []
      : ['R1: planned again it has other rows']),
  ];
}

/** R16: a damaged archive that is accepted says what its files said before they were packed. */
async function brokenByArchive(
  damaged: DamagedExport,
  table: ModelTable,
  { changes }: Trial,
  options: TrialOptions,
): Promise<string[]> {
  const loose = { ...damaged, packaging: 'folder', archive: null } as const;
  const unpacked = await planAgainst(readOnce(await uploadOf(loose, 65_536)), table, options);
  const plain = (list: Trial['changes']) =>
    JSON.stringify(list.map(({ op, before, after }) => ({ op, before, after })));
  return plain(unpacked.changes) === plain(changes) ? [] : ['R16: a damaged archive says something else'];
}

/** Leaves out mutations while the case still breaks something. */
async function smallest(past: Past, seed: number, number: number, tried: Tried): Promise<FuzzFailure> {
  let steps = stepsOf(seed, number);
  let least = tried;
  const name = nameOf(tried);
  for (let at = 0; at < steps.length; ) {
    const fewer = steps.filter((_, i) => i !== at);
    const again = await tryCase(past, seed, number, fewer);
    if (nameOf(again) !== name) at++;
    else [steps, least] = [fewer, again];
  }
  return { seed, number, broken: least.broken, done: least.damaged.done, damaged: least.damaged };
}

const nameOf = ({ broken }: Tried): string => broken[0]?.split(':', 1)[0] ?? '';
