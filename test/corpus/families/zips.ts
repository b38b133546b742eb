import { type ZipRecord, zipBytes, zipDraftOf } from '../../fuzz/write-zip.ts';
import { BASE_FILES, TONIGHT_FILES, YESTERDAY } from '../exports.ts';
import { type Ending, type Family, type Fault, zipped } from '../fault.ts';
import { bytesOf, type Files, filesOf, withFiles } from '../tables.ts';

const draftOf = (files: Files, compressed: boolean) =>
  zipDraftOf(
    Object.entries(files).map(([path, bytes]) => ({ path, bytes: Buffer.from(bytes) })),
    () => compressed,
  );
const PACKED = zipped(TONIGHT_FILES);
const STORED = zipBytes(draftOf(TONIGHT_FILES, false));

/** A fault of the zip itself. `files`: what would be read if it were read at all. */
const zipFault = (
  name: string,
  bytes: Uint8Array,
  mayChange: Fault['mayChange'],
  endings?: readonly Ending[],
  files: Files = TONIGHT_FILES,
): Fault => ({
  ...{ name, packaging: 'zip', files, mayChange },
  ...(endings === undefined ? {} : { endings }),
  upload: async (bench) => void (await bench.world.send({ 'export.zip': bytes })),
});

function* truncated(): Generator<Fault> {
  for (let at = 1; at < STORED.length; at += 97) yield zipFault(`cut at byte ${at}`, STORED.slice(0, at), 'nothing');
  // How well a library packs differs between machines, so these are counted, not measured.
  for (let part = 0; part < 100; part++) {
    const at = Math.floor((PACKED.length * part) / 100) + 1;
    yield zipFault(`compressed, cut after ${part} %`, PACKED.slice(0, at), 'nothing');
    const zeros = Buffer.concat([PACKED.slice(0, at), new Uint8Array(PACKED.length - at)]);
    yield zipFault(`compressed, zeros after ${part} %`, zeros, 'nothing');
  }
}

/** One byte is another. Where it says nothing (a time stamp), the export may be taken; never anything but this export. */
function* flipped(): Generator<Fault> {
  const directory = STORED.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  for (let at = 0; at < STORED.length; at += at < directory ? 97 : 2) {
    const bytes = Buffer.from(STORED);
    bytes[at] = (bytes[at] ?? 0) ^ (at % 4 < 2 ? 0x01 : 0xff);
    yield zipFault(`byte ${at} changed`, bytes, 'files');
  }
}

/** What a record says of itself, made wrong. */
const LIES: Readonly<Record<string, (record: ZipRecord) => Partial<ZipRecord>>> = {
  'another checksum': ({ crc }) => ({ crc: crc ^ 1 }),
  'a byte more promised': ({ expanded }) => ({ expanded: expanded + 1 }),
  'a byte fewer promised': ({ expanded }) => ({ expanded: expanded - 1 }),
  'packed in fewer bytes than it is': ({ compressed }) => ({ compressed: compressed - 5 }),
  'an offset past its start': () => ({ shift: 3 }),
  'marked as encrypted': ({ flags }) => ({ flags: flags | 1 }),
  'not in the directory': () => ({ unlisted: true }),
  'under another name': ({ name }) => ({ name: Buffer.from(`x${name.toString()}`) }),
};

function* records(): Generator<Fault> {
  const names = Object.keys(TONIGHT_FILES);
  for (const [at, name] of names.entries()) {
    for (const [lie, change] of Object.entries(LIES)) {
      const draft = draftOf(TONIGHT_FILES, true);
      const told = draft.records.map((record, place) => (place === at ? { ...record, ...change(record) } : record));
      // Without its manifest the export is still this export.
      const mayChange = name === 'manifest.csv' && /directory|name/.test(lie) ? 'files' : 'nothing';
      yield zipFault(`${name}: ${lie}`, zipBytes({ ...draft, records: told }), mayChange);
    }
  }
}

function* packed(): Generator<Fault> {
  const inFolder = (folder: string, files: Files) =>
    Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${folder}/${name}`, bytes]));
  yield zipFault('in one folder', zipped(inFolder('OneRoster', TONIGHT_FILES)), 'files', ['applied']);
  const macs = inFolder(
    '__MACOSX',
    Object.fromEntries(Object.keys(TONIGHT_FILES).map((name) => [`._${name}`, bytesOf('mac')])),
  );
  yield zipFault('with __MACOSX', zipped({ ...TONIGHT_FILES, ...macs }), 'files', ['applied']);
  const two = { ...inFolder('yesterday', filesOf(YESTERDAY)), ...inFolder('today', TONIGHT_FILES) };
  yield zipFault('two exports in two folders', zipped(two), 'nothing');
  yield zipFault('a zip in a zip', zipped({ 'export.zip': PACKED }), 'nothing');
  for (const [name, bytes] of Object.entries(filesOf(YESTERDAY))) {
    const twice = zipped({ ...TONIGHT_FILES, [name.replace('.csv', '.CSV')]: bytes });
    yield zipFault(`${name} twice, of two days`, twice, 'nothing');
    const rest = inFolder('old', { [name]: bytes });
    yield zipFault(`${name} of yesterday beside it in a folder`, zipped({ ...TONIGHT_FILES, ...rest }), 'files');
    const swapped = withFiles(TONIGHT_FILES, {
      [name]: TONIGHT_FILES['users.csv'] ?? null,
      'users.csv': TONIGHT_FILES[name] ?? null,
    });
    if (!/users|manifest/.test(name)) yield zipFault(`${name} and users.csv swapped`, zipped(swapped), 'nothing');
  }
  const after = Buffer.concat([zipped(filesOf(YESTERDAY)), PACKED]);
  yield zipFault("yesterday's zip before tonight's in one file", after, 'files');
  yield zipFault('an empty zip', zipped({}), 'nothing');
  yield zipFault('a CSV called zip', BASE_FILES['users.csv'] ?? bytesOf(''), 'nothing');
}

/** Archives that are broken, or hold something else. */
export const ZIP_FAMILIES: readonly Family[] = [
  { name: 'zip cut at every 97th byte', faults: truncated },
  { name: 'zip with one byte changed', faults: flipped },
  { name: 'zip that contradicts itself', faults: records },
  { name: 'zip packed in another way', faults: packed },
];
