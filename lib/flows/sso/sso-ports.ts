import type { ProductClients } from '../../core/sso/product-client.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Districts } from '../../ports/districts.ts';
import type { SyncLog } from '../../ports/ledger.ts';
import type { Logger } from '../../ports/logger.ts';
import type { ClassLink } from '../../ports/sso/classlink.ts';
import type { Chance, Seals, Tokens } from '../../ports/sso/seals.ts';
import type { Secrets } from '../../ports/sso/secrets.ts';
import type { SignOnRoster } from '../../ports/sso/sign-on-roster.ts';
import type { Anchors, Browsers, Denials, Grants, Launches, Sessions, Tenants } from '../../ports/sso/sign-on-store.ts';

/** What the stage decides about the sign-on. */
export interface SsoSettingsOfStage {
  /** Our public base and `iss`: no slash at the end. */
  readonly issuer: string;
  readonly classLinkIssuer: string;
  /** What a tile's own code leads to (R19). */
  readonly tile: 'restart' | 'confirm';
  readonly clients: ProductClients;
}

/** What the sign-on's flows work with. */
export interface SsoPorts {
  readonly stage: SsoSettingsOfStage;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly chance: Chance;
  readonly secrets: Secrets;
  readonly seals: Seals;
  readonly tokens: Tokens;
  readonly classLink: ClassLink;
  readonly tenants: Tenants;
  readonly districts: Pick<Districts, 'get'>;
  readonly syncs: Pick<SyncLog, 'state'>;
  readonly roster: SignOnRoster;
  readonly launches: Launches;
  readonly grants: Grants;
  readonly sessions: Sessions;
  readonly browsers: Browsers;
  readonly anchors: Anchors;
  readonly denials: Denials;
}

/** Seconds since 1970, whole. */
export const nowSeconds = ({ clock }: Pick<SsoPorts, 'clock'>): number => Math.floor(clock.now().getTime() / 1000);
