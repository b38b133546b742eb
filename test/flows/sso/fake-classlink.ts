import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** Somebody with a LaunchPad account. */
export interface Person {
  readonly TenantId: number | string;
  readonly SourcedId: string;
  readonly UserId: number | string;
  readonly LoginId: string;
  readonly Role: string;
}

/** What a code stands for. */
interface Grant {
  readonly person: Person;
  readonly nonce: string | null;
  readonly challenge: string | null;
  readonly redirectUri: string;
}

interface RsaKey {
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** How the next answers go wrong. Each is what an attacker or a bad day would do. */
export interface Tampering {
  claims?: (claims: Record<string, unknown>) => Record<string, unknown>;
  /** Makes the whole id_token. */
  token?: (claims: Record<string, unknown>) => Promise<string> | string;
  info?: (info: Record<string, unknown>) => unknown;
  /** Answers a call itself. */
  answer?: (path: string, response: ServerResponse) => boolean;
  keys?: (keys: JWK[]) => JWK[];
}

export const newRsaKey = async (kid: string): Promise<RsaKey> => {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return { privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
};

/** A small ClassLink on 127.0.0.1: token endpoint, key set and my/info over HTTP; its pages are a method. */
export class FakeClassLink {
  static readonly clientId = 'c-rollcall';
  static readonly clientSecret = 'classlink-says-so';
  tampering: Tampering = {};
  signingKey!: RsaKey;
  otherKeys: RsaKey[] = [];
  calls: { path: string; userAgent: string }[] = [];
  #grants = new Map<string, Grant>();
  #tokens = new Map<string, Person>();
  #codes = 0;
  readonly #now: () => Date;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  constructor(now: () => Date) {
    this.#now = now;
  }

  async open(): Promise<void> {
    this.signingKey = await newRsaKey('key-1');
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get base(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get issuer(): string {
    return this.base;
  }

  /** The tile: a code that nobody asked for, and no state. */
  tileCode(person: Person, redirectUri = ''): string {
    return this.#issue({ person, nonce: null, challenge: null, redirectUri });
  }

  /** The authorize endpoint with this person signed in: where it sends the browser. */
  authorize(url: string, person: Person): URL {
    const query = new URL(url).searchParams;
    const value = (name: string) => query.get(name);
    if (value('client_id') !== FakeClassLink.clientId) throw new Error('not our client');
    const code = this.#issue({
      person,
      nonce: value('nonce'),
      challenge: value('code_challenge'),
      redirectUri: value('redirect_uri') ?? '',
    });
    const back = new URL(value('redirect_uri') ?? '');
    back.searchParams.set('code', code);
    back.searchParams.set('response_type', 'code');
    const state = value('state');
    if (state) back.searchParams.set('state', state);
    return back;
  }

  #issue(grant: Grant): string {
    this.#codes += 1;
    const code = `c${Date.now()}${this.#codes}`;
    this.#grants.set(code, grant);
    return code;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    this.calls.push({ path, userAgent: request.headers['user-agent'] ?? '' });
    const body = await text(request);
    if (this.tampering.answer?.(path, response)) return;
    if (path === '/jwks') {
      const keys = [this.signingKey, ...this.otherKeys].map(({ publicJwk }) => publicJwk);
      return send(response, 200, { keys: this.tampering.keys?.(keys) ?? keys });
    }
    if (path === '/token') return this.#token(new URLSearchParams(body), response);
    if (path === '/info') return this.#info(request, response);
    send(response, 404, {});
  }

  async #token(form: URLSearchParams, response: ServerResponse): Promise<void> {
    const grant = this.#grants.get(form.get('code') ?? '');
    this.#grants.delete(form.get('code') ?? '');
    const known =
      form.get('client_id') === FakeClassLink.clientId && form.get('client_secret') === FakeClassLink.clientSecret;
    if (!known) return send(response, 401, { error: 'invalid_client' });
    if (!grant || (grant.challenge && !(await fits(form.get('code_verifier') ?? '', grant.challenge)))) {
      return send(response, 400, { error: 'invalid_grant' });
    }
    const accessToken = `a${this.#codes}${Math.random().toString(36).slice(2)}`;
    this.#tokens.set(accessToken, grant.person);
    const now = Math.floor(this.#now().getTime() / 1000);
    const claims = {
      iss: this.issuer,
      sub: String(grant.person.UserId),
      aud: FakeClassLink.clientId,
      exp: now + 86_400,
      iat: now,
      auth_time: now - 3_600,
      ...(grant.nonce ? { nonce: grant.nonce } : {}),
      name: 'Demo User',
      profile: 'Teacher',
    };
    const tampered = this.tampering.claims?.(claims) ?? claims;
    const idToken = await (this.tampering.token ? this.tampering.token(tampered) : this.sign(tampered));
    send(response, 200, { access_token: accessToken, token_type: 'Bearer', response_type: 'code', id_token: idToken });
  }

  sign(claims: Record<string, unknown>, key: RsaKey = this.signingKey): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: key.publicJwk.kid ?? '', typ: 'JWT' })
      .sign(key.privateKey);
  }

  #info(request: IncomingMessage, response: ServerResponse): void {
    const person = this.#tokens.get((request.headers.authorization ?? '').replace('Bearer ', ''));
    const info = { ...person, Email: 'somebody@example.org', DisplayName: 'Somebody', OrgId: ['1'], Role_Level: 4 };
    if (person) send(response, 200, this.tampering.info ? this.tampering.info(info) : info);
    else send(response, 401, {});
  }
}

async function text(request: IncomingMessage): Promise<string> {
  let all = '';
  for await (const part of request) all += part;
  return all;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function fits(verifier: string, challenge: string): Promise<boolean> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return Buffer.from(hash).toString('base64url') === challenge;
}
