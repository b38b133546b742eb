import { signOnPage } from './sign-on-frame.ts';
import { escapeHtml } from './start-page.ts';

/** Whom the page asks, and for what. */
export interface ConfirmPageModel {
  /** First name and initial. */
  readonly person: string;
  readonly product: string;
  readonly csrf: string;
}

/** "Continue as Maria G.?" (R19, `tile: confirm`): one button, no script. */
export const confirmPage = ({ person, product, csrf }: ConfirmPageModel): string =>
  signOnPage(
    `Continue as ${person}?`,
    `<p>You are about to open ${escapeHtml(product)}. If this is not you, close this page and sign out of LaunchPad.</p>
<form method="post" action="/callback">
<input type="hidden" name="csrf" value="${escapeHtml(csrf)}">
<button type="submit">Continue</button>
</form>`,
  );

/** What the page about a logout needs. */
export interface SignOutPageModel {
  readonly csrf: string;
  /** The product, for whoever wants to stay signed in; null where nobody knows it any more. */
  readonly home: string | null;
}

/** A logout that nobody can be seen to have asked for: one button, a way back, no script. */
export const signOutPage = ({ csrf, home }: SignOutPageModel): string =>
  signOnPage(
    'Sign out of this app?',
    `<p>If you did not ask for this, stay signed in: nothing happens.</p>
<form method="post" action="/logout">
<input type="hidden" name="csrf" value="${escapeHtml(csrf)}">
<button type="submit">Sign out</button>
</form>
<p>${home === null ? 'To stay signed in, close this page.' : `<a href="${escapeHtml(home)}">Stay signed in</a>`}</p>`,
  );

/** After a logout that has nowhere to go back to. */
export const signedOutPage = (): string =>
  signOnPage(
    'You are signed out of this app',
    '<p>LaunchPad is still open. If other people use this computer, sign out there too.</p>',
  );
