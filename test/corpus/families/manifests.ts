import { BASE, BASE_FILES, deltaBetween, deltaFilesOf, TONIGHT, TONIGHT_FILES } from '../exports.ts';
import { bothWays, type Family, type Fault } from '../fault.ts';
import { ROSTER_NAMES } from '../standard.ts';
import { type Export, filesOf, mapRows, mapTable, textOf, withFiles, withModes } from '../tables.ts';
import { linesOf, placeIn } from './cuts.ts';

const DELTA = deltaBetween(BASE, TONIGHT);
const DELTA_FILES = deltaFilesOf(DELTA);

/** The lines of the manifest changed. */
const manifest = (from: Export, change: (property: string, value: string) => readonly string[] | null): Uint8Array =>
  new TextEncoder().encode(textOf(mapRows(from.manifest, ([property = '', value = '']) => change(property, value))));

function* wrongModes(): Generator<Fault> {
  const modes = ['delta', 'absent', '', 'full', 'DELTA'];
  for (const mode of modes) {
    for (const name of ROSTER_NAMES) {
      // A delta removes nobody; a blank mode is as none; a word that is no mode rejects.
      const files = filesOf(withModes(TONIGHT, { [name]: mode }));
      const judged =
        mode === ''
          ? filesOf(withModes(TONIGHT, { [name]: null }))
          : filesOf(withModes(TONIGHT, { [name]: mode.toLowerCase() }));
      yield* bothWays({
        ...{
          name: `${name}.csv is full, the manifest says "${mode}"`,
          files: judged,
          mayChange: mode === 'full' ? 'nothing' : 'files',
        },
        upload: (bench) => bench.put(files),
      });
    }
    const every = filesOf(withModes(TONIGHT, Object.fromEntries(ROSTER_NAMES.map((name) => [name, mode]))));
    if (mode === 'delta')
      yield* bothWays({ name: 'all files are full, the manifest says "delta"', files: every, mayChange: 'files' });
    if (mode === 'absent')
      yield* bothWays({ name: 'all files are full, the manifest says "absent"', files: every, mayChange: 'nothing' });
  }
}

function* wrongDeltas(): Generator<Fault> {
  yield* bothWays({ name: 'a delta as it should be', files: DELTA_FILES, mayChange: 'files', endings: ['applied'] });
  // Read as bulk, a delta would remove nearly everybody: R11 must hold it where the manifest is wrong.
  for (const names of [
    ['users'],
    ['enrollments'],
    ['demographics'],
    ['users', 'enrollments', 'demographics'],
  ] as const) {
    const asBulk = manifest(DELTA, (property, value) => [
      property,
      names.some((name) => property === `file.${name}`) ? 'bulk' : value,
    ]);
    const files = withFiles(DELTA_FILES, { 'manifest.csv': asBulk });
    yield* bothWays({ name: `a delta, the manifest says bulk for ${names.join(', ')}`, files, mayChange: 'files' });
    const unlisted = manifest(DELTA, (property, value) =>
      names.some((name) => property === `file.${name}`) ? null : [property, value],
    );
    const unsaid = withFiles(DELTA_FILES, { 'manifest.csv': unlisted });
    yield* bothWays({ name: `a delta, the manifest without ${names.join(', ')}`, files: unsaid, mayChange: 'files' });
  }
  yield* bothWays({
    name: 'a delta without manifest',
    files: withFiles(DELTA_FILES, { 'manifest.csv': null }),
    mayChange: 'nothing',
  });
  const among = { ...TONIGHT_FILES, ...DELTA_FILES, 'manifest.csv': TONIGHT_FILES['manifest.csv'] ?? new Uint8Array() };
  yield* bothWays({ name: 'deltas among the files of a full export', files: among, mayChange: 'files' });
  const header = Object.fromEntries(
    ['users', 'enrollments', 'demographics'].map((name) => [
      `${name}.csv`,
      textOf({ ...BASE[name as 'users'], rows: [] }),
    ]),
  );
  yield* bothWays({ name: 'a delta of headers', files: withFiles(DELTA_FILES, header), mayChange: 'nothing' });
}

function* cutManifests(): Generator<Fault> {
  const text = DELTA_FILES['manifest.csv'] ?? new Uint8Array();
  for (let at = 0; at < text.length; at += 5) {
    const files = withFiles(DELTA_FILES, { 'manifest.csv': text.slice(0, at) });
    const ends = new TextDecoder().decode(text.slice(0, at)).endsWith('\n');
    yield* bothWays({
      name: `a delta, its manifest cut at byte ${at}${ends ? ' (row end)' : ''}`,
      files,
      mayChange: 'files',
    });
  }
}

function* damagedDeltas(): Generator<Fault> {
  for (const [name, bytes] of Object.entries(DELTA_FILES)) {
    if (name === 'manifest.csv') continue;
    for (let at = 0; at < bytes.length; at += 97) {
      const rowEnd = placeIn(linesOf(bytes), at) === 'row-end';
      const files = withFiles(DELTA_FILES, { [name]: bytes.slice(0, at) });
      yield {
        name: `a delta, ${name} cut at byte ${at}`,
        packaging: 'files',
        files,
        mayChange: rowEnd ? 'files' : 'nothing',
      };
    }
    yield* bothWays({
      name: `a delta without ${name}`,
      files: withFiles(DELTA_FILES, { [name]: null }),
      mayChange: 'nothing',
    });
    const older = mapTable(DELTA, name.replace('.csv', '') as 'users', (table) =>
      mapRows(table, (row) => row.map((cell, at) => (at === 1 ? '' : cell))),
    );
    yield* bothWays({ name: `a delta, ${name} without status`, files: deltaFilesOf(older), mayChange: 'files' });
  }
  const twice = manifest(BASE, (property, value) => [property, value]);
  const contradicting = new TextEncoder().encode(`${new TextDecoder().decode(twice)}file.users,delta\n`);
  yield* bothWays({
    name: 'a manifest that says bulk and delta',
    files: withFiles(BASE_FILES, { 'manifest.csv': contradicting }),
    mayChange: 'nothing',
  });
}

const asDeltas = (faults: () => Iterable<Fault>): Family['faults'] =>
  function* () {
    for (const fault of faults()) yield { ...fault, blocksDeltas: true };
  };

/** Manifests and deltas that do not say what is. */
export const MANIFEST_FAMILIES: readonly Family[] = [
  { name: 'a mode that is not true', faults: asDeltas(wrongModes) },
  { name: 'deltas misdeclared', faults: asDeltas(wrongDeltas) },
  { name: "a delta's manifest cut", faults: asDeltas(cutManifests) },
  { name: 'deltas damaged', faults: asDeltas(damagedDeltas) },
];
