import type { AccountClaims, AdapterFactory, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { claimsOf, type Person } from './person.ts';
import type { SigningKey } from './signing-keys.ts';

/** The application that the vendor has registered with ClassLink. */
export interface RegisteredApplication {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

/** Paths of ClassLink; the two of `/v2/my` are on another host there. */
export const CLASSLINK_PATHS = {
  authorize: '/oauth2/v2/auth',
  token: '/oauth2/v2/token',
  jwks: '/oauth2/v2/jwks',
  profileInfo: '/v2/my/profileinfo',
  info: '/v2/my/info',
} as const;

/** What a token is good for where the application asks for all of it, and what the tile asks for. */
export const ALL_SCOPES = 'openid profile email oneroster';

export interface ProviderOptions {
  readonly issuer: string;
  readonly application: RegisteredApplication;
  /** The first one signs. */
  readonly keys: readonly SigningKey[];
  readonly store: AdapterFactory;
  /** The person of an account (`sub`), and the sourcedId that ClassLink believes in. */
  findPerson(sub: string): Promise<{ readonly person: Person; readonly sourcedId: string } | null>;
}

const DAY_SECONDS = 86_400;

/**
 * ClassLink's part of OpenID Connect: what a certified library does by the standard. What ClassLink does otherwise is in
 * `quirks.ts`. The library is loaded only where it is needed: no other command of the CLI waits for it.
 */
export async function createProvider(options: ProviderOptions): Promise<Provider> {
  const { application, findPerson } = options;
  const { Provider, interactionPolicy } = await loadLibrary();
  const policy = interactionPolicy.base();
  // The district has approved the application for its people: nobody is asked.
  policy.remove('consent');
  return new Provider(options.issuer, {
    adapter: options.store,
    jwks: { keys: [...options.keys] },
    clients: [
      {
        client_id: application.clientId,
        client_secret: application.clientSecret,
        redirect_uris: [application.redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
        id_token_signed_response_alg: 'RS256',
        require_auth_time: true,
      },
    ],
    scopes: ['openid', 'profile', 'email', 'oneroster', 'full'],
    claims: {
      openid: ['sub', 'login_hint'],
      email: ['email', 'email_verified'],
      profile: ['name', 'given_name', 'family_name', 'profile', 'address'],
      oneroster: [
        'classLink_tenant_id',
        'classLink_tenant_id_string',
        'classLink_role',
        'classLink_role_level',
        'classLink_sourcedId',
        'classLink_org_sourcedids',
      ],
    },
    // ClassLink puts the claims into the identity token itself.
    conformIdTokenClaims: false,
    routes: {
      authorization: CLASSLINK_PATHS.authorize,
      token: CLASSLINK_PATHS.token,
      jwks: CLASSLINK_PATHS.jwks,
      userinfo: CLASSLINK_PATHS.profileInfo,
    },
    responseTypes: ['code'],
    pkce: { required: () => false },
    allowOmittingSingleRegisteredRedirectUri: true,
    clientAuthMethods: ['client_secret_post', 'client_secret_basic'],
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
    },
    ttl: {
      AuthorizationCode: 300,
      AccessToken: DAY_SECONDS,
      IdToken: DAY_SECONDS,
      Grant: DAY_SECONDS,
      Interaction: 3600,
      Session: DAY_SECONDS,
    },
    cookies: { names: { session: SESSION_COOKIE, interaction: 'classlink_interaction', resume: 'classlink_resume' } },
    interactions: { policy, url: (_, interaction) => `${INTERACTION_PATH}${interaction.uid}` },
    // Two launches may wait in one browser. Each has a grant of its own, and the session remembers the newest only: bound to
    // it, the code of the first tab would be worth nothing once the second tab has its own.
    expiresWithSession: async () => false,
    loadExistingGrant: (ctx) => approvedGrant(ctx, application.clientId),
    findAccount: async (_, sub) => {
      const found = await findPerson(sub);
      if (found === null) return undefined;
      return { accountId: sub, claims: () => claimsOf(found.person, found.sourcedId) as AccountClaims };
    },
    renderError: (ctx, out) => {
      ctx.type = 'text/plain';
      ctx.body = `ClassLink cannot go on: ${out.error}. ${out.error_description ?? ''}\n`;
    },
  });
}

/** It says on stderr that it wants Node 22; what the stand-in needs of it is tested with 20 too. */
async function loadLibrary() {
  const { warn } = console;
  console.warn = () => {};
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}

/** The browser's session with ClassLink. Whoever signs in as somebody else gets a new one. */
export const SESSION_COOKIE = 'classlink_session';

/** Where the provider sends a browser whose person must sign in first; the id of the request follows. */
export const INTERACTION_PATH = '/launchpad/request/';

async function approvedGrant(ctx: KoaContextWithOIDC, clientId: string) {
  const accountId = ctx.oidc.session?.accountId;
  if (accountId === undefined) return undefined;
  const grant = new ctx.oidc.provider.Grant({ accountId, clientId });
  grant.addOIDCScope(ctx.oidc.params?.['scope'] as string);
  await grant.save();
  return grant;
}

/** The code that a click on the tile brings to the application: asked for by nobody, with a nonce of ClassLink's own. */
export async function issueTileCode(
  provider: Provider,
  application: RegisteredApplication,
  accountId: string,
  nonce: string,
): Promise<string> {
  const client = await provider.Client.find(application.clientId);
  if (client === undefined) throw new Error('the application is not registered');
  const grant = new provider.Grant({ accountId, clientId: application.clientId });
  grant.addOIDCScope(ALL_SCOPES);
  const code = new provider.AuthorizationCode({
    accountId,
    client,
    grantId: await grant.save(),
    redirectUri: application.redirectUri,
    scope: ALL_SCOPES,
    nonce,
    authTime: Math.floor(Date.now() / 1000),
  } as ConstructorParameters<typeof provider.AuthorizationCode>[0]);
  return code.save();
}
