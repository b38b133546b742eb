import type { ClassLinkIdentity } from './classlink-identity.ts';
import type { DenialCode } from './denials.ts';

/**
 * A launch, from the click on the icon to the product (design §5):
 *
 *   begun     its cookie is set and the browser is on its way to ClassLink. At most 10 minutes.
 *   used      the callback came with our state and this cookie; the state is written down, so no second callback gets
 *             past this point. What came of it is written beside it: a session, or a refusal.
 *
 * There is no row for a launch that is only begun: it lives in the browser's cookie, sealed.
 */

/** What a browser keeps of a launch that it began, sealed. */
export interface PendingLaunch {
  readonly launchId: string;
  readonly nonce: string;
  /** PKCE code_verifier (RFC 7636). */
  readonly verifier: string;
  /** Becomes the secret of the session cookie, so that a callback whose answer was lost can set it again. */
  readonly browserSecret: string;
}

/** What a browser keeps of a tile's code that was exchanged and waits for "Continue" (`tile: confirm`), sealed. */
export interface PendingConfirm {
  readonly launchId: string;
  readonly csrf: string;
  readonly browserSecret: string;
  readonly identity: ClassLinkIdentity;
}

/** What a browser keeps while it is asked whether to sign out, sealed. */
export interface PendingLogout {
  /** The session that the page is about. */
  readonly sessionId: string;
  readonly csrf: string;
  /** A registered address to go on to; null for our own page. */
  readonly location: string | null;
}

/** What came of a launch whose state was used. Both null: the callback is still at work, or died. */
export interface UsedLaunch {
  readonly launchId: string;
  readonly sessionId: string | null;
  readonly denial: { readonly code: DenialCode; readonly reference: string } | null;
}

/** How long a browser may take from the click to the callback; also the life of its cookie. Seconds (design §5). */
export const LAUNCH_SECONDS = 600;

/** How long a used state is remembered: as long as a session can live. Older ones are refused by their age. Seconds. */
export const USED_LAUNCH_SECONDS = 12 * 3600;

/** Seconds in base 36: 7 characters until the year 4453, so ids sort by their time as text. */
const TIME_LENGTH = 7;

/** Random characters of a launch id: 16 bytes as base64url. */
export const LAUNCH_RANDOM_BYTES = 16;

/** `00t2x9k1…`: when it began, then chance. Our own id, good for logs; alone it opens nothing. */
export const launchIdOf = (atSeconds: number, random: string): string =>
  `${Math.floor(atSeconds).toString(36).padStart(TIME_LENGTH, '0')}${random}`;

const LAUNCH_ID = /^[0-9a-z]{7}[A-Za-z0-9_-]{22}$/;

/** Whether a text can be a launch id. */
export const isLaunchId = (text: string): boolean => LAUNCH_ID.test(text);

/** When the launch began, seconds since 1970. */
export const startOfLaunch = (launchId: string): number => Number.parseInt(launchId.slice(0, TIME_LENGTH), 36);

/** Whether a launch is older than its cookie may be. */
export const isLaunchExpired = (launchId: string, nowSeconds: number): boolean =>
  nowSeconds >= startOfLaunch(launchId) + LAUNCH_SECONDS;

/** A hand-off lives so long and is used once (design §5). Seconds. */
export const HAND_OFF_SECONDS = 120;

/** "Continue as …?" and "Sign out?" may be answered for so long. Seconds. */
export const CONFIRM_SECONDS = 600;

/** A parameter that is longer is not looked at: ClassLink's codes have about 50 characters. */
export const MAX_PARAMETER = 2048;
