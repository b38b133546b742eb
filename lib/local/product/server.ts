import type { IncomingMessage, ServerResponse } from 'node:http';
import { productPage, productSignedOutPage } from '../../pages/product-page.ts';
import { addressOf, isOwnForm, sendJson, sendOn, sendPage, sendText, wantsJson } from '../http/answers.ts';
import type { LoopbackServer } from '../http/loopback-server.ts';
import { createPendingSignIns, type PendingSignIns } from './pending-sign-ins.ts';
import { createRelyingParty, type RelyingParty } from './relying-party.ts';
import type { ProductRoster } from './roster.ts';
import { createProductSessions, type ProductSessions } from './sessions.ts';

/** The product's own name on this machine: cookies of the three sites do not meet (design §5). */
export const PRODUCT_HOST = 'product.localhost';

/** Where the product is, for its registration with us. */
export const productAddresses = (port: number) => ({
  home: `http://${PRODUCT_HOST}:${port}/`,
  initiateLoginUri: `http://${PRODUCT_HOST}:${port}/login`,
  redirectUri: `http://${PRODUCT_HOST}:${port}/oidc/callback`,
});

/** How to run the product's stand-in. */
export interface ProductOptions {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly issuer: string;
  readonly launchPadUrl: string;
  readonly roster: ProductRoster;
  /** After how many seconds a token is renewed although it is good for ten minutes. */
  readonly renewAfterSeconds: number;
  readonly onError: (error: unknown) => void;
}

interface Parts {
  readonly options: ProductOptions;
  readonly party: RelyingParty;
  readonly sessions: ProductSessions;
  readonly pendings: PendingSignIns;
  readonly home: string;
}

type Page = (request: IncomingMessage, response: ServerResponse, parts: Parts) => Promise<void>;

const PAGES: Readonly<Record<string, Page>> = {
  'GET /': home,
  'GET /login': login,
  'GET /oidc/callback': callback,
  'POST /sign-out': signOut,
};

/** Lets a server be a product that signs people in with us. */
export function runProduct(server: LoopbackServer, options: ProductOptions): void {
  const { home: homeUrl, redirectUri } = productAddresses(server.port);
  const party = createRelyingParty({ ...options, redirectUri, signedOutUri: homeUrl });
  const sessions = createProductSessions({ ...options, party });
  const parts = { options, party, sessions, pendings: createPendingSignIns(), home: homeUrl };
  server.answer(async (request, response) => {
    try {
      const page = PAGES[`${request.method} ${addressOf(request).pathname}`];
      if (page === undefined) return sendText(response, 404, 'The product has one page: /');
      await page(request, response, parts);
    } catch (thrown) {
      options.onError(thrown);
      if (!response.headersSent) sendSignedOut(request, response, options, 'unreachable');
    }
  });
}

async function home(request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  const { options, sessions } = parts;
  const standing = await sessions.look(request, response);
  if (standing.state !== 'signed-in') return sendSignedOut(request, response, options, standing.state);
  const { sub, district, role, schools } = standing.claims;
  const user = await options.roster.find(district, sub, schools);
  if (wantsJson(request)) {
    const classes = (user?.classes ?? []).map(({ sourcedId }) => sourcedId);
    return sendJson(response, 200, { signedIn: true, sub, role, schools, classes });
  }
  const shown = user ?? { name: '', schools: [], classes: [] };
  const html = productPage({ ...shown, product: options.name, role, sub, district });
  // Its form signs out, by way of the sign-on.
  sendPage(response, 200, html, [new URL(options.issuer).origin]);
}

function sendSignedOut(
  request: IncomingMessage,
  response: ServerResponse,
  { name, launchPadUrl }: ProductOptions,
  why: 'signed-out' | 'ended' | 'unreachable' | 'failed',
): void {
  const status = why === 'unreachable' ? 503 : why === 'failed' && !wantsJson(request) ? 403 : 200;
  if (wantsJson(request)) sendJson(response, status, { signedIn: false });
  else sendPage(response, status, productSignedOutPage({ product: name, launchPadUrl, why }));
}

/** Third-party initiated login (OpenID Connect Core 1.0 §4). Of the request only `iss` is looked at: must be ours. */
async function login(request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  const { options, party, pendings } = parts;
  if (addressOf(request).searchParams.get('iss') !== options.issuer) {
    return sendSignedOut(request, response, options, 'failed');
  }
  const { url, pending } = await party.start();
  pendings.remember(request, response, pending);
  sendOn(response, url.href);
}

async function callback(request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  const { options, party, sessions, pendings } = parts;
  const address = addressOf(request);
  const pending = pendings.take(request, response, address.searchParams.get('state') ?? '');
  // A reload, the back button, or somebody else's link: what this browser has, if anything, stays as it is.
  if (pending === null) return sendOn(response, parts.home);
  // No fresh launch for this tab. Where another tab has just signed in, that is what there is to show.
  const needsLaunch = address.searchParams.get('error') === 'login_required';
  if (needsLaunch && sessions.has(request)) return sendOn(response, parts.home);
  const url = new URL(address.pathname + address.search, parts.home);
  let tokens: Awaited<ReturnType<RelyingParty['finish']>>;
  try {
    tokens = await party.finish(url, pending);
  } catch (thrown) {
    options.onError(thrown);
    return sendSignedOut(request, response, options, 'failed');
  }
  sessions.open(request, response, tokens);
  sendOn(response, parts.home);
}

async function signOut(request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  if (!isOwnForm(request)) return sendText(response, 403, 'Forms of other sites are refused.');
  const idToken = parts.sessions.close(request, response);
  if (idToken === null) return sendOn(response, parts.home);
  try {
    sendOn(response, (await parts.party.logoutUrl(idToken)).href);
  } catch (thrown) {
    // Nobody told us yet where the logout is. Here the session is over all the same; there it ends by itself.
    parts.options.onError(thrown);
    sendOn(response, parts.home);
  }
}
