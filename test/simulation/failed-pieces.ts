import type { Chance } from './chance.ts';
import type { Piece } from './uploads.ts';

/** How often Transfer's word of an upload that broke off never comes, or not in time: it is best effort. */
const LOST = 0.3;

/** How long the word is on its way, milliseconds: before the object's own event, within the quiet time, long after. */
const DELAYS = [0, 0, 5_000, 60_000, 600_000, 3_600_000];

/** After which a client tries again what failed, milliseconds: long enough for the first try to be taken. */
const TRIED_AGAIN = [5_000, 300_000, 900_000];

/** The pieces of an export, with what Transfer says of them, and how much longer they take. */
export interface ReportedPieces {
  readonly pieces: readonly Piece[];
  readonly longerMillis: number;
}

/**
 * Lets Transfer tell of uploads that broke off. Of a whole export, now and then, it also says so of a piece that has in
 * fact come whole: so everything is known of it, whether its word comes in time or not. The client may try that piece again.
 */
export function reportFailures(pieces: readonly Piece[], whole: boolean, chance: Chance): ReportedPieces {
  const told = pieces.map((piece) => (piece.cut && !chance.happens(LOST) ? withWord(piece, chance) : piece));
  const uncut = told.filter(({ cut }) => !cut);
  if (!whole || uncut.length === 0 || !chance.happens(0.2)) return { pieces: told, longerMillis: 0 };
  const failing = chance.pick(uncut);
  const failed = told.map((piece) => (piece === failing ? withWord(piece, chance) : piece));
  if (chance.happens(0.4)) return { pieces: failed, longerMillis: 0 };
  const last = Math.max(...failed.map(({ atMillis }) => atMillis));
  const again = { ...failing, atMillis: last + chance.pick(TRIED_AGAIN) };
  return { pieces: [...failed, again], longerMillis: again.atMillis - last };
}

const withWord = (piece: Piece, chance: Chance): Piece => ({ ...piece, failedAfterMillis: chance.pick(DELAYS) });
