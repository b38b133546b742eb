import { once } from 'node:events';
import { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { planPromiseKey, planSectionKey, planSummaryKey } from '../../contracts/object-keys.ts';
import type { Change } from '../../core/plan/change.ts';
import { PLAN_SECTIONS, type PlanSection } from '../../core/plan/sections.ts';
import type { ApplyScope } from '../../core/sync/sync.ts';
import { ObjectMissing } from '../../ports/failure.ts';
import type { Archive, ObjectWriter } from '../../ports/objects.ts';
import type { PlanStore } from '../../ports/plan-store.ts';
import { changeLine, changeReader, headerLine } from './change-line.ts';

/** Scopes that a promise of its own is written for (R13). */
const SCOPES: readonly ApplyScope[] = ['all-but-removals', 'as-rekey'];

/** Fast: a plan is written once and read once or twice; level 6 takes twice the time for a tenth of the size. */
const GZIP_LEVEL = 3;

/** Changes in a batch of a read: a few transactions' worth. */
const BATCH = 500;

/** Text is handed to gzip in pieces of about this many characters. */
const PIECE_CHARACTERS = 64 * 1024;

/** Plans in the archive bucket: JSON lines, gzip, one object a section. A section without an object has no changes. */
export function createPlanStore(archive: Archive): PlanStore {
  return {
    writer(prefix) {
      const sections = new Map<string, SectionWriter>();
      return {
        async write(section, changes) {
          if (changes.length === 0) return;
          const known = sections.get(section.name);
          const writer = known ?? new SectionWriter(archive.writer(planSectionKey(prefix, section.name)));
          if (!known) {
            sections.set(section.name, writer);
            await writer.write(headerLine(section.kind));
          }
          await writer.writeAll(changes);
        },
        async end() {
          for (const writer of sections.values()) await writer.end();
        },
        async abandon() {
          for (const writer of sections.values()) await writer.abandon();
          sections.clear();
        },
      };
    },
    async renew(prefix) {
      const sections = PLAN_SECTIONS.map(({ name }) => planSectionKey(prefix, name));
      const promises = [undefined, ...SCOPES].map((scope) => planPromiseKey(prefix, scope));
      // Sections without changes, and promises of other scopes, are not there.
      await Promise.all([...sections, ...promises, planSummaryKey(prefix)].map((key) => archive.renew(key)));
    },
    readSection: (prefix, section, offset) => readSection(archive, prefix, section, offset),
  };
}

/** Lines into gzip into an object. Waits where the object cannot take more. */
class SectionWriter {
  readonly #gzip = createGzip({ level: GZIP_LEVEL });
  readonly #object: ObjectWriter;
  readonly #pump: Promise<void>;

  constructor(object: ObjectWriter) {
    this.#object = object;
    this.#pump = this.#copy();
    // Met in `write` and `end`; until then nobody may call it unhandled.
    this.#pump.catch(() => undefined);
  }

  async #copy(): Promise<void> {
    for await (const chunk of this.#gzip as AsyncIterable<Uint8Array>) await this.#object.write(chunk);
  }

  async writeAll(changes: readonly Change[]): Promise<void> {
    let text = '';
    for (const change of changes) {
      text += changeLine(change);
      if (text.length < PIECE_CHARACTERS) continue;
      await this.write(text);
      text = '';
    }
    if (text !== '') await this.write(text);
  }

  async write(text: string): Promise<void> {
    if (this.#gzip.write(text)) return;
    // A pump that failed destroyed the stream, which never drains then.
    await Promise.race([once(this.#gzip, 'drain'), this.#pump]);
  }

  async end(): Promise<void> {
    this.#gzip.end();
    await this.#pump;
    await this.#object.end();
  }

  async abandon(): Promise<void> {
    this.#gzip.destroy();
    await this.#pump.catch(() => undefined);
    await this.#object.abandon();
  }
}

async function* readSection(
  archive: Archive,
  prefix: string,
  section: PlanSection,
  offset: number,
): AsyncGenerator<readonly Change[]> {
  let read: ((line: string) => Change) | null = null;
  let skip = offset;
  let batch: Change[] = [];
  for await (const lines of linesOf(archive, planSectionKey(prefix, section.name)))
    for (const line of lines) {
      if (read === null) read = changeReader(line);
      else if (skip > 0) skip--;
      else if (batch.push(read(line)) === BATCH) {
        yield batch;
        batch = [];
      }
    }
  if (batch.length > 0) yield batch;
}

/** The lines of a gzip object, a piece at a time; none where there is no object. */
async function* linesOf(archive: Archive, key: string): AsyncGenerator<readonly string[]> {
  const source = Readable.from(archive.read(key), { objectMode: true });
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip).setEncoding('utf8');
  let rest = '';
  try {
    for await (const text of gunzip as AsyncIterable<string>) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      yield lines;
    }
  } catch (error) {
    if (!(error instanceof ObjectMissing)) throw error;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}
