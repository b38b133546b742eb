import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { addressOf, sendJson, sendText } from '../http/answers.ts';
import type { LoopbackServer } from '../http/loopback-server.ts';
import { answerLaunchPad, type LaunchPadParts } from './launchpad.ts';
import { createLaunchPadSessions } from './launchpad-sessions.ts';
import { CLASSLINK_PATHS, createProvider, type RegisteredApplication } from './openid-provider.ts';
import { myInfo, type People } from './person.ts';
import { addQuirks, withNonce } from './quirks.ts';
import { makeSigningKey, type SigningKey } from './signing-keys.ts';
import { createSwitches, type Switches } from './switches.ts';
import { createTokenStore } from './token-store.ts';

/** How to run the stand-in. */
export interface ClassLinkOptions {
  readonly application: RegisteredApplication;
  /** Under the icon. */
  readonly applicationName: string;
  readonly people: People;
  readonly onError: (error: unknown) => void;
}

/** Where ClassLink is, by the names of the sso function's environment. */
export interface ClassLinkAddresses {
  readonly CLASSLINK_ISSUER: string;
  readonly CLASSLINK_AUTHORIZE_URL: string;
  readonly CLASSLINK_TOKEN_URL: string;
  readonly CLASSLINK_JWKS_URL: string;
  readonly CLASSLINK_INFO_URL: string;
}

/** Names that the stand-in answers to: the browser's, and the one that servers use, as Node may not know `localhost`. */
export const CLASSLINK_HOSTS = ['localhost', '127.0.0.1'] as const;

/** The addresses of a stand-in on a port. Servers call it at 127.0.0.1, browsers at localhost. */
export function classLinkAddresses(port: number): ClassLinkAddresses {
  const [browsers, servers] = CLASSLINK_HOSTS.map((host) => `http://${host}:${port}`);
  return {
    CLASSLINK_ISSUER: `${browsers}`,
    CLASSLINK_AUTHORIZE_URL: `${browsers}${CLASSLINK_PATHS.authorize}`,
    CLASSLINK_TOKEN_URL: `${servers}${CLASSLINK_PATHS.token}`,
    CLASSLINK_JWKS_URL: `${servers}${CLASSLINK_PATHS.jwks}`,
    CLASSLINK_INFO_URL: `${servers}${CLASSLINK_PATHS.info}`,
  };
}

/** The page where one signs in and clicks. */
export const launchPadUrl = (port: number): string => `http://${CLASSLINK_HOSTS[0]}:${port}/launchpad`;

/** How long the switch `slow` holds an answer back. Milliseconds; the sso function waits half of that. */
const SLOW_MS = 10_000;

const CUT_OFF: readonly string[] = [CLASSLINK_PATHS.token, CLASSLINK_PATHS.jwks, CLASSLINK_PATHS.info];
const SLOWED: readonly string[] = [CLASSLINK_PATHS.token, CLASSLINK_PATHS.info];

/** Lets a server be ClassLink and LaunchPad. Returns its switches. */
export async function runClassLink(server: LoopbackServer, options: ClassLinkOptions): Promise<Switches> {
  const { application, people } = options;
  const issuer = classLinkAddresses(server.port).CLASSLINK_ISSUER;
  const switches = createSwitches();
  const sessions = createLaunchPadSessions(people, switches);
  const store = createTokenStore();
  const firstKey = await makeSigningKey();
  const providerWith = async (keys: readonly [SigningKey, ...SigningKey[]]) => {
    const findPerson = (sub: string) => sessions.person(sub);
    const provider = await createProvider({ issuer, application, keys, store, findPerson });
    provider.on('server_error', (_, error) => options.onError(error));
    addQuirks(provider, application.redirectUri, switches, keys[0]);
    return { provider, rotated: keys.length > 1, answer: provider.callback() };
  };
  let running = await providerWith([firstKey]);
  const parts: LaunchPadParts = {
    people,
    sessions,
    switches,
    application,
    applicationName: options.applicationName,
    provider: () => running.provider,
    async onSwitch() {
      const rotate = switches.isOn('rotated-key');
      if (rotate === running.rotated) return;
      running = await providerWith(rotate ? [await makeSigningKey(), firstKey] : [firstKey]);
    },
  };
  server.answer(async (request, response) => {
    try {
      const path = addressOf(request).pathname;
      if (switches.isOn('down') && CUT_OFF.includes(path)) return request.socket.destroy();
      if (switches.isOn('slow') && SLOWED.includes(path)) await sleep(SLOW_MS, undefined, { ref: false });
      if (path === CLASSLINK_PATHS.info) return await answerInfo(request, response, parts);
      if (deniesAccess(request, parts)) return sendDenial(request, response, application);
      if (!path.startsWith('/oauth2/') && !path.startsWith('/.well-known/') && path !== CLASSLINK_PATHS.profileInfo) {
        return await answerLaunchPad(request, response, parts);
      }
      withNonce(request);
      return await running.answer(request, response);
    } catch (thrown) {
      options.onError(thrown);
      if (!response.headersSent) sendText(response, 500, 'The stand-in for ClassLink has failed.');
    }
  });
  return switches;
}

/** ClassLink's own way to say who somebody is. Field for field as documented; the access token is opaque. */
async function answerInfo(request: IncomingMessage, response: ServerResponse, parts: LaunchPadParts): Promise<void> {
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const token = bearer === undefined ? undefined : await parts.provider().AccessToken.find(bearer);
  const found = token?.accountId === undefined ? null : await parts.sessions.person(token.accountId);
  if (found === null) return sendJson(response, 401, { message: 'Unauthorized' });
  sendJson(response, 200, myInfo(found.person, found.sourcedId));
}

const deniesAccess = (request: IncomingMessage, { switches, application }: LaunchPadParts): boolean => {
  const { pathname, searchParams } = addressOf(request);
  const isOurs = searchParams.get('redirect_uri') === application.redirectUri;
  return switches.isOn('access-denied') && pathname === CLASSLINK_PATHS.authorize && isOurs;
};

function sendDenial(request: IncomingMessage, response: ServerResponse, application: RegisteredApplication): void {
  const target = new URL(application.redirectUri);
  const state = addressOf(request).searchParams.get('state');
  target.searchParams.set('error', 'access_denied');
  if (state !== null) target.searchParams.set('state', state);
  response.writeHead(302, { location: target.href, 'cache-control': 'no-store' }).end();
}
