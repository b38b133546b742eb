import { standInPage } from './stand-in-page.ts';
import { escapeHtml } from './start-page.ts';

/** What the product shows of somebody who is signed in. */
export interface ProductPageModel {
  readonly product: string;
  readonly name: string;
  readonly role: string;
  readonly schools: readonly { readonly sourcedId: string; readonly name: string }[];
  readonly classes: readonly { readonly sourcedId: string; readonly title: string }[];
  readonly sub: string;
  readonly district: string;
}

/** The product after a launch: who is here, with no form to fill. */
export function productPage(model: ProductPageModel): string {
  const schools = model.schools.map(({ sourcedId, name }) => item(name, sourcedId));
  const classes = model.classes.map(({ sourcedId, title }) => item(title, sourcedId));
  return standInPage(
    model.product,
    `${brand(model.product)}<form method="post" action="/sign-out"><button>Sign out</button></form>`,
    `<h1>Welcome, ${escapeHtml(model.name)}</h1>
<dl>
<dt>Role</dt><dd id="role">${escapeHtml(model.role)}</dd>
<dt>School</dt><dd id="schools">${list(schools)}</dd>
<dt>Classes</dt><dd id="classes">${list(classes)}</dd>
<dt>Product id</dt><dd><code>${escapeHtml(model.sub)}</code></dd>
<dt>District</dt><dd><code>${escapeHtml(model.district)}</code></dd>
</dl>
<p class="hint">Role and schools come from the access token; the name and the classes were read from the roster by its <code>sub</code>.</p>`,
  );
}

/** Why nobody is signed in. */
const REASONS = {
  'signed-out': ['You are not signed in', 'Open the app from LaunchPad: nothing needs to be typed.'],
  ended: ['Your session has ended', 'If you still use this app, open it again from LaunchPad.'],
  failed: ['Signing in did not work', 'Open the app again from LaunchPad.'],
  unreachable: ['Please wait a moment', 'We cannot check who you are just now. Reload this page in a minute.'],
} as const;

/** The product without anybody. */
export function productSignedOutPage(model: {
  readonly product: string;
  readonly launchPadUrl: string;
  readonly why: keyof typeof REASONS;
}): string {
  const [title, what] = REASONS[model.why];
  return standInPage(
    `${title} – ${model.product}`,
    brand(model.product),
    `<h1>${title}</h1>
<p>${what}</p>
<p><a href="${escapeHtml(model.launchPadUrl)}">Go to LaunchPad</a></p>`,
  );
}

const brand = (product: string): string =>
  `<p><span class="brand">${escapeHtml(product)}</span> <span class="hint">stand-in on this machine</span></p>`;

const item = (name: string, sourcedId: string): string =>
  `<li>${escapeHtml(name)} <code class="hint">${escapeHtml(sourcedId)}</code></li>`;

const list = (items: readonly string[]): string => (items.length === 0 ? 'None' : `<ul>${items.join('')}</ul>`);
