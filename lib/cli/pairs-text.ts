import type { AmbiguousGroup, RekeyPair } from '../core/rekey/find-pairs.ts';
import { counted, formatTable } from './output.ts';

/** All users of a plan who seem to have a new sourcedId, and those whom nobody can tell apart, for people (R12). */
export function describePairs(pairs: readonly RekeyPair[], ambiguous: readonly AmbiguousGroup[]): string {
  if (pairs.length === 0 && ambiguous.length === 0) return 'No user seems to have a new sourcedId.';
  const parts: string[] = [];
  if (pairs.length > 0) {
    const rows = pairs.map(({ from, to, by }) => [from, to, by]);
    parts.push(`${counted(pairs.length, 'pair')}\n${formatTable(['vanished', 'new', 'the same'], rows)}`);
  }
  if (ambiguous.length > 0) {
    const rows = ambiguous.map(({ from, to, by }) => [from.join(' '), to.join(' '), by]);
    const head = `${counted(ambiguous.length, 'group')} not one to one, and so not matched`;
    parts.push(`${head}\n${formatTable(['vanished', 'new', 'the same'], rows)}`);
  }
  return parts.join('\n\n');
}
