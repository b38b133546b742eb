import type { Key } from './table-keys.ts';

/**
 * Keys of the sign-on's rows in the one table (docs/data-model.md). Look-ups that start without a district have a
 * prefix of their own; all others start with `D#<districtId>#` (R3). Ids in keys are ours, digits, or hashes: no `#`.
 */

/** Which district a ClassLink tenant is: one GetItem. Written with the district's settings. */
export const tenantKey = (tenantId: number): Key => ({ pk: `TENANT#${tenantId}`, sk: 'DISTRICT' });

/** A launch whose state was used, and what came of it. */
export const launchKey = (launchId: string): Key => ({ pk: `LAUNCH#${launchId}`, sk: 'LAUNCH' });

/** A hand-off, a one-time code, a refresh token: by the SHA-256 of the secret (base64url), never by the secret. */
export const handOffKey = (hash: string): Key => ({ pk: `HANDOFF#${hash}`, sk: 'HANDOFF' });
export const codeKey = (hash: string): Key => ({ pk: `CODE#${hash}`, sk: 'CODE' });
export const refreshKey = (hash: string): Key => ({ pk: `REFRESH#${hash}`, sk: 'REFRESH' });

/** A session: one GetItem by its id (`sid`). */
export const sessionKey = (sessionId: string): Key => ({ pk: `SESSION#${sessionId}`, sk: 'SESSION' });
/** gsi1 of a session: all of a district, oldest first by their time-ordered ids. */
export const sessionsIndex = (districtId: string): string => `D#${districtId}#SESSIONS`;
/** gsi2 of a session: those of a user. */
export const userSessionsIndex = (districtId: string, productId: string): string =>
  `D#${districtId}#SESSIONS#${productId}`;

/** The sessions of a browser, by the SHA-256 of its id (base64url). */
export const browserKey = (hash: string): Key => ({ pk: `BROWSER#${hash}`, sk: 'BROWSER' });

/** What ClassLink's own id of a user was last matched with (R20): one GetItem. */
export const anchorKey = (districtId: string, userId: string): Key => ({
  pk: `D#${districtId}#ANCHOR#${userId}`,
  sk: 'ANCHOR',
});
/** gsi1 of an anchor: all of a district. */
export const anchorsIndex = (districtId: string): string => `D#${districtId}#ANCHORS`;

/** A refused launch by the reference on its page: one GetItem. */
export const denialKey = (reference: string): Key => ({ pk: `DENIAL#${reference}`, sk: 'DENIAL' });
/** gsi1 of a refused launch: those of a district, oldest first. */
export const denialsIndex = (districtId: string): string => `D#${districtId}#DENIALS`;
