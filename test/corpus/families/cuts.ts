import type { Family, Fault, Packaging } from '../fault.ts';
import { type Files, withFiles } from '../tables.ts';

/**
 * Where a cut falls. `row-end`: the last row is whole, with its line end or without. `last-cell`: nothing but the end of
 * a row's last cell is missing, so that the row still has its width.
 */
type Place = 'nothing-left' | 'header' | 'row-end' | 'last-cell' | 'mid-row';

interface Line {
  readonly start: number;
  readonly lastCell: number;
  /** Before the line end. */
  readonly end: number;
  /** After the line end. */
  readonly next: number;
}

const [LINE_FEED, RETURN, QUOTE, COMMA] = [0x0a, 0x0d, 0x22, 0x2c];

/** The lines of a file; the header is the first. */
export function linesOf(bytes: Uint8Array): Line[] {
  const lines: Line[] = [];
  let [start, lastCell, quoted] = [0, 0, false];
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === QUOTE) quoted = !quoted;
    if (bytes[at] === COMMA && !quoted) lastCell = at + 1;
    if (bytes[at] !== LINE_FEED) continue;
    lines.push({ start, lastCell, end: bytes[at - 1] === RETURN ? at - 1 : at, next: at + 1 });
    [start, lastCell, quoted] = [at + 1, at + 1, false];
  }
  return lines;
}

/** Where in a file a byte is. */
export function placeIn(lines: readonly Line[], at: number): Place {
  if (at === 0) return 'nothing-left';
  const number = lines.findIndex(({ next }) => at <= next);
  const line = lines[number];
  if (line === undefined || at >= line.end) return 'row-end';
  if (number === 0) return 'header';
  return at >= line.lastCell ? 'last-cell' : 'mid-row';
}

/** Cuts of each file at places of a sort. */
function* cuts(
  files: Files,
  packagings: readonly Packaging[],
  placesOf: (lines: readonly Line[], length: number) => Iterable<number>,
  wanted: (place: Place) => boolean = () => true,
): Generator<Fault> {
  for (const [name, bytes] of Object.entries(files)) {
    const lines = linesOf(bytes);
    for (const at of placesOf(lines, bytes.length)) {
      const place = placeIn(lines, at);
      if (!wanted(place)) continue;
      for (const packaging of packagings) {
        yield {
          name: `${name} cut at byte ${at} (${place}), ${packaging}`,
          packaging,
          files: withFiles(files, { [name]: bytes.slice(0, at) }),
          mayChange: place === 'row-end' ? 'files' : 'nothing',
        };
      }
    }
  }
}

function* every97th(_: readonly Line[], length: number): Generator<number> {
  for (let at = 0; at < length; at += 97) yield at;
}

/** The last cell is gone altogether, or half of it. */
function* lastCells(lines: readonly Line[]): Generator<number> {
  for (const { lastCell, end } of lines.slice(1)) {
    if (lastCell < end) yield lastCell;
    if (lastCell + 1 < end) yield (lastCell + end) >> 1;
  }
}

/** All ends but that of the whole file. */
const rowEnds = (lines: readonly Line[]): number[] => lines.slice(0, -1).map(({ next }) => next);
const beforeLineEnds = (lines: readonly Line[]): number[] => lines.slice(0, -1).map(({ end }) => end);

/** Files that end too early. `quoted`: every cell in quotes, lines end in CR LF. */
export const cutFamilies = (files: Files, quoted: Files): readonly Family[] => [
  { name: 'cut at a row end', faults: () => cuts(files, ['zip', 'files'], rowEnds) },
  { name: 'cut at a row end, its line end too', faults: () => cuts(files, ['files'], beforeLineEnds) },
  { name: 'cut at every 97th byte', faults: () => cuts(files, ['zip', 'files'], every97th) },
  { name: 'cut in the last cell of a row', faults: () => cuts(files, ['files'], lastCells) },
  { name: 'cut at every 97th byte, all quoted, CR LF', faults: () => cuts(quoted, ['files'], every97th) },
];
