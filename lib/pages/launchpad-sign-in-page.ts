import { BRAND } from './launchpad-page.ts';
import { standInPage } from './stand-in-page.ts';
import { escapeHtml } from './start-page.ts';

/** What the sign-in page of LaunchPad shows. */
export interface SignInModel {
  readonly tenants: readonly {
    readonly tenantId: number;
    readonly name: string;
    /** A few people to sign in as with one click. */
    readonly people: readonly { readonly user: string; readonly name: string; readonly role: string }[];
  }[];
  /** The request of an application that waits for somebody to sign in; blank for none. */
  readonly request: string;
  /** Why the last try failed; blank for none. */
  readonly problem: string;
}

/** Where one becomes anybody of any district: no passwords here. */
export function signInPage({ tenants, request, problem }: SignInModel): string {
  const hidden = request === '' ? '' : `<input type="hidden" name="request" value="${escapeHtml(request)}">`;
  const options = tenants.map(
    ({ tenantId, name }) => `<option value="${tenantId}">${escapeHtml(name)} (${tenantId})</option>`,
  );
  return standInPage(
    'Sign in to LaunchPad (stand-in)',
    BRAND,
    `<h1>Find your login</h1>
${problem === '' ? '' : `<p class="note" role="alert">${escapeHtml(problem)}</p>`}
<p>Sign in as anybody: no password is asked for. People of the roster are known by their sourcedId or username;
anybody else is somebody whom the district has not shared with the product.</p>
<form method="post" action="/launchpad/sign-in">
${hidden}
<label for="tenant">District (ClassLink tenant)</label>
<input id="tenant" name="tenant" list="tenants" required inputmode="numeric" value="${tenants[0]?.tenantId ?? ''}" aria-describedby="tenant-hint">
<datalist id="tenants">${options.join('')}</datalist>
<p class="hint" id="tenant-hint">The number of a tenant; one that no district has is possible too.</p>
<label for="user">Login</label>
<input id="user" name="user" required autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="user-hint">
<p class="hint" id="user-hint">A sourcedId or a username.</p>
<button class="main">Sign in</button>
</form>
${tenants.map((tenant) => peopleOf(tenant, hidden)).join('\n')}`,
  );
}

function peopleOf({ tenantId, name, people }: SignInModel['tenants'][number], hidden: string): string {
  const shown = [...people, { user: 'not-in-the-roster', name: 'Somebody else', role: 'not in the roster' }];
  const buttons = shown.map(
    (person) =>
      `<li><button name="user" value="${escapeHtml(person.user)}">${escapeHtml(person.name)} <span class="hint">${escapeHtml(person.role)}</span></button></li>`,
  );
  return `<h2>${escapeHtml(name)}</h2>
<form method="post" action="/launchpad/sign-in">
${hidden}<input type="hidden" name="tenant" value="${tenantId}">
<ul class="people">${buttons.join('')}</ul>
</form>`;
}
