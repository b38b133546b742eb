import { DENIALS, type DenialCode } from '../core/sso/denials.ts';
import { signOnPage } from './sign-on-frame.ts';
import { escapeHtml } from './start-page.ts';

/** What a person sees who was not signed in: why, what to do, and a reference for support. Nothing about them (R22). */
export function denialPage(code: DenialCode, reference: string): string {
  const { title, help } = DENIALS[code];
  return signOnPage(
    title,
    `<p>${escapeHtml(help)}</p>
<p class="code">Code for your school: <code>${escapeHtml(reference)}</code></p>`,
  );
}
