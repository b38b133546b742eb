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
const OURS = '; Path=/; HttpOnly; Secure; SameSite=Lax';
const [begun, sessions] = [new Map(), new Map()]; // by secrets in cookies of ours; a real product has a store

createServer(async ({ url: path, headers }, response) => {
  const url = new URL(path, ORIGIN);
  const cookies = new Map(headers.cookie?.split('; ').map((each) => each.split('=')));
  const [mine, back, isBack] = [cookies.get('product'), url.searchParams.get('state'), url.pathname === '/signed-in'];
  const say = (status, user) => response.writeHead(status).end(JSON.stringify({ signedIn: status === 200, ...user }));
  const go = (to, cookie) =>
    response.writeHead(303, { location: to, ...(cookie && { 'set-cookie': cookie + OURS }) }).end();
  if (url.pathname === '/sign-in' && url.searchParams.get('iss') === ISSUER) {
    const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
    begun.set(state, { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier });
    const pkce = { code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
    const to = { redirect_uri: `${ORIGIN}/signed-in`, scope: 'openid', state, nonce, ...pkce };
    return go(oidc.buildAuthorizationUrl(config, to).href, `begun-${state}=1`); // one for each tab
  }
  const known = isBack ? cookies.has(`begun-${back}`) && begun.get(back) : sessions.get(mine);
  if (!known) return say(isBack ? 403 : 401);
  try {
    if (isBack) {
      begun.delete(back);
      const [fresh, tokens] = [crypto.randomUUID(), await oidc.authorizationCodeGrant(config, url, known)];
      sessions.set(fresh, tokens).delete(mine); // only now: an address that somebody pushed ends nobody's session
      return go('/', `product=${fresh}`);
    }
    Object.assign(known, await oidc.refreshTokenGrant(config, known.refresh_token)); // when 10 minutes are nearly over
    const { sub, role, schools } = (await jwtVerify(known.access_token, keys, rules)).payload;
    say(200, { sub, role, schools });
  } catch ({ error }) {
    if (isBack) return error === 'login_required' && sessions.has(mine) ? go('/') : say(403); // another tab is signed in
    if (error === 'invalid_grant') sessions.delete(mine); // nothing else ends a session: try again later
    say(error === 'invalid_grant' ? 401 : 503);
  }
}).listen(Number(PORT), '127.0.0.1', () => console.log('ready'));
