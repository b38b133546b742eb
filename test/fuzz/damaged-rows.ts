import type { RawFile } from './draft.ts';

/**
 * Another, plainer reading of a damaged row than the engine's: the sourcedId that its physical line starts with, where
 * that cannot be mistaken: sourcedId is the first column, and a comma follows the cell. Null elsewhere.
 */
export function idsOfRows(files: readonly RawFile[]): (file: string, row: number) => string | null {
  const lines = new Map<string, readonly string[] | null>();
  return (file, row) => {
    const known = lines.get(file);
    const read = known === undefined ? linesOf(files, file) : known;
    lines.set(file, read);
    const first = read?.[row - 1];
    return read == null || first === undefined || firstCell(read[0] ?? '') !== 'sourcedId' ? null : firstCell(first);
  };
}

/** Null where two files could be meant. */
function linesOf(files: readonly RawFile[], name: string): readonly string[] | null {
  const found = files.filter(({ path }) => path === name || path.endsWith(`/${name}`));
  return found.length === 1 ? decoded(found[0]!.bytes).split('\n') : null;
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
