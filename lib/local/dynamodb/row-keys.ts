/** The rows of the database: one prefix per kind of row, so that a walk over one table never meets another. */

export const tablePrefix = 'table~';
export const settingsPrefix = 'settings~';
export const tokenPrefix = 'token~';

/** Rows of a table's items; the rest of the key is dynalite's encoding of the primary key. */
export function itemPrefix(table: string): string {
  return `item-${table}~`;
}

/** Rows of an index: the projected items, under dynalite's encoding of the index key. */
export function indexPrefix(kind: 'Local' | 'Global', table: string, index: string): string {
  return `index-${kind.toLowerCase()}~${table}~${index}~`;
}

/** Rows of a table's expiry times: `<second, 12 digits>/<item key>`, the value is the item's primary key. */
export function expiryPrefix(table: string): string {
  return `expiry-${table}~`;
}

/** Where the expiry rows of that second (epoch seconds) begin. */
export function expiryBound(table: string, epochSeconds: number): string {
  return `${expiryPrefix(table)}${String(epochSeconds).padStart(12, '0')}`;
}
