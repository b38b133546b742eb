import { standInPage } from './stand-in-page.ts';
import { escapeHtml } from './start-page.ts';

/** What the LaunchPad page shows. */
export interface LaunchPadModel {
  readonly person: { readonly name: string; readonly role: string; readonly district: string; readonly user: string };
  /** Name of the vendor's application. */
  readonly application: string;
  /** Names of the failures that are switched on. */
  readonly switchedOn: readonly string[];
}

/** LaunchPad as somebody who has signed in sees it: icons. One of them is ours. */
export function launchPadPage({ person, application, switchedOn }: LaunchPadModel): string {
  return standInPage(
    'LaunchPad (stand-in)',
    `${BRAND}<form method="post" action="/launchpad/sign-out"><button>Sign out of LaunchPad</button></form>`,
    `<h1>Hello, ${escapeHtml(person.name)}</h1>
<p class="hint">${escapeHtml(person.role)} in ${escapeHtml(person.district)}, login <code>${escapeHtml(person.user)}</code></p>
${failures(switchedOn)}
<h2 id="apps">My apps</h2>
<ul class="tiles" aria-labelledby="apps">
<li><a class="tile" href="/launchpad/tile">${ICON}<span>${escapeHtml(application)}</span></a></li>
</ul>
<p class="hint"><a href="/launchpad/switches">Make something fail</a></p>`,
  );
}

function failures(switchedOn: readonly string[]): string {
  if (switchedOn.length === 0) return '';
  const names = switchedOn.map((name) => `<code>${escapeHtml(name)}</code>`).join(', ');
  return `<p class="note">Switched on: ${names}. <a href="/launchpad/switches">Change</a></p>`;
}

/** Says on every page that this is not ClassLink. */
export const BRAND = '<p><span class="brand">LaunchPad</span> <span class="hint">stand-in on this machine</span></p>';

const ICON = `<svg viewBox="0 0 64 64" aria-hidden="true" focusable="false"><rect width="64" height="64" rx="14" fill="#1f5fbf"/><path d="M14 20c8-3 14-2 18 3v26c-4-5-10-6-18-3zM50 20c-8-3-14-2-18 3v26c4-5 10-6 18-3z" fill="#fff"/></svg>`;
