import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { cookieOf, setCookie } from '../http/answers.ts';
import { SESSION_COOKIE } from './openid-provider.ts';
import { type People, type Person, userIdOf } from './person.ts';
import type { Switches } from './switches.ts';

const LAUNCHPAD_COOKIE = 'launchpad';

/** Who somebody said they are when they signed in. */
interface Account {
  readonly tenantId: number;
  readonly user: string;
}

/** Who is signed in to LaunchPad, by browser, and the accounts that ever signed in, by ClassLink's own id. */
export interface LaunchPadSessions {
  /** Signs a browser in and answers the account's id. Ends its earlier session with ClassLink too. */
  open(response: ServerResponse, account: Account): Promise<string>;
  close(request: IncomingMessage, response: ServerResponse): void;
  /** The account of a browser and its id; null where nobody is signed in. */
  find(
    request: IncomingMessage,
  ): Promise<{ readonly sub: string; readonly person: Person; readonly user: string } | null>;
  /** The person of an account as the roster is now, with the sourcedId that ClassLink believes in. */
  person(sub: string): Promise<{ readonly person: Person; readonly sourcedId: string } | null>;
}

export function createLaunchPadSessions(people: People, switches: Switches): LaunchPadSessions {
  const browsers = new Map<string, Account>();
  const accounts = new Map<string, Account>();
  const personOf = async ({ tenantId, user }: Account) => people.find(tenantId, user);
  return {
    async open(response, account) {
      const sub = String(userIdOf(await personOf(account)));
      const id = randomBytes(16).toString('hex');
      browsers.set(id, account);
      accounts.set(sub, account);
      setCookie(response, LAUNCHPAD_COOKIE, id);
      setCookie(response, SESSION_COOKIE, '');
      return sub;
    },
    close(request, response) {
      browsers.delete(cookieOf(request, LAUNCHPAD_COOKIE) ?? '');
      setCookie(response, LAUNCHPAD_COOKIE, '');
      setCookie(response, SESSION_COOKIE, '');
    },
    async find(request) {
      const account = browsers.get(cookieOf(request, LAUNCHPAD_COOKIE) ?? '');
      if (account === undefined) return null;
      const person = await personOf(account);
      const sub = String(userIdOf(person));
      accounts.set(sub, account);
      return { sub, person, user: account.user };
    },
    async person(sub) {
      const account = accounts.get(sub);
      if (account === undefined) return null;
      const person = await personOf(account);
      return { person, sourcedId: believedId(person, switches) };
    },
  };
}

function believedId({ sourcedId, oldSourcedId }: Person, switches: Switches): string {
  if (switches.isOn('blank-sourced-id')) return '';
  return switches.isOn('old-sourced-id') ? oldSourcedId : sourcedId;
}
