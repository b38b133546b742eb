import { TONIGHT, TONIGHT_FILES } from '../exports.ts';
import { bothWays, type Family, type Fault } from '../fault.ts';
import { FILE_NAMES, type FileName } from '../standard.ts';
import { bytesOf, type Files, textOf, withFiles } from '../tables.ts';

type Writing = (text: string) => Uint8Array;

const utf16 = (text: string, big = false): Uint8Array => {
  const bytes = Buffer.from(text, 'utf16le');
  return big ? bytes.swap16() : bytes;
};

const joined = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);

/** Ways to write a text that mean the same (R8). */
const SOUND: Readonly<Record<string, Writing>> = {
  'a UTF-8 byte order mark': (text) => bytesOf(`\uFEFF${text}`),
  'two byte order marks': (text) => bytesOf(`\uFEFF\uFEFF${text}`),
  'UTF-16, little-endian, with its mark': (text) => utf16(`\uFEFF${text}`),
  'UTF-16, big-endian, with its mark': (text) => utf16(`\uFEFF${text}`, true),
  'blank lines': (text) => bytesOf(text.replaceAll('\n', '\n\n')),
};

/** Sound too, but yesterday's last lines had their end: only a person can tell it from a cut (R16). */
const UNENDED: Readonly<Record<string, Writing>> = {
  'no line end at the end': (text) => bytesOf(text.trimEnd()),
};

/** What must not be taken for an export (R7). */
const UNSOUND: Readonly<Record<string, Writing>> = {
  'UTF-16 without a mark': (text) => utf16(text),
  'a little-endian mark before UTF-8': (text) => joined(Uint8Array.of(0xff, 0xfe), bytesOf(text)),
  'a big-endian mark before little-endian': (text) => joined(Uint8Array.of(0xfe, 0xff), utf16(text)),
  'Latin-1': (text) => Buffer.from(text.replace('\n', '\né'), 'latin1'),
  'zeros at the end': (text) => joined(bytesOf(text), new Uint8Array(512)),
  'zeros for the second half': (text) =>
    joined(bytesOf(text.slice(0, text.length / 2)), new Uint8Array(text.length / 2)),
  'bare carriage returns': (text) => bytesOf(text.replaceAll('\n', '\r')),
  semicolons: (text) => bytesOf(text.replaceAll(',', ';')),
  tabs: (text) => bytesOf(text.replaceAll(',', '\t')),
  'an open quote': (text) => bytesOf(text.replace('\n', '\n"\n')),
  'a web page': () => bytesOf('<!DOCTYPE html>\n<html><body><h1>503 Service Unavailable</h1></body></html>\n'),
  'an error message': () => bytesOf('ORA-01017: invalid username/password; logon denied\n'),
  'random bytes': (text) => Uint8Array.from(bytesOf(text), (byte, at) => (byte * 31 + at * 17) % 251),
};

function* eachFile(
  writings: Readonly<Record<string, Writing>>,
  more: Pick<Fault, 'mayChange'> & Partial<Pick<Fault, 'endings'>>,
  names: readonly FileName[],
): Generator<Fault> {
  for (const [what, write] of Object.entries(writings)) {
    const written = (name: FileName) => write(textOf(TONIGHT[name]));
    for (const name of names) {
      const files = withFiles(TONIGHT_FILES, { [`${name}.csv`]: written(name) });
      yield* bothWays({ name: `${name}.csv: ${what}`, files, ...more });
    }
    const files = Object.fromEntries(FILE_NAMES.map((name) => [`${name}.csv`, written(name)]));
    yield* bothWays({ name: `all files: ${what}`, files, ...more });
  }
}

const ROSTER: readonly FileName[] = FILE_NAMES.slice(1);

function* unsound(): Generator<Fault> {
  // A manifest that says nothing is as good as none: then all files are bulk, which they are.
  yield* eachFile(UNSOUND, { mayChange: 'nothing' }, ROSTER);
  for (const [what, write] of Object.entries(UNSOUND)) {
    const files: Files = withFiles(TONIGHT_FILES, { 'manifest.csv': write(textOf(TONIGHT.manifest)) });
    yield* bothWays({ name: `manifest.csv: ${what}`, files: withFiles(files, {}), mayChange: 'files' });
  }
}

/** UTF-16 that ends too early. */
function* cutUtf16(): Generator<Fault> {
  for (const [name, bytes] of Object.entries(TONIGHT_FILES)) {
    const wide = utf16(`\uFEFF${new TextDecoder().decode(bytes)}`);
    const ends = new Set(Array.from(wide, (byte, at) => (byte === 0x0a && wide[at + 1] === 0 ? at + 2 : 0)));
    for (let at = 0; at < wide.length; at += 97 * 3) {
      if (ends.has(at) || ends.has(at + 2)) continue;
      const files = withFiles(TONIGHT_FILES, { [name]: wide.slice(0, at) });
      yield { name: `${name} in UTF-16 cut at byte ${at}`, packaging: 'files', files, mayChange: 'nothing' };
    }
  }
}

/** Bytes that are not the text that was meant. */
export const BYTE_FAMILIES: readonly Family[] = [
  {
    name: 'byte order marks and line ends (must be applied)',
    faults: () => eachFile(SOUND, { mayChange: 'files', endings: ['applied'] }, FILE_NAMES),
  },
  {
    name: 'no end of the last line (must be held)',
    faults: () => eachFile(UNENDED, { mayChange: 'files', endings: ['held'] }, ROSTER),
  },
  { name: 'not CSV, or not UTF-8', faults: unsound },
  { name: 'UTF-16 cut', faults: cutUtf16 },
];
