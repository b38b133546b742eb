/** How many rows there are in a batch, by what they are: a record's kind, `schoolRow`, `session`, `delivery` … */
export type RowBatch = Readonly<Record<string, number>>;

/**
 * All rows of a district, except those that outlive it: lease and fences (their numbers only grow, R15), its tombstone,
 * and manual records with their rows of schools, which are the product's (R2). Rows of the sign-on that name no district
 * are not found; they expire.
 */
export interface DistrictRows {
  /** Counts them, in batches. */
  count(districtId: string): AsyncIterable<RowBatch>;
  /**
   * Deletes them, and tells each batch after it is gone: what leads to others goes last, so that whoever comes next finds
   * the rest. Only for a district that has left: nobody makes new ones, so that two at once and late ones do no harm.
   */
  remove(districtId: string): AsyncIterable<RowBatch>;
}
