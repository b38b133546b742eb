import { BRAND } from './launchpad-page.ts';
import { standInPage } from './stand-in-page.ts';
import { escapeHtml } from './start-page.ts';

/** A failure of ClassLink that can be switched on. */
export interface ShownSwitch {
  readonly name: string;
  readonly what: string;
  readonly on: boolean;
}

/** What can go wrong with ClassLink, one button each. */
export function switchesPage(switches: readonly ShownSwitch[]): string {
  const rows = switches.map(
    ({ name, what, on }) => `<tr><th scope="row"><code>${escapeHtml(name)}</code></th><td>${escapeHtml(what)}</td>
<td class="${on ? 'on' : 'off'}">${on ? 'on' : 'off'}</td>
<td><button name="${escapeHtml(name)}" value="${on ? 'off' : 'on'}" aria-label="Switch ${on ? 'off' : 'on'} ${escapeHtml(name)}">Switch ${on ? 'off' : 'on'}</button></td></tr>`,
  );
  return standInPage(
    'Failures of ClassLink (stand-in)',
    `${BRAND}<p><a href="/launchpad">Back to LaunchPad</a></p>`,
    `<h1>Make something fail</h1>
<p>Each switch changes what this stand-in answers from now on, for everybody, until it is switched off or the stack stops.</p>
<form method="post" action="/launchpad/switches">
<table><thead><tr><th scope="col">switch</th><th scope="col">what happens</th><th scope="col">now</th><th scope="col">change</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>
</form>`,
  );
}
