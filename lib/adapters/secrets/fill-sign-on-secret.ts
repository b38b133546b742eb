import { readSignOnSecret, type SignOnSecret } from '../../core/sso/sign-on-secret.ts';
import { hashClientSecret, newClientSecret, newSignOnSecret } from './new-secret.ts';
import type { StageSecret } from './stage-secret.ts';

/** What became of a secret that was to be filled in. */
export type FillOutcome =
  | { readonly done: 'made'; readonly clientSecrets: Readonly<Record<string, string>> }
  /** There is one already, or something that is none. It was left as it is. */
  | { readonly done: 'filled-already' };

/** What became of a product's secrets; `count`: how many of its secrets count now. */
export type ProductOutcome =
  | { readonly done: 'added'; readonly clientSecret: string; readonly count: number }
  | { readonly done: 'removed'; readonly count: number }
  | { readonly done: 'two-already' | 'last-one' };

/** A product has the old secret and the new one while it changes. */
const MOST = 2;

/**
 * Fills a stage's sign-on secret on day 0: keys of our own, what ClassLink gave us, and a secret for each product, of which
 * only the hash is kept. `replace` throws a filled one away, and all sessions with it. Failure: `SecretChanged`.
 */
export const fillSignOnSecret = (
  secret: StageSecret,
  given: {
    readonly classLink: SignOnSecret['classLink'];
    readonly products: readonly string[];
    readonly replace: boolean;
  },
  now: Date,
): Promise<FillOutcome> =>
  secret.change<FillOutcome>((text) => {
    if (!given.replace && !isPlaceholder(text)) return { text: null, outcome: { done: 'filled-already' } };
    const { secret: made, clientSecrets } = newSignOnSecret(given.products, now, given.classLink);
    return { text: JSON.stringify(made), outcome: { done: 'made', clientSecrets } };
  });

/** Whether nobody has filled it in yet: then it is what the stack has made (lib/infra/kept-secret.ts). */
export function isPlaceholder(text: string): boolean {
  try {
    return (JSON.parse(text) as { readonly state?: unknown }).state === 'not filled in';
  } catch {
    return false;
  }
}

/** Puts in what ClassLink gave us anew. Our own keys stay, so nobody is signed out. Failure: `SecretChanged`. */
export const changeClassLink = (secret: StageSecret, classLink: SignOnSecret['classLink']): Promise<void> =>
  secret.change<void>((text) => ({ text: edited(text, { classLink }), outcome: undefined }));

/** Makes one more secret for a product; the old one counts until it is removed. Failure: `SecretChanged`. */
export const addProductSecret = (secret: StageSecret, clientId: string): Promise<ProductOutcome> =>
  secret.change<ProductOutcome>((text) => {
    const { clientSecretHashes } = readSignOnSecret(text);
    const before = clientSecretHashes[clientId] ?? [];
    if (before.length >= MOST) return { text: null, outcome: { done: 'two-already' } };
    const clientSecret = newClientSecret();
    const hashes = { ...clientSecretHashes, [clientId]: [...before, hashClientSecret(clientSecret)] };
    const outcome = { done: 'added', clientSecret, count: before.length + 1 } as const;
    return { text: edited(text, { clientSecretHashes: hashes }), outcome };
  });

/** Takes the oldest secret of a product out; the last one stays, as without it nobody could sign in. Failure: `SecretChanged`. */
export const removeProductSecret = (secret: StageSecret, clientId: string): Promise<ProductOutcome> =>
  secret.change<ProductOutcome>((text) => {
    const { clientSecretHashes } = readSignOnSecret(text);
    const [, ...left] = clientSecretHashes[clientId] ?? [];
    if (left.length === 0) return { text: null, outcome: { done: 'last-one' } };
    const hashes = { ...clientSecretHashes, [clientId]: left };
    return { text: edited(text, { clientSecretHashes: hashes }), outcome: { done: 'removed', count: left.length } };
  });

/** Members of the secret that this version does not know stay. */
const edited = (text: string, change: Partial<SignOnSecret>): string =>
  JSON.stringify({ ...(JSON.parse(text) as object), ...change });
