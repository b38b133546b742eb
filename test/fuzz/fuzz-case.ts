import { readTable } from '../../lib/adapters/csv/csv-table.ts';
import { openZip } from '../../lib/adapters/zip/open-zip.ts';
import type { TableEvent } from '../../lib/core/delivery/table-file.ts';
import type { Upload } from '../../lib/core/delivery/upload.ts';
import { FILE_OF_KIND, RECORD_KINDS } from '../../lib/core/oneroster/kinds.ts';
import { Random } from '../../lib/generate/random.ts';
import { exportOf, type SmallDistrict } from './base-export.ts';
import { copyOf, type Draft, type RawFile, textOfDraft } from './draft.ts';
import { BYTE_DAMAGE, BYTE_MUTATIONS } from './mutate-bytes.ts';
import { FILE_MUTATIONS } from './mutate-files.ts';
import { HEADER_MUTATIONS, MANIFEST_MUTATIONS } from './mutate-header.ts';
import { ROW_MUTATIONS } from './mutate-rows.ts';
import { type FileText, TEXT_MUTATIONS } from './mutate-text.ts';
import { ZIP_MUTATIONS } from './mutate-zip.ts';
import { type Mutation, pickByWeight } from './mutation.ts';
import { zipBytes, zipDraftOf } from './write-zip.ts';

/** The stages of making an export, in order; damage can be done after each. */
type Stage = 'table' | 'text' | 'bytes' | 'zip' | 'archive';
const STAGES: readonly Stage[] = ['table', 'text', 'bytes', 'zip', 'archive'];

/** A mutation that a case will do, with a seed of its own: dropping another one leaves it as it is. */
export interface Step {
  readonly stage: Stage;
  readonly seed: number;
}

/** A damaged export, as bytes and as the engine reads it. */
export interface DamagedExport {
  readonly packaging: Upload['packaging'];
  /** The files before they were packed. */
  readonly files: readonly RawFile[];
  /** The zip, if it is one. */
  readonly archive: Buffer | null;
  /** What was done, in order. */
  readonly done: readonly string[];
  /** A cell may stand under another column's name. */
  readonly shifted: boolean;
  /** Bytes of the finished archive were damaged, and its records were true before. */
  readonly archiveDamaged: boolean;
  /** Nothing was done that may change what the export says. */
  readonly untouched: boolean;
}

const PURPOSE = { steps: 1, draft: 2, step: 3, pack: 4 };

/** Which stages a case's mutations fall on, by weight: most damage is in rows, so that most of the engine is reached. */
const STAGE_WEIGHTS: readonly (readonly [Stage, number])[] = [
  ['table', 60],
  ['text', 18],
  ['bytes', 8],
  ['zip', 9],
  ['archive', 5],
];

/** The mutations of a case: none in one of fifty, else one to six. */
export function stepsOf(seed: number, number: number): Step[] {
  const dice = new Random(seed, PURPOSE.steps, number);
  const count = dice.chance(0.02) ? 0 : 1 + dice.below(dice.chance(0.3) ? 6 : 3);
  const steps = Array.from({ length: count }, () => ({ stage: pickStage(dice), seed: dice.next() }));
  return steps.toSorted((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage));
}

function pickStage(dice: Random): Stage {
  let left = dice.below(100);
  for (const [stage, weight] of STAGE_WEIGHTS) {
    left -= weight;
    if (left < 0) return stage;
  }
  return 'table';
}

/** Makes the export of a case: the district's next day, damaged by `steps`. */
export function damagedExport(
  district: SmallDistrict,
  seed: number,
  number: number,
  steps: readonly Step[],
): DamagedExport {
  const making = new Making(new Random(seed, PURPOSE.pack, number));
  const draft = nextDay(district, new Random(seed, PURPOSE.draft, number));
  for (const step of of(steps, 'table')) making.damage(step, tableMutations(step), draft);
  const texts = draft.files.map((file): FileText => ({ path: file.path, text: textOfDraft(file) }));
  for (const step of of(steps, 'text')) making.damageOne(step, TEXT_MUTATIONS, texts);
  const files = texts.map(({ path, text }): RawFile => ({ path, bytes: Buffer.from(text) }));
  for (const step of of(steps, 'bytes')) making.damageOne(step, BYTE_MUTATIONS, files);
  const archive = draft.packaging === 'zip' ? making.pack(files, steps) : null;
  const { done, shifted } = making;
  const archiveDamaged = archive !== null && of(steps, 'archive').length > 0 && of(steps, 'zip').length === 0;
  return { packaging: draft.packaging, files, archive, done, shifted, archiveDamaged, untouched: steps.length === 0 };
}

