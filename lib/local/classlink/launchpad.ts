import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import { launchPadPage } from '../../pages/launchpad-page.ts';
import { signInPage } from '../../pages/launchpad-sign-in-page.ts';
import { switchesPage } from '../../pages/launchpad-switches-page.ts';
import { addressOf, isOwnForm, sendJson, sendOn, sendPage, sendText, wantsJson } from '../http/answers.ts';
import { readForm } from '../http/read-body.ts';
import type { LaunchPadSessions } from './launchpad-sessions.ts';
import { INTERACTION_PATH, issueTileCode, type RegisteredApplication } from './openid-provider.ts';
import type { People } from './person.ts';
import { SWITCH_NAMES, SWITCHES, type Switches, switchNamed } from './switches.ts';

/** What the pages of LaunchPad work with. */
export interface LaunchPadParts {
  readonly people: People;
  readonly sessions: LaunchPadSessions;
  readonly switches: Switches;
  readonly application: RegisteredApplication;
  readonly applicationName: string;
  /** Called after a switch was set. */
  onSwitch(): Promise<void>;
  provider(): Provider;
}

type Page = (request: IncomingMessage, response: ServerResponse, parts: LaunchPadParts) => Promise<void> | void;

/** The pages of LaunchPad, by method and path. */
const PAGES: Readonly<Record<string, Page>> = {
  'GET /': (_, response) => sendOn(response, '/launchpad'),
  'GET /launchpad': home,
  'POST /launchpad/sign-in': signIn,
  'POST /launchpad/sign-out': signOut,
  'GET /launchpad/tile': clickTile,
  'GET /launchpad/switches': (request, response, parts) => showSwitches(request, response, parts),
  'POST /launchpad/switches': setSwitches,
};

/** Answers a request for LaunchPad. */
export async function answerLaunchPad(
  request: IncomingMessage,
  response: ServerResponse,
  parts: LaunchPadParts,
): Promise<void> {
  const { pathname } = addressOf(request);
  if (pathname.startsWith(INTERACTION_PATH)) return goOn(request, response, parts);
  const page = PAGES[`${request.method} ${pathname}`];
  if (page === undefined) return sendText(response, 404, 'There is LaunchPad at /launchpad, and ClassLink behind it.');
  if (request.method === 'POST' && !isOwnForm(request))
    return sendText(response, 403, 'Forms of other sites are refused.');
  await page(request, response, parts);
}

async function home(request: IncomingMessage, response: ServerResponse, parts: LaunchPadParts): Promise<void> {
  const found = await parts.sessions.find(request);
  if (found === null) return showSignIn(response, parts, 200, '', '');
  const { person, user } = found;
  const name = `${person.givenName} ${person.familyName}`;
  const model = {
    person: { name, role: person.role, district: person.tenantName, user },
    application: parts.applicationName,
    switchedOn: SWITCH_NAMES.filter((each) => parts.switches.isOn(each)),
  };
  sendPage(response, 200, launchPadPage(model));
}

async function showSignIn(
  response: ServerResponse,
  { people }: LaunchPadParts,
  status: number,
  request: string,
  problem: string,
): Promise<void> {
  const tenants = await Promise.all(
    (await people.tenants()).map(async ({ tenantId, name }) => ({
      tenantId,
      name,
      people: (await people.some(tenantId)).map((person) => ({
        user: person.sourcedId,
        name: `${person.givenName} ${person.familyName}`,
        role: person.role,
      })),
    })),
  );
  sendPage(response, status, signInPage({ tenants, request, problem }));
}

