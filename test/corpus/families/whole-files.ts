import { BASE_FILES, TONIGHT, TONIGHT_FILES } from '../exports.ts';
import { bothWays, type Family, type Fault } from '../fault.ts';
import { FILE_NAMES, ROSTER_NAMES } from '../standard.ts';
import { bytesOf, filesOf, textOf, withFiles, withModes } from '../tables.ts';

const headerOf = (name: (typeof FILE_NAMES)[number]): string => textOf({ ...TONIGHT[name], rows: [] });
const all = (body: Uint8Array) => Object.fromEntries(ROSTER_NAMES.map((name) => [`${name}.csv`, body]));

function* missing(): Generator<Fault> {
  for (const name of FILE_NAMES) {
    const files = withFiles(TONIGHT_FILES, { [`${name}.csv`]: null });
    // Without a manifest all is bulk; loose, nobody knows then that it was to come, unless the last export had one.
    if (name === 'manifest') {
      yield {
        name: 'manifest.csv missing, in a zip',
        packaging: 'zip',
        files,
        mayChange: 'files',
        endings: ['applied'],
      };
      yield {
        name: 'manifest.csv missing, loose',
        packaging: 'files',
        files,
        mayChange: 'nothing',
        endings: ['incomplete'],
      };
      continue;
    }
    yield* bothWays({ name: `${name}.csv missing`, files, mayChange: 'nothing', endings: ['incomplete'] });
    const unlisted = filesOf(withModes(TONIGHT, { [name]: null }));
    const neither = withFiles(unlisted, { [`${name}.csv`]: null });
    yield* bothWays({ name: `${name}.csv missing and not listed`, files: neither, mayChange: 'files' });
    const bare = withFiles(files, { 'manifest.csv': null });
    const optional = name === 'demographics';
    yield {
      ...{ name: `${name}.csv and manifest.csv missing`, packaging: 'zip', files: bare },
      ...(optional ? { mayChange: 'files' } : { mayChange: 'nothing', endings: ['incomplete'] }),
    };
    const listedAbsent = filesOf(withModes(TONIGHT, { [name]: 'absent' }));
    yield* bothWays({ name: `${name}.csv listed absent, and there`, files: listedAbsent, mayChange: 'files' });
  }
}

function* headerOnly(): Generator<Fault> {
  for (const name of FILE_NAMES) {
    const file = { [`${name}.csv`]: headerOf(name) };
    yield* bothWays({
      name: `${name}.csv header-only tonight`,
      files: withFiles(TONIGHT_FILES, file),
      mayChange: 'files',
    });
    const alone = withFiles(BASE_FILES, file);
    yield* bothWays({ name: `${name}.csv header-only`, files: alone, mayChange: 'nothing' });
    const blank = withFiles(BASE_FILES, { [`${name}.csv`]: `${headerOf(name)}\n\n\n` });
    yield* bothWays({ name: `${name}.csv a header and blank lines`, files: blank, mayChange: 'nothing' });
  }
  const headers = Object.fromEntries(ROSTER_NAMES.map((name) => [`${name}.csv`, headerOf(name)]));
  yield* bothWays({ name: 'all files header-only', files: withFiles(BASE_FILES, headers), mayChange: 'nothing' });
}

function* empty(): Generator<Fault> {
  const bodies = {
    'zero bytes': bytesOf(''),
    'a byte order mark alone': bytesOf('\uFEFF'),
    'one line end': bytesOf('\n'),
  };
  for (const [word, body] of Object.entries(bodies)) {
    for (const name of FILE_NAMES) {
      const files = withFiles(TONIGHT_FILES, { [`${name}.csv`]: body });
      yield* bothWays({ name: `${name}.csv: ${word}`, files, mayChange: 'nothing' });
    }
    yield* bothWays({ name: `all files: ${word}`, files: withFiles(TONIGHT_FILES, all(body)), mayChange: 'nothing' });
  }
}

/** Files that are not there, or say nothing. */
export const WHOLE_FILE_FAMILIES: readonly Family[] = [
  { name: 'a file missing', faults: missing },
  { name: 'header-only', faults: headerOnly },
  { name: 'zero bytes', faults: empty },
];
