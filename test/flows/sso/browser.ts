import { createHash, randomBytes } from 'node:crypto';
import type { HttpResult } from '../../../lib/contracts/sign-on-http.ts';
import type { CookieKind } from '../../../lib/core/sso/cookies.ts';
import type { Person } from './fake-classlink.ts';
import { ISSUER, PRODUCT, SECRETS, type SignOnWorld } from './sign-on-world.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('base64url');

/** What a product keeps of a sign-in that it began. */
export interface ProductLogin {
  readonly url: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Tokens, or an error of the token endpoint. */
export interface TokenAnswer {
  readonly status: number;
  readonly access_token?: string;
  readonly id_token?: string;
  readonly refresh_token?: string;
  readonly error?: string;
}

/** One browser: our cookies, kept as a browser keeps `__Host-` cookies. */
export class Browser {
  readonly jar = new Map<string, string>();
  readonly world: SignOnWorld;
  cookiesBlocked = false;

  constructor(world: SignOnWorld) {
    this.world = world;
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<HttpResult> {
    return this.send('GET', path, undefined, headers);
  }

  /** `applies: false`: the answer got lost on its way, so its cookies never came. */
  async send(
    method: string,
    path: string,
    form?: Record<string, string>,
    headers: Record<string, string> = {},
    applies = true,
  ): Promise<HttpResult> {
    const url = new URL(path, ISSUER);
    const result = await this.world.handle({
      rawPath: url.pathname,
      rawQueryString: url.search.slice(1),
      headers: {
        accept: 'application/json',
        ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...headers,
      },
      cookies: [...this.jar].map(([name, value]) => `${name}=${value}`),
      requestContext: { http: { method } },
      ...(form ? { body: new URLSearchParams(form).toString() } : {}),
    });
    if (applies && !this.cookiesBlocked) this.keep(result);
    return result;
  }

  keep(result: HttpResult): void {
    for (const line of result.cookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0(;|$)/.test(line)) this.jar.delete(name);
      else this.jar.set(name, value);
    }
  }

  /** Cookies of a kind that this browser has: pending launches, hand-offs, its own ids. */
  named(kind: CookieKind): [string, string][] {
    return [...this.jar].filter(([name]) => name.startsWith(`__Host-rollcall-${kind}-`));
  }

  /** Names of all cookies but the browser's own ids, which stay. */
  get rest(): string[] {
    const ids = this.named('browser').map(([name]) => name);
    return [...this.jar.keys()].filter((name) => !ids.includes(name));
  }

  /** The click on the tile, up to ClassLink's answer: the callback that the browser is about to open. */
  async clickTile(person: Person): Promise<string> {
    const { classLink } = this.world;
    const first = await this.get(`/callback?code=${classLink.tileCode(person)}`);
    return pathOf(classLink.authorize(locationOf(first), person).href);
  }

  /** The whole launch; the last answer of ours. */
  async launch(person: Person): Promise<HttpResult> {
    return this.get(await this.clickTile(person));
  }

  /** A launch, and the product's own sign-in after it. */
  async signIn(person: Person): Promise<TokenAnswer> {
    const launched = await this.launch(person);
    if (launched.statusCode !== 303) throw new Error(`refused: ${launched.body}`);
    return this.productSignIn();
  }

  /** What the product does at its `initiate_login_uri`: an ordinary code flow in this browser. */
  async productSignIn(): Promise<TokenAnswer> {
    const login = productLogin();
    const answer = new URL(locationOf(await this.get(login.url)));
    const code = answer.searchParams.get('code');
    if (code === null) return { status: 0, error: answer.searchParams.get('error') ?? '' };
    if (answer.searchParams.get('state') !== login.state) throw new Error('not our state');
    return redeem(this.world, code, login.verifier);
  }
}

export const productLogin = (changes: Record<string, string> = {}): ProductLogin => {
  const [state, nonce, verifier] = [1, 2, 3].map(() => randomBytes(32).toString('base64url')) as [
    string,
    string,
    string,
  ];
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: PRODUCT.clientId,
    redirect_uri: PRODUCT.redirectUris[0] ?? '',
    scope: 'openid',
    state,
    nonce,
    code_challenge: hash(verifier),
    code_challenge_method: 'S256',
    ...changes,
  });
  return { url: `/authorize?${query}`, state, nonce, verifier };
};

/** The product's server at our token endpoint. */
export async function callToken(
  world: SignOnWorld,
  form: Record<string, string>,
  clientId: string = PRODUCT.clientId,
  path = '/token',
): Promise<TokenAnswer> {
  const basic = Buffer.from(`${clientId}:${SECRETS[clientId] ?? 'wrong'}`).toString('base64');
  const { statusCode, body } = await world.handle({
    rawPath: path,
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Basic ${basic}` },
    requestContext: { http: { method: 'POST' } },
    body: new URLSearchParams(form).toString(),
  });
  return { status: statusCode, ...(JSON.parse(body) as object) };
}

export const redeem = (world: SignOnWorld, code: string, verifier: string, clientId?: string): Promise<TokenAnswer> =>
  callToken(
    world,
    { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: PRODUCT.redirectUris[0] ?? '' },
    clientId,
  );

export const refresh = (
  world: SignOnWorld,
  refreshToken: string | undefined,
  clientId?: string,
): Promise<TokenAnswer> =>
  callToken(world, { grant_type: 'refresh_token', refresh_token: refreshToken ?? '' }, clientId);

export const locationOf = (result: HttpResult): string => {
  const { location } = result.headers;
  if (location === undefined) throw new Error(`no redirect: ${result.statusCode} ${result.body}`);
  return location;
};

export const pathOf = (url: string): string => {
  const { pathname, search } = new URL(url);
  return pathname + search;
};

/** The code of a refusal; '' where there is none. */
export const codeOf = (result: HttpResult): string =>
  result.headers['content-type'] === 'application/json'
    ? ((JSON.parse(result.body) as { code?: string }).code ?? '')
    : '';

export const claimsOf = (jwt: string | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from((jwt ?? '').split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
