/** How often a route may be called, as API Gateway counts: a bucket of `burst` tokens that gets `ratePerSecond` new ones. */
export interface ThrottleLimit {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** Every route of the sign-on's HTTP API, as a route key: what the stack declares, and what `lambdas/sso` answers. */
export const SIGN_ON_ROUTES = [
  'GET /launch',
  'GET /callback',
  'POST /callback',
  'GET /authorize',
  'POST /token',
  'POST /revoke',
  'GET /logout',
  'POST /logout',
  'GET /.well-known/openid-configuration',
  'GET /.well-known/jwks.json',
  'GET /healthz',
] as const;

/** One of them. */
export type SignOnRoute = (typeof SIGN_ON_ROUTES)[number];

/** A limit for each route; a route without one is a compile error. Shared by all districts: HTTP APIs know no callers. */
export type SignOnThrottles = Readonly<Record<SignOnRoute, ThrottleLimit>>;

/**
 * The limits for so many launches a second. A tile click is two calls of `/callback` (R19) and one each of `/authorize` and
 * `/token`; every live session refreshes within ten minutes. A bucket holds two seconds of calls: a class opens its
 * Chromebooks at once.
 */
export function signOnThrottles(launchesPerSecond: number): SignOnThrottles {
  const times = (factor: number): ThrottleLimit => {
    const ratePerSecond = Math.ceil(launchesPerSecond * factor);
    return { ratePerSecond, burst: 2 * ratePerSecond };
  };
  return {
    'GET /launch': times(1),
    'GET /callback': times(2),
    'POST /callback': times(1),
    'GET /authorize': times(1),
    'POST /token': times(2),
    'POST /revoke': times(1),
    'GET /logout': times(1),
    'POST /logout': times(1),
    // Clients keep what these say; who asks each second is not one.
    'GET /.well-known/openid-configuration': times(0.2),
    'GET /.well-known/jwks.json': times(0.2),
    'GET /healthz': { ratePerSecond: 5, burst: 10 },
  };
}

/** Limits of a stage without students; the local stack has them too. Enough for a test that races 50 calls. */
export const DEV_THROTTLES: SignOnThrottles = signOnThrottles(50);
