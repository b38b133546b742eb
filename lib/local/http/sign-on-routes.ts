import { DEV_THROTTLES, SIGN_ON_ROUTES } from '../../contracts/sign-on-routes.ts';
import type { GatewayRoute } from './gateway.ts';

/** The routes of the sign-on's HTTP API, with the limits of the stage `dev`. */
export const SIGN_ON_GATEWAY_ROUTES: readonly GatewayRoute[] = SIGN_ON_ROUTES.map((key) => {
  const [method = '', path = ''] = key.split(' ');
  return { method, path, throttle: DEV_THROTTLES[key] };
});
