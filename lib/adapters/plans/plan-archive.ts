import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip, type Gzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { planSectionKey } from '../../contracts/object-keys.ts';
import type { Change } from '../../core/plan/change.ts';
import type { PlanSection } from '../../core/plan/sections.ts';
import { ObjectMissing } from '../../ports/failure.ts';
import type { Archive, ObjectWriter } from '../../ports/objects.ts';
import type { PlanStore, PlanWriter } from '../../ports/plan-store.ts';
import { ChangeReader, encodeChange, sectionHeader } from './change-lines.ts';

/** Changes handed on at a time. */
const BATCH = 500;

/** Plans as gzipped JSON lines in the archive, one object a section that has changes (design §4). */
export function createPlanStore(archive: Archive): PlanStore {
  return {
    writer: (prefix) => new ArchivePlanWriter(archive, prefix),
    readSection: (prefix, section, offset) => readSection(archive, prefix, section, offset),
  };
}

interface OpenSection {
  readonly gzip: Gzip;
  readonly object: ObjectWriter;
  readonly done: Promise<void>;
}

class ArchivePlanWriter implements PlanWriter {
  readonly #archive: Archive;
  readonly #prefix: string;
  readonly #open = new Map<PlanSection, OpenSection>();

  constructor(archive: Archive, prefix: string) {
    this.#archive = archive;
    this.#prefix = prefix;
  }

  async write(section: PlanSection, changes: readonly Change[]): Promise<void> {
    let open = this.#open.get(section);
    if (open === undefined) {
      open = this.#openSection(section);
      this.#open.set(section, open);
      open.gzip.write(sectionHeader(section.kind));
    }
    const text = changes.map(encodeChange).join('');
    if (open.gzip.write(text)) return;
    const drained = new Promise<void>((resolve) => open.gzip.once('drain', () => resolve()));
    await Promise.race([drained, open.done]);
  }

  async end(): Promise<void> {
    for (const { gzip, done, object } of this.#open.values()) {
      gzip.end();
      await done;
      await object.end();
    }
    this.#open.clear();
  }

  async abandon(): Promise<void> {
    for (const { gzip, done, object } of this.#open.values()) {
      gzip.end();
      await done.catch(() => {});
      await object.abandon();
    }
    this.#open.clear();
  }

  #openSection(section: PlanSection): OpenSection {
    const object = this.#archive.writer(planSectionKey(this.#prefix, section.name));
    // Level 1: a plan is written once and read once; the processor costs more than the bytes.
    const gzip = createGzip({ level: 1 });
    const done = pipeline(gzip, async (chunks) => {
      for await (const chunk of chunks) await object.write(chunk as Uint8Array);
    });
    // Awaited by `end`; until then a failure must not count as unhandled.
    done.catch(() => {});
    return { gzip, object, done };
  }
}

async function* readSection(
  archive: Archive,
  prefix: string,
  section: PlanSection,
  offset: number,
): AsyncGenerator<readonly Change[]> {
  const key = planSectionKey(prefix, section.name);
  if ((await archive.size(key)) === null) return;
  const source = Readable.from(archive.read(key), { objectMode: false });
  const text = source.pipe(createGunzip());
  source.once('error', (error) => text.destroy(error));
  const reader = new ChangeReader(section.kind, offset);
  let batch: Change[] = [];
  for await (const chunk of text as AsyncIterable<Buffer>) {
    for (const change of reader.push(chunk)) {
      batch.push(change);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  }
  if (!reader.ended) throw new ObjectMissing('a section of a plan ends in the middle of a line');
  if (batch.length > 0) yield batch;
}
