import type { RawFile } from './draft.ts';

/**
 * Another, plainer reading of a damaged row than the engine's, straight from the bytes of the file. Null where anything
 * could be mistaken.
 */
export interface PlainRows {
  /** The sourcedId that the physical line starts with: sourcedId is the first column, and a comma follows the cell. */
  readonly idOf: (file: string, row: number) => string | null;
  /** A cell by its column's name, in a row without quotes that is as wide as its header. */
  readonly cellOf: (file: string, row: number, column: string) => string | null;
}

export function plainRows(files: readonly RawFile[]): PlainRows {
  const known = new Map<string, readonly string[]>();
  const linesOf = (file: string): readonly string[] => {
    const lines = known.get(file) ?? readLines(files, file);
    known.set(file, lines);
    return lines;
  };
  return {
    idOf: (file, row) => {
      const lines = linesOf(file);
      return firstCell(lines[0] ?? '') === 'sourcedId' ? firstCell(lines[row - 1] ?? '') : null;
    },
    cellOf: (file, row, column) => {
      const [header = '', line = ''] = [linesOf(file)[0], linesOf(file)[row - 1]];
      if (line.includes('"')) return null;
      const [names, cells] = [header.replaceAll('"', '').split(','), line.split(',')];
      return names.length === cells.length ? (cells[names.indexOf(column)] ?? null) : null;
    },
  };
}

/** None where two files could be meant. */
function readLines(files: readonly RawFile[], name: string): readonly string[] {
  const found = files.filter(({ path }) => path === name || path.endsWith(`/${name}`));
  return found.length === 1 ? decoded(found[0]!.bytes).split(/\r?\n/) : [];
}

function decoded(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    return Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)))
      .swap16()
      .toString('utf16le');
  }
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

function firstCell(line: string): string | null {
  const plain = /^([^",]+),/.exec(line)?.[1];
  if (plain !== undefined) return plain;
  return /^"((?:[^"]|"")+)",/.exec(line)?.[1]?.replaceAll('""', '"') ?? null;
}
