import type { DenialCode } from '../../core/sso/denials.ts';
import type { UsedLaunch } from '../../core/sso/launch.ts';
import type { Session, SessionEnd } from '../../core/sso/session.ts';
import { Failure } from '../failure.ts';

/** What an anchor remembers: with which record ClassLink's user was last matched (R20). */
export interface Anchor {
  readonly sourcedId: string;
  readonly productId: string;
}

/** What a one-time code stands for. Times in seconds since 1970. */
export interface OneTimeCode {
  readonly sessionId: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** S256 challenge (RFC 7636). */
  readonly challenge: string;
  readonly nonce: string | null;
  readonly expiresAt: number;
}

/** A refused launch, for `rollcall why --ref`. */
export interface Denial {
  readonly reference: string;
  readonly code: DenialCode;
  readonly launchId: string | null;
  readonly districtId: string | null;
  /** Whom ClassLink named, where that much was known. Never logged. */
  readonly sourcedId: string | null;
  /** ISO 8601. */
  readonly at: string;
}

/** Which district a tenant is. */
export interface Tenants {
  districtOf(tenantId: number): Promise<string | null>;
}

/** Two districts claimed one ClassLink tenant. Nothing was written. */
export class TenantTaken extends Failure {
  override readonly name = 'TenantTaken';
  readonly code = 'tenant-taken';
  readonly retryable = false;
}

/** Launches, each by its id. */
export interface Launches {
  /**
   * Uses the state: `first` for exactly one caller ever, however many come at once. Others get what came of it so far.
   */
  use(
    launchId: string,
    attempt: string,
  ): Promise<{ readonly first: true } | { readonly first: false; readonly used: UsedLaunch }>;
  /** What came of it; null where its state was never used. */
  find(launchId: string): Promise<UsedLaunch | null>;
  /** Writes down what came of it. */
  settle(used: UsedLaunch): Promise<void>;
}

/** Hand-offs, codes and refresh tokens, each by the hash of its secret. */
export interface Grants {
  /** A hand-off to a client, once, for `HAND_OFF_SECONDS`. */
  saveHandOff(hash: string, grant: { readonly sessionId: string; readonly clientId: string }): Promise<void>;
  /** The session of a hand-off that this client has not used yet; null otherwise. Exactly one caller gets it. */
  takeHandOff(hash: string, clientId: string, attempt: string): Promise<string | null>;
  saveCode(hash: string, code: OneTimeCode): Promise<void>;
  /** `code` for exactly one caller ever; `reused` for all later ones; null for a code that was never ours. */
  takeCode(
    hash: string,
    attempt: string,
  ): Promise<{ readonly code: OneTimeCode } | { readonly reused: { readonly sessionId: string } } | null>;
  saveRefresh(
    hash: string,
    grant: { readonly sessionId: string; readonly clientId: string; readonly expiresAt: number },
  ): Promise<void>;
  findRefresh(hash: string): Promise<{ readonly sessionId: string; readonly clientId: string } | null>;
}

/** Sessions, each by its id. */
export interface Sessions {
  create(session: Session): Promise<void>;
  get(sessionId: string): Promise<Session | null>;
  /** Ends it for good; the first reason stays, and with it which session took its place. An absent one is fine. */
  end(sessionId: string, by: SessionEnd, replacedBy?: string): Promise<void>;
  /** Writes what a refresh read anew, unless the session has ended meanwhile: then false. */
  refresh(
    session: Pick<Session, 'sessionId' | 'sourcedId' | 'role' | 'schools' | 'seenAt' | 'expiresAt' | 'idleSeconds'>,
  ): Promise<boolean>;
}

/** Which sessions were made in a browser, each browser by the hash of its id. At most one of them is to live (design §5). */
export interface Browsers {
  /** Writes a session down. Answers all that are, this one too: of several at once, the later one finds the earlier. */
  add(hash: string, session: Pick<Session, 'sessionId' | 'expiresAt'>): Promise<readonly string[]>;
  /** All that are written down. */
  sessions(hash: string): Promise<readonly string[]>;
  /** Strikes out sessions that have ended. */
  forget(hash: string, sessionIds: readonly string[]): Promise<void>;
}

/** Anchors, each by district and ClassLink's user id. */
export interface Anchors {
  find(districtId: string, userId: string): Promise<Anchor | null>;
  save(districtId: string, userId: string, anchor: Anchor): Promise<void>;
}

/** Refused launches, each by its reference. */
export interface Denials {
  save(denial: Denial): Promise<void>;
  find(reference: string): Promise<Denial | null>;
}
