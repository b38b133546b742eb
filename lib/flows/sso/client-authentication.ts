import type { ProductClient } from '../../core/sso/product-client.ts';
import { type Answer, parameter, type SsoRequest } from './exchange.ts';
import type { SsoPorts } from './sso-ports.ts';

/** An error of the token and revocation endpoints (RFC 6749 §5.2). */
export function oauthError(status: number, error: string, says: string): Extract<Answer, { kind: 'json' }> {
  const challenge = status === 401 ? { headers: { 'www-authenticate': 'Basic realm="rollcall"' } } : {};
  return { kind: 'json', status, body: { error, error_description: says }, ...challenge, facts: { code: error } };
}

/**
 * Who calls: a registered client with its secret, by HTTP Basic or in the form, not both (RFC 6749 §2.3.1). An unknown
 * client and a wrong secret take the same time and get the same answer.
 */
export async function authenticateClient(ports: SsoPorts, request: SsoRequest): Promise<ProductClient | null> {
  const given = credentialsOf(request);
  const { clientSecretHashes } = await ports.secrets.read();
  const client = given && ports.stage.clients.find(given.clientId);
  const known = client && Object.hasOwn(clientSecretHashes, client.clientId) ? clientSecretHashes[client.clientId] : [];
  const hash = ports.chance.hash(given?.secret ?? '');
  // Compared with something in any case, and with every hash: the time says nothing.
  const equal = [...(known ?? []), ''].map((each) => ports.chance.equal(hash, each));
  return client && equal.includes(true) ? client : null;
}

interface Credentials {
  readonly clientId: string;
  readonly secret: string;
}

function credentialsOf({ headers, form }: SsoRequest): Credentials | null {
  const formId = parameter(form, 'client_id');
  const formSecret = parameter(form, 'client_secret');
  const authorization = headers['authorization'];
  if (authorization === undefined) return formSecret === '' ? null : { clientId: formId, secret: formSecret };
  const basic = /^Basic ([A-Za-z0-9+/]{1,2000}={0,2})$/i.exec(authorization)?.[1];
  if (basic === undefined || formSecret !== '') return null;
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(base64Decoded(basic)) ?? [];
  if (id === undefined || secret === undefined) return null;
  const clientId = formDecoded(id);
  return formId === '' || formId === clientId ? { clientId, secret: formDecoded(secret) } : null;
}

/** '' for what is no base64: 4 n + 1 characters, for one. */
function base64Decoded(text: string): string {
  try {
    return atob(text);
  } catch {
    return '';
  }
}

/** RFC 6749 appendix B: both halves are form-urlencoded before they are joined. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return '';
  }
}
