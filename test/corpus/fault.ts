import { zipBytes, zipDraftOf } from '../fuzz/write-zip.ts';
import type { Bench } from './bench.ts';
import type { Files } from './tables.ts';

export type Packaging = 'zip' | 'files';

/**
 * What can become of a faulty export. `incomplete` also where nothing of it ever became a whole delivery, `unchanged`
 * also where it was only looked at.
 */
export type Ending = 'held' | 'rejected' | 'incomplete' | 'unchanged' | 'applied' | 'superseded' | 'failed';

/** One faulty export, and what may become of it. */
export interface Fault {
  readonly name: string;
  readonly packaging: Packaging;
  /** What the uploaded bytes say: the judge reads them itself. */
  readonly files: Files;
  /**
   * `nothing`: not one record may change (R6, R7, R16). `files`: the table is left alone, or becomes what the files say
   * by R1 and R4 to R6, and then no limit of R11 may be crossed.
   */
  readonly mayChange: 'nothing' | 'files';
  /** Where the only right answer is known. */
  readonly endings?: readonly Ending[];
  /** Among deltas: what was not taken stands in the way of the next one (R15) until a full export comes. */
  readonly blocksDeltas?: true;
  /** What came in the nights before it, oldest first: each is judged as well. */
  readonly nightsBefore?: readonly Files[];
  /** Uploads it in a way of its own; otherwise the files arrive together. */
  readonly upload?: (bench: Bench) => Promise<void>;
}

/** Faults of one sort. */
export interface Family {
  readonly name: string;
  readonly faults: () => Iterable<Fault>;
}

/** Files in a zip. */
export const zipped = (files: Files): Uint8Array =>
  zipBytes(
    zipDraftOf(
      Object.entries(files).map(([path, bytes]) => ({ path, bytes: Buffer.from(bytes) })),
      () => true,
    ),
  );

/** The same fault as a zip and as loose files. */
export const bothWays = (fault: Omit<Fault, 'packaging'>): readonly Fault[] => [
  { ...fault, name: `${fault.name}, in a zip`, packaging: 'zip' },
  { ...fault, name: `${fault.name}, loose`, packaging: 'files' },
];
