import { createRelyingParty } from '../../lib/adapters/classlink/relying-party.ts';
import { systemClock } from '../../lib/adapters/clock/system-clock.ts';
import { createDistricts } from '../../lib/adapters/dynamodb/districts.ts';
import { createDynamoDbClient } from '../../lib/adapters/dynamodb/dynamodb-client.ts';
import { createAnchors, createTenants } from '../../lib/adapters/dynamodb/sign-on-anchors.ts';
import { createBrowsers } from '../../lib/adapters/dynamodb/sign-on-browsers.ts';
import { createDenials } from '../../lib/adapters/dynamodb/sign-on-denials.ts';
import { createGrants } from '../../lib/adapters/dynamodb/sign-on-grants.ts';
import { createLaunches } from '../../lib/adapters/dynamodb/sign-on-launches.ts';
import { createSignOnRoster } from '../../lib/adapters/dynamodb/sign-on-roster.ts';
import { createSessions } from '../../lib/adapters/dynamodb/sign-on-sessions.ts';
import { createSyncLog } from '../../lib/adapters/dynamodb/sync-log.ts';
import { createTableClient } from '../../lib/adapters/dynamodb/table-client.ts';
import { createJsonLog } from '../../lib/adapters/log/json-log.ts';
import { createSeals } from '../../lib/adapters/seals/jose-seals.ts';
import { createTokens } from '../../lib/adapters/seals/jose-tokens.ts';
import { nodeChance } from '../../lib/adapters/seals/node-chance.ts';
import { createExtensionSecrets, EXTENSION_PORT } from '../../lib/adapters/secrets/extension-secrets.ts';
import { EnvironmentFailure, readEnvironment } from '../../lib/contracts/environment.ts';
import { SSO_ENVIRONMENT } from '../../lib/contracts/sso-environment.ts';
import { readProductClients } from '../../lib/core/sso/product-client.ts';
import type { SsoPorts } from '../../lib/flows/sso/sso-ports.ts';
import type { Clock } from '../../lib/ports/clock.ts';
import type { Secrets } from '../../lib/ports/sso/secrets.ts';
import type { Wiring } from '../wiring.ts';

/** What a caller may bring along beside the others' wiring: the local stack its secret file, tests their clock. */
export interface SsoWiring extends Wiring {
  readonly secrets?: Secrets;
  readonly clock?: Clock;
  /** Limit of one call to ClassLink, milliseconds. Default 5,000 (design §5). */
  readonly classLinkMillis?: number;
}

/** A person waits in front of a browser: a table that does not answer for so long is an error page. Milliseconds. */
const TABLE_PATIENCE_MILLIS = 8_000;

/**
 * A launch makes some ten small calls, and a quarter of what each costs here is the SDK building its chain of middleware anew.
 * Nothing may be added to the client after its first call then, and nothing is.
 */
export const DYNAMODB = { cacheMiddleware: true } as const;

/** Builds what the sign-on function works with from its environment. */
export function wireSso(env: Readonly<Record<string, string | undefined>>, wiring: SsoWiring = {}): SsoPorts {
  const values = readEnvironment(SSO_ENVIRONMENT, env);
  const { TILE: tile, ISSUER_URL: issuer } = values;
  if (tile !== 'restart' && tile !== 'confirm') throw new EnvironmentFailure('environment: TILE is restart or confirm');
  if (issuer.endsWith('/')) throw new EnvironmentFailure('environment: ISSUER_URL ends with a slash');
  const clock = wiring.clock ?? systemClock;
  const patience = { patienceMillis: () => TABLE_PATIENCE_MILLIS };
  const table = createTableClient(wiring.dynamodb ?? createDynamoDbClient(DYNAMODB), values.TABLE_NAME, patience);
  const secrets = wiring.secrets ?? extensionSecrets(env, values.SSO_SECRET_ID, clock);
  const addresses = {
    issuer: values.CLASSLINK_ISSUER,
    authorizeUrl: values.CLASSLINK_AUTHORIZE_URL,
    tokenUrl: values.CLASSLINK_TOKEN_URL,
    jwksUrl: values.CLASSLINK_JWKS_URL,
    infoUrl: values.CLASSLINK_INFO_URL,
  };
  const limit = wiring.classLinkMillis === undefined ? {} : { callMillis: wiring.classLinkMillis };
  return {
    stage: {
      issuer,
      classLinkIssuer: addresses.issuer,
      tile,
      clients: readProductClients(values.PRODUCT_CLIENTS),
    },
    clock,
    logger: wiring.logger ?? createJsonLog(),
    chance: nodeChance,
    secrets,
    seals: createSeals(secrets, clock),
    tokens: createTokens(secrets),
    classLink: createRelyingParty({ addresses, redirectUri: `${issuer}/callback`, secrets, clock, ...limit }),
    tenants: createTenants(table),
    districts: createDistricts(table),
    syncs: createSyncLog(table),
    roster: createSignOnRoster(table),
    launches: createLaunches(table),
    grants: createGrants(table, clock),
    sessions: createSessions(table),
    browsers: createBrowsers(table),
    anchors: createAnchors(table),
    denials: createDenials(table),
  };
}

/** Lambda sets the session token, the extension's own setting its port; neither is ours, so neither is in our contract. */
function extensionSecrets(env: Readonly<Record<string, string | undefined>>, secretId: string, clock: Clock): Secrets {
  const port = Number(env['PARAMETERS_SECRETS_EXTENSION_HTTP_PORT'] ?? EXTENSION_PORT);
  return createExtensionSecrets({ secretId, sessionToken: env['AWS_SESSION_TOKEN'] ?? '', port, clock });
}