/** Form: `user` (sourcedId or username), `tenant` (ClassLink's number or our slug of a district), `request` (who waits). */
async function signIn(request: IncomingMessage, response: ServerResponse, parts: LaunchPadParts): Promise<void> {
  const form = await readForm(request);
  const user = (form.get('user') ?? '').trim();
  const waiting = /^[\w-]{1,64}$/.exec(form.get('request') ?? '')?.[0] ?? '';
  const tenantId = await tenantOf(parts.people, (form.get('tenant') ?? '').trim());
  if (user === '' || user.length > 300 || tenantId === null) {
    const problem = 'Say who (a sourcedId or username) and which tenant (its number).';
    if (wantsJson(request)) return sendJson(response, 400, { signedIn: false, problem });
    return showSignIn(response, parts, 400, waiting, problem);
  }
  const sub = await parts.sessions.open(response, { tenantId, user });
  if (wantsJson(request)) return sendJson(response, 200, { signedIn: true, userId: Number(sub), tenantId, user });
  sendOn(response, waiting === '' ? '/launchpad' : `${INTERACTION_PATH}${waiting}`);
}

async function tenantOf(people: People, tenant: string): Promise<number | null> {
  if (/^\d{1,9}$/.test(tenant)) return Number(tenant);
  const found = (await people.tenants()).find(({ districtId }) => districtId === tenant);
  return found?.tenantId ?? null;
}

function signOut(request: IncomingMessage, response: ServerResponse, { sessions }: LaunchPadParts): void {
  sessions.close(request, response);
  sendOn(response, '/launchpad');
}

/** The click on the icon: the browser lands on the application's redirect URI with a code and no state. */
async function clickTile(request: IncomingMessage, response: ServerResponse, parts: LaunchPadParts): Promise<void> {
  const found = await parts.sessions.find(request);
  if (found === null) return showSignIn(response, parts, 401, '', 'Sign in first: the icon is on the page after it.');
  const target = new URL(parts.application.redirectUri);
  if (parts.switches.isOn('access-denied')) target.searchParams.set('error', 'access_denied');
  else {
    const code = await issueTileCode(parts.provider(), parts.application, found.sub, randomUUID());
    target.searchParams.set('code', code);
    target.searchParams.set('response_type', 'code');
  }
  response.writeHead(302, { location: target.href, 'cache-control': 'no-store' }).end();
}

/** An application asks who this is: whoever has signed in to LaunchPad, else whoever signs in now. */
async function goOn(request: IncomingMessage, response: ServerResponse, parts: LaunchPadParts): Promise<void> {
  const found = await parts.sessions.find(request);
  if (found === null) {
    return showSignIn(response, parts, 200, addressOf(request).pathname.slice(INTERACTION_PATH.length), '');
  }
  try {
    await parts.provider().interactionFinished(request, response, { login: { accountId: found.sub } });
  } catch {
    // Back button, or a restart of the stack: the request is over.
    sendOn(response, '/launchpad');
  }
}

function showSwitches(request: IncomingMessage, response: ServerResponse, { switches }: LaunchPadParts): void {
  const shown = SWITCH_NAMES.map((name) => ({ name, what: SWITCHES[name], on: switches.isOn(name) }));
  if (wantsJson(request)) sendJson(response, 200, switches.all());
  else sendPage(response, 200, switchesPage(shown));
}

/** Form: any number of `<switch>=on` and `<switch>=off`. An unknown one is refused, and nothing is switched then. */
async function setSwitches(request: IncomingMessage, response: ServerResponse, parts: LaunchPadParts): Promise<void> {
  const asked = [...(await readForm(request))].map(([name, value]) => ({ name: switchNamed(name), value }));
  for (const { name, value } of asked) {
    if (name === null || !/^(on|off|true|false)$/.test(value)) {
      return sendText(response, 400, `Send <switch>=on or <switch>=off. Switches: ${SWITCH_NAMES.join(', ')}.`);
    }
  }
  for (const { name, value } of asked) if (name !== null) parts.switches.set(name, value === 'on' || value === 'true');
  await parts.onSwitch();
  if (wantsJson(request)) return sendJson(response, 200, parts.switches.all());
  sendOn(response, '/launchpad/switches');
}
