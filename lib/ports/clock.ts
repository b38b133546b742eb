/** The time of day. Injected, so that tests and the simulation own it. */
export interface Clock {
  now(): Date;
}

/** New identities. Injected, so that the core has no randomness. */
export interface Ids {
  /** Time-ordered and unique: ids that start later sort later. */
  next(prefix: 'd' | 's' | 'c'): string;
  /** The id of a delivery that is one object: always the same for the same version, and ordered by its time (ISO). */
  deliveryOf(lastModified: string, fileId: string): string;
  /** A new record's productId: a random UUID. */
  productId(): string;
}