const of = (steps: readonly Step[], stage: Stage): Step[] => steps.filter((step) => step.stage === stage);

/** The list of mutations for one step on tables: rows mostly. */
function tableMutations({ seed }: Step): readonly Mutation<Draft>[] {
  const part = seed % 100;
  if (part < 70) return ROW_MUTATIONS;
  if (part < 80) return HEADER_MUTATIONS;
  return part < 90 ? MANIFEST_MUTATIONS : FILE_MUTATIONS;
}

class Making {
  readonly done: string[] = [];
  shifted = false;
  readonly #dice: Random;

  constructor(dice: Random) {
    this.#dice = dice;
  }

  damage<T>({ seed }: Step, mutations: readonly Mutation<T>[], target: T): void {
    const dice = new Random(seed, PURPOSE.step);
    const mutation = pickByWeight(mutations, dice);
    this.done.push(`${mutation.name}: ${mutation.apply(target, dice)}`);
    if (mutation.shifts) this.shifted = true;
  }

  damageOne<T>(step: Step, mutations: readonly Mutation<T>[], targets: readonly T[]): void {
    if (targets.length === 0) return;
    this.damage(step, mutations, new Random(step.seed, PURPOSE.pack).pick(targets));
  }

  pack(files: readonly RawFile[], steps: readonly Step[]): Buffer {
    const packing = this.#dice.below(6);
    const zip = zipDraftOf(files, (at) => packing === 0 || (packing === 1 && at % 2 === 0));
    for (const step of of(steps, 'zip')) this.damage(step, ZIP_MUTATIONS, zip);
    const archive = { path: 'the zip', bytes: zipBytes(zip) };
    for (const step of of(steps, 'archive')) this.damage(step, BYTE_DAMAGE, archive);
    return archive.bytes;
  }
}

/** What the district sends on the day after: a few edits, some files as delta, sometimes without a manifest. */
function nextDay(district: SmallDistrict, dice: Random): Draft {
  const names: string[] = [...RECORD_KINDS.map((kind) => FILE_OF_KIND[kind]), 'roles'];
  const deltas = new Set(dice.chance(0.25) ? names.filter(() => dice.chance(0.6)) : []);
  const draft = copyOf(exportOf(district, deltas, dice, dice.chance(0.85)));
  for (const file of draft.files) {
    if (!deltas.has(file.path.slice(0, -4))) continue;
    const some = file.rows.filter(() => dice.chance(0.5));
    file.rows = some.length > 0 ? some : file.rows.slice(0, 1);
  }
  const title = draft.files.find(({ path }) => path === 'classes.csv');
  if (title?.rows[0] && dice.chance(0.5)) title.rows[0][title.header.indexOf('title')] = 'Another title';
  return draft;
}

/** The export as the engine reads it, in chunks of so many bytes. Each reading of a file reads its bytes anew. */
export async function uploadOf(damaged: DamagedExport, chunkBytes: number): Promise<Upload> {
  const { packaging, files, archive } = damaged;
  const chunksOf = (bytes: Buffer, start = 0, end = bytes.length) =>
    async function* () {
      for (let at = start; at < end; at += chunkBytes)
        yield Buffer.from(bytes.subarray(at, Math.min(end, at + chunkBytes)));
    };
  if (archive === null) {
    const entries = files.map(({ path, bytes }) => {
      const open = chunksOf(bytes);
      return { path, bytes: bytes.length, read: () => readTable(open) };
    });
    return { packaging, entries, faults: [] };
  }
  const source = { size: archive.length, read: (start: number, end: number) => chunksOf(archive, start, end)() };
  const { entries, faults } = await openZip(source);
  return {
    packaging,
    entries: entries.map(({ path, size, open }) => ({ path, bytes: size, read: () => readTable(open) })),
    faults: faults.map(({ code }) => code),
  };
}

/** The same upload whose files are read once only: a plan looks at each file twice, and most of a case is reading. */
export const readOnce = (upload: Upload): Upload => ({
  ...upload,
  entries: upload.entries.map((entry) => {
    let events: Promise<readonly TableEvent[]> | null = null;
    const read = async function* () {
      events ??= allOf(entry.read());
      yield* await events;
    };
    return { ...entry, read };
  }),
});

async function allOf<T>(source: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const each of source) all.push(each);
  return all;
}
