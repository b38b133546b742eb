import type { EnvSpec } from './environment.ts';

/** Environment of the sign-on function. Nothing here is secret: secrets lie in the secret that `SSO_SECRET_ID` names. */
export const SSO_ENVIRONMENT = {
  TABLE_NAME: 'string',
  /** Our own public base and the `iss` of our tokens: https, without a slash at the end. */
  ISSUER_URL: 'string',
  /** Id or ARN of the one secret (`SignOnSecret` as JSON). */
  SSO_SECRET_ID: 'string',
  /** The registered products: `ProductClient[]` as JSON, the first is the default. */
  PRODUCT_CLIENTS: 'string',
  /** What a tile click with a code of its own leads to (R19): `restart` or `confirm`. */
  TILE: 'string',
  /** ClassLink's exact `iss`. */
  CLASSLINK_ISSUER: 'string',
  CLASSLINK_AUTHORIZE_URL: 'string',
  CLASSLINK_TOKEN_URL: 'string',
  CLASSLINK_JWKS_URL: 'string',
  /** `/v2/my/info` of ClassLink's node API. */
  CLASSLINK_INFO_URL: 'string',
} as const satisfies EnvSpec;
