import { authorize } from '../../lib/flows/sso/authorize.ts';
import { callback } from '../../lib/flows/sso/callback.ts';
import { confirm } from '../../lib/flows/sso/confirm.ts';
import type { Answer, SsoRequest } from '../../lib/flows/sso/exchange.ts';
import { launch } from '../../lib/flows/sso/launch.ts';
import { logout } from '../../lib/flows/sso/logout.ts';
import { discovery, health, keySet } from '../../lib/flows/sso/metadata.ts';
import { revoke } from '../../lib/flows/sso/revoke.ts';
import type { SsoPorts } from '../../lib/flows/sso/sso-ports.ts';
import { token } from '../../lib/flows/sso/token.ts';

/** One route: a flow for each method that it has. */
export interface Route {
  /** Who asks: a browser gets pages, a program JSON. */
  readonly audience: 'browser' | 'program';
  readonly methods: Readonly<Record<string, (ports: SsoPorts, request: SsoRequest) => Answer | Promise<Answer>>>;
}

/** Every path of the sign-on. The stack declares the same ones; there is no catch-all. */
export const ROUTES: Readonly<Record<string, Route>> = {
  '/launch': { audience: 'browser', methods: { GET: launch } },
  '/callback': { audience: 'browser', methods: { GET: callback, POST: confirm } },
  '/authorize': { audience: 'browser', methods: { GET: authorize } },
  '/logout': { audience: 'browser', methods: { GET: logout, POST: logout } },
  '/token': { audience: 'program', methods: { POST: token } },
  '/revoke': { audience: 'program', methods: { POST: revoke } },
  '/.well-known/openid-configuration': { audience: 'program', methods: { GET: discovery } },
  '/.well-known/jwks.json': { audience: 'program', methods: { GET: keySet } },
  '/healthz': { audience: 'program', methods: { GET: health } },
};
