import { grouped } from '../limits/hold-words.ts';
import type { UserFacts } from './user-facts.ts';

/** `2026-11-23 19:34 UTC`. */
export const momentOf = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

/** `row 5`, `rows 5, 8 and 3 more`. */
export function rowsInWords(rows: readonly number[]): string {
  const shown = rows.slice(0, MAX_ROWS).join(', ');
  const more = rows.length > MAX_ROWS ? ` and ${grouped(rows.length - MAX_ROWS)} more` : '';
  return `row${rows.length === 1 ? '' : 's'} ${shown}${more}`;
}

/** Rows that are named of one file. */
const MAX_ROWS = 10;

/** `a`, `a and b`, `a, b and c`. */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

/** What was looked at, for the answer that nobody is known. */
export function searchInWords({ deliveries, lookedAt }: UserFacts): string {
  const users = lookedAt.syncedUsers === null ? '' : ` of all ${grouped(lookedAt.syncedUsers)} synced users`;
  const read = deliveries.filter(({ files }) => files === 'read');
  const places = [
    'the roster by sourcedId',
    `username and e-mail${users} and ${grouped(lookedAt.manualUsers)} manual ones`,
    ...read.map(({ deliveryId, users: { rows } }) => `users.csv of ${deliveryId} (${grouped(rows)} rows)`),
    ...(lookedAt.heldSyncs > 0 ? [`the plans of held syncs (${grouped(lookedAt.heldSyncs)})`] : []),
  ];
  return `Looked at: ${places.join('; ')}.`;
}
