import { homePrefix } from '../../lib/contracts/object-keys.ts';
import type { DistrictSettings } from '../../lib/core/district/settings.ts';
import type { Chance } from './chance.ts';
import { CONTENT_COUNT, type Content, contentAt, cutAtRowEnd } from './contents.ts';
import { reportFailures } from './failed-pieces.ts';

/** One object that an SFTP client puts. */
export interface Piece {
  readonly key: string;
  readonly atMillis: number;
  /** CSV text, or the files of a zip. */
  readonly body: string | Readonly<Record<string, string>>;
  /** A broken connection left only the start of it. */
  readonly cut: boolean;
  /** How long after it was put Transfer says that its upload failed, milliseconds; absent where it says nothing. */
  readonly failedAfterMillis?: number;
}

/** One export of a district: what it says, and the objects that it is put as. */
export interface Export {
  /** `acme/2`. */
  readonly name: string;
  readonly folder: string;
  readonly packaging: 'zip' | 'files';
  readonly content: Content;
  readonly pieces: readonly Piece[];
  /** All its objects are put, and none stays cut. */
  readonly whole: boolean;
}

/** Longer than a set may stay open (`incompleteAfterHours`), milliseconds. */
const LONG_AFTER = 7 * 3_600_000;

export const MANIFEST_NAME = 'manifest.csv';

type Style = 'one-zip' | 'dated-zips' | 'files' | 'files-without-manifest';

/** Draws a district's exports one after the other; the district keeps its way of uploading. */
export class ExportWriter {
  readonly #settings: DistrictSettings;
  readonly #chance: Chance;
  readonly #failures: Chance;
  readonly #style: Style;
  #clock = 0;
  #last = 0;
  #generation = 0;

  /** `failures`: decides of which uploads Transfer says that they failed. */
  constructor(settings: DistrictSettings, chance: Chance, failures: Chance) {
    this.#settings = settings;
    this.#chance = chance;
    this.#failures = failures;
    this.#style = chance.pick(['one-zip', 'dated-zips', 'files', 'files', 'files-without-manifest']);
  }

  draw(number: number): Export {
    const chance = this.#chance;
    const quiet = this.#settings.quietSeconds;
    const gap = chance.pick([5, quiet * 0.7, quiet * 1.5, quiet * 4, 600, 2400, 10_800]);
    this.#clock += gap * 1000;
    const rekeyed = number > 0 && chance.happens(0.15);
    if (rekeyed) this.#generation = chance.pick([0, 1, 2]);
    const again = number > 0 && chance.happens(rekeyed ? 0.8 : 0.15);
    this.#last = again ? this.#last : chance.integer(0, CONTENT_COUNT - 1);
    const content = contentAt({
      number: this.#last,
      withManifest: this.#style !== 'files-without-manifest',
      damaged: chance.happens(0.08),
      generation: this.#generation,
    });
    const folder = chance.happens(0.08) ? 'test' : '';
    const zip = this.#style === 'one-zip' || this.#style === 'dated-zips';
    const { pieces: put, whole } = zip ? this.#zip(number, folder, content) : this.#files(folder, content);
    const { pieces, longerMillis } = reportFailures(put, whole, this.#failures);
    this.#clock += longerMillis;
    const { districtId } = this.#settings;
    return {
      name: `${districtId}/${number}`,
      folder,
      packaging: zip ? 'zip' : 'files',
      content,
      pieces,
      whole,
    };
  }

  #zip(number: number, folder: string, content: Content): Pick<Export, 'pieces' | 'whole'> {
    const chance = this.#chance;
    const key = this.#key(folder, this.#style === 'one-zip' ? 'export.zip' : `export-${number}.zip`);
    const put = (cut: boolean): Piece => ({ key, body: content.files, atMillis: this.#clock, cut });
    const first = put(chance.happens(0.2));
    if (!first.cut) return { pieces: [first], whole: true };
    if (chance.happens(0.3)) return { pieces: [first], whole: false };
    this.#clock += this.#beforeQuiet();
    return { pieces: [first, put(false)], whole: true };
  }

  #files(folder: string, content: Content): Pick<Export, 'pieces' | 'whole'> {
    const chance = this.#chance;
    const pieces: Piece[] = [];
    const shuffled = chance.shuffled(Object.keys(content.files));
    const breaksOff = this.#breaksOff();
    // What is missing then is at least a file that every set has: without its manifest alone a first set is whole.
    const names = breaksOff ? [...shuffled.filter((name) => name !== 'orgs.csv'), 'orgs.csv'] : shuffled;
    const stops = breaksOff ? chance.integer(1, names.length - 1) : names.length;
    const cutOne = chance.happens(0.3) ? chance.integer(0, stops - 1) : -1;
    for (const [index, name] of names.slice(0, stops).entries()) {
      const key = this.#key(folder, name);
      const text = content.files[name]!;
      if (index === cutOne) {
        pieces.push({ key, body: cutAtRowEnd(text), atMillis: this.#clock, cut: true });
        this.#clock += this.#beforeQuiet();
      }
      pieces.push({ key, body: text, atMillis: this.#clock, cut: false });
      this.#clock += this.#beforeQuiet();
    }
    return { pieces, whole: stops === names.length };
  }

  /**
   * Whether the connection is lost for good in the middle of a set. Not without a manifest: nobody can see there that half
   * a set is not the set (design §4). And not before the set of the export before it is long sealed: names are all that
   * says what belongs together, so that the start of one export would complete the rest of the other.
   */
  #breaksOff(): boolean {
    if (this.#style !== 'files' || !this.#chance.happens(0.15)) return false;
    this.#clock += LONG_AFTER;
    return true;
  }

  /** A pause that is shorter than the quiet time: nobody takes a file during an upload for finished. */
  #beforeQuiet(): number {
    const quiet = this.#settings.quietSeconds * 1000;
    return this.#chance.happens(0.7) ? this.#chance.integer(50, 2_000) : this.#chance.integer(2_000, quiet * 0.8);
  }

  #key(folder: string, name: string): string {
    return `${homePrefix(this.#settings.districtId)}${folder === '' ? '' : `${folder}/`}${name}`;
  }
}
