import type { FindingLog } from '../oneroster/finding-log.ts';
import { foreignSeparator } from '../oneroster/header.ts';
import { ONEROSTER_FILES, type OneRosterFile } from './file-names.ts';
import type { FileRow } from './table-file.ts';

/** How a file is meant (facts §3). */
export type FileMode = 'absent' | 'bulk' | 'delta';

/** OneRoster versions whose rostering files are read. */
export type OneRosterVersion = '1.0' | '1.1' | '1.2';

/** manifest.csv, as far as it decides anything. */
export interface Manifest {
  readonly version: OneRosterVersion | null;
  /** Files with a readable mode. A blank value counts as no row. */
  readonly modes: ReadonlyMap<OneRosterFile, FileMode>;
  /** Speaks of a delta anywhere, also where no mode can be read from it: lost line ends, another layout, a misspelt file. */
  readonly mentionsDelta: boolean;
}

const VERSIONS: Readonly<Record<string, OneRosterVersion>> = {
  '1.0': '1.0',
  '1': '1.0',
  '1.1': '1.1',
  '1.2': '1.2',
  '1.2.1': '1.2',
};

/**
 * Reads manifest.csv with its real-world damage: no header, another header, repeated or blank rows, `1` for `1.0`,
 * unknown properties. What decides nothing is said; a mode that cannot be read is an error (R7), because bulk and delta
 * differ in whom they remove.
 */
export function readManifest(
  rows: readonly FileRow[],
  file: string,
  log: FindingLog,
): { manifest: Manifest; sound: boolean } {
  const separator = foreignSeparator(rows[0]?.cells ?? []);
  if (separator !== null) {
    log.add('wrong-separator', { file, row: 1 }, { separator });
    return { manifest: { version: null, modes: new Map(), mentionsDelta: false }, sound: false };
  }
  const values = new Map<string, string>();
  let sound = true;
  const mentionsDelta = rows.some(({ cells }) => isAboutDelta(cells));
  const first = rows[0]?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  if (first[0] !== 'propertyname' || first[1] !== 'value') log.add('manifest-header', { file, row: 1 });
  for (const { row, cells, fault, unterminated } of rows) {
    if (fault !== null) {
      // What follows the fault is not in the cells: a damaged mode would look like a blank one, and be read as bulk.
      log.add(fault, { file, row });
      sound = false;
      continue;
    }
    if (unterminated && (cells[1] ?? '') === '') {
      log.add('file-cut', { file, row });
      sound = false;
    }
    const property = (cells[0] ?? '').trim();
    const value = (cells[1] ?? '').trim();
    if (property === '') continue;
    if (property.toLowerCase() === 'propertyname') {
      if (row !== 1) log.addOnce('manifest-repeated', { file, row });
      continue;
    }
    const earlier = values.get(property.toLowerCase());
    if (earlier === undefined) values.set(property.toLowerCase(), value);
    else if (earlier.toLowerCase() === value.toLowerCase()) log.addOnce('manifest-repeated', { file, row });
    else {
      log.add('manifest-conflict', { file, row }, { property: isKnown(property) ? property : 'a property' });
      sound = false;
    }
    if (!isKnown(property)) log.add('manifest-unknown-property', { file, row });
  }
  const modes = readModes(values, file, log);
  const version = readVersion(values, file, log);
  return {
    manifest: { version: version.value, modes: modes.modes, mentionsDelta },
    sound: sound && modes.sound && version.sound,
  };
}

const FIXED_PROPERTIES = ['manifest.version', 'oneroster.version', 'source.systemname', 'source.systemcode'];
const FILE_BY_LOWER_NAME: ReadonlyMap<string, OneRosterFile> = new Map(
  ONEROSTER_FILES.filter((file) => file !== 'manifest').map((file) => [`file.${file.toLowerCase()}`, file]),
);

const isKnown = (property: string): boolean =>
  FIXED_PROPERTIES.includes(property.toLowerCase()) || FILE_BY_LOWER_NAME.has(property.toLowerCase());

/** The name of a student information system may hold the word, unless a row about a file has run into it. */
const isAboutDelta = (cells: readonly string[]): boolean =>
  (/^source\./i.test((cells[0] ?? '').trim()) ? /file\..*delta/is : /delta/i).test(cells.join(','));

function readModes(values: ReadonlyMap<string, string>, file: string, log: FindingLog) {
  const modes = new Map<OneRosterFile, FileMode>();
  let sound = true;
  for (const [property, name] of FILE_BY_LOWER_NAME) {
    const value = values.get(property)?.toLowerCase();
    if (value === undefined) continue;
    if (value === 'absent' || value === 'bulk' || value === 'delta') modes.set(name, value);
    else if (value === '') log.add('manifest-blank-mode', { file }, { file: name });
    else {
      log.add('manifest-bad-mode', { file }, { file: name });
      sound = false;
    }
  }
  return { modes, sound };
}

function readVersion(values: ReadonlyMap<string, string>, file: string, log: FindingLog) {
  if (values.get('manifest.version') !== '1.0') log.add('manifest-version', { file });
  const text = values.get('oneroster.version') ?? '';
  const value = VERSIONS[text] ?? null;
  if (text === '') log.add('manifest-no-version', { file });
  else if (value === null) log.add('unsupported-version', { file });
  return { value: text === '' ? ('1.1' as const) : value, sound: text === '' || value !== null };
}
