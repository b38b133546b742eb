// A product that signs people in with Rollcall: plain Node, two ordinary libraries. node docs/examples/product-sign-on.mjs
import { createServer } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as oidc from 'openid-client';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, ORIGIN, PORT } = process.env;
const execute = ISSUER.startsWith('http://127.0.0.1') ? [oidc.allowInsecureRequests] : [];
const config = await oidc.discovery(new URL(ISSUER), CLIENT_ID, CLIENT_SECRET, undefined, { execute });
const keys = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));
const verify = (token) =>
  jwtVerify(token, keys, { issuer: ISSUER, audience: CLIENT_ID, algorithms: ['ES256'], typ: 'at+jwt' });
const browsers = new Map(); // by our own cookie; a real product keeps this in its session store

createServer(async (request, response) => {
  const url = new URL(request.url, ORIGIN);
  const id = /(?:^|; )product=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
  if (url.pathname === '/sign-in' && url.searchParams.get('iss') === ISSUER) {
    const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
    const code_challenge = await oidc.calculatePKCECodeChallenge(verifier);
    const pkce = { code_challenge, code_challenge_method: 'S256' };
    const to = { redirect_uri: `${ORIGIN}/signed-in`, scope: 'openid', state, nonce, ...pkce };
    const fresh = crypto.randomUUID();
    browsers.set(fresh, { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier });
    const headers = { 'set-cookie': `product=${fresh}; Path=/; HttpOnly; Secure; SameSite=Lax` };
    return response.writeHead(303, { ...headers, location: oidc.buildAuthorizationUrl(config, to).href }).end();
  }
  try {
    const mine = browsers.get(id);
    if (url.pathname === '/signed-in') browsers.set(id, await oidc.authorizationCodeGrant(config, url, mine));
    else Object.assign(mine, await oidc.refreshTokenGrant(config, mine.refresh_token)); // when 10 minutes are nearly over
    const { payload } = await verify(browsers.get(id).access_token);
    response.end(JSON.stringify({ signedIn: true, sub: payload.sub, role: payload.role, schools: payload.schools }));
  } catch {
    response.writeHead(browsers.delete(id) ? 401 : 403).end('{"signedIn":false}');
  }
}).listen(Number(PORT), '127.0.0.1', () => console.log('ready'));
