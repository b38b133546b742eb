/** What the two users of a pair agree on (R12), the strongest first. */
export const AGREEMENTS = ['identifier', 'username', 'email', 'name-and-birth-date', 'name-grade-school'] as const;

/** What the two users of a pair agree on. */
export type Agreement = (typeof AGREEMENTS)[number];
