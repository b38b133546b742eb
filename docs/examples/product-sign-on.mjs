// A product that signs people in with Rollcall: plain Node, two ordinary libraries. node docs/examples/product-sign-on.mjs
import { createServer } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as oidc from 'openid-client';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, ORIGIN, PORT } = process.env;
const client = { client_secret: CLIENT_SECRET, id_token_signed_response_alg: 'ES256' };
const execute = ISSUER.startsWith('http://127.0.0.1') ? [oidc.allowInsecureRequests] : [];
const config = await oidc.discovery(new URL(ISSUER), CLIENT_ID, client, undefined, { execute });
const keys = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));
const rules = { issuer: ISSUER, audience: CLIENT_ID, algorithms: ['ES256'], typ: 'at+jwt' };
const browsers = new Map(); // by our own cookie; a real product keeps this in its session store

createServer(async (request, response) => {
  const url = new URL(request.url, ORIGIN);
  const id = /(?:^|; )product=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
  const mine = browsers.get(id) ?? {};
  if (url.pathname === '/sign-in' && url.searchParams.get('iss') === ISSUER) {
    const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
    const pkce = { code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
    const to = { redirect_uri: `${ORIGIN}/signed-in`, scope: 'openid', state, nonce, ...pkce };
    const fresh = crypto.randomUUID();
    browsers.delete(id);
    browsers.set(fresh, {
      ...mine,
      checks: { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
    });
    response.setHeader('set-cookie', `product=${fresh}; Path=/; HttpOnly; Secure; SameSite=Lax`);
    return response.writeHead(303, { location: oidc.buildAuthorizationUrl(config, to).href }).end();
  }
  const isBack = url.pathname === '/signed-in';
  try {
    if (!(isBack ? mine.checks : mine.refresh_token))
      return response.writeHead(isBack ? 403 : 401).end('{"signedIn":false}');
    if (isBack)
      browsers.set(id, await oidc.authorizationCodeGrant(config, url, mine.checks)); // throws: what was there stays
    else Object.assign(mine, await oidc.refreshTokenGrant(config, mine.refresh_token)); // when 10 minutes are nearly over
    const { sub, role, schools } = (await jwtVerify(browsers.get(id).access_token, keys, rules)).payload;
    response.end(JSON.stringify({ signedIn: true, sub, role, schools }));
  } catch ({ error }) {
    const isOver = !isBack && error === 'invalid_grant'; // nothing else ends a session: try again later
    if (isOver) browsers.delete(id);
    response.writeHead(isOver ? 401 : isBack ? 403 : 503).end('{"signedIn":false}');
  }
}).listen(Number(PORT), '127.0.0.1', () => console.log('ready'));
