/** A product that may sign people in with us: a confidential client, registered by the stage's settings (design §5). */
export interface ProductClient {
  readonly clientId: string;
  /** For people: on the page that asks "Continue as …?". */
  readonly name: string;
  /** Compared whole, as text. */
  readonly redirectUris: readonly string[];
  /** Where a launch is handed over (OpenID Connect Core 1.0 §4). */
  readonly initiateLoginUri: string;
  /** Sent along as `target_link_uri`. Default: the root of `initiateLoginUri`. */
  readonly targetLinkUri?: string;
  readonly postLogoutRedirectUris?: readonly string[];
}

/** The clients of a stage by their id. The first one is the default. */
export interface ProductClients {
  readonly all: readonly ProductClient[];
  find(clientId: string): ProductClient | null;
  /** The district's product; null where it names one that is not registered. */
  ofDistrict(clientId: string | null): ProductClient | null;
}

/**
 * Reads `PRODUCT_CLIENTS`. Addresses are https, or http on a loopback name; none has a fragment.
 *
 * @throws Error that names the client and the member, for a stage that was configured wrongly
 */
export function readProductClients(json: string): ProductClients {
  const given: unknown = JSON.parse(json);
  if (!Array.isArray(given) || given.length === 0) throw new Error('PRODUCT_CLIENTS: a list of at least one client');
  const all = given.map(readClient);
  const byId = new Map(all.map((client) => [client.clientId, client]));
  if (byId.size !== all.length) throw new Error('PRODUCT_CLIENTS: two clients have the same clientId');
  const find = (clientId: string) => byId.get(clientId) ?? null;
  return { all, find, ofDistrict: (clientId) => (clientId === null ? (all[0] ?? null) : find(clientId)) };
}

function readClient(value: unknown, index: number): ProductClient {
  const fault = (member: string): never => {
    throw new Error(`PRODUCT_CLIENTS: client ${index + 1}: ${member}`);
  };
  if (typeof value !== 'object' || value === null) return fault('not an object');
  const members = value as Record<string, unknown>;
  const text = (name: string): string => {
    const found = members[name];
    return typeof found === 'string' && /^[\x21-\x7e][\x20-\x7e]{0,199}$/.test(found) ? found : fault(name);
  };
  const uris = (name: string): string[] => {
    const found = members[name] ?? [];
    if (!Array.isArray(found)) return fault(name);
    return found.map((each) => (isAddress(each) ? each : fault(name)));
  };
  const redirectUris = uris('redirectUris');
  if (redirectUris.length === 0) fault('redirectUris');
  const { initiateLoginUri, targetLinkUri } = members;
  if (!isAddress(initiateLoginUri)) return fault('initiateLoginUri');
  if (targetLinkUri !== undefined && !isAddress(targetLinkUri)) return fault('targetLinkUri');
  return {
    clientId: text('clientId'),
    name: text('name'),
    redirectUris,
    initiateLoginUri,
    ...(targetLinkUri === undefined ? {} : { targetLinkUri }),
    postLogoutRedirectUris: uris('postLogoutRedirectUris'),
  };
}

/** https://host/… or, for one machine, http on a loopback name. Printable ASCII, no user, no fragment. */
const ADDRESS =
  /^(https:\/\/[a-z0-9.-]+(:\d{1,5})?|http:\/\/(127\.0\.0\.1|([a-z0-9-]+\.)?localhost)(:\d{1,5})?)(\/[\x21\x24-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7e%]*)?$/i;

const isAddress = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 2000 && ADDRESS.test(value);

/** Scheme, host and port of a registered address. */
export const originOf = (address: string): string => /^[a-z]+:\/\/[^/?]+/i.exec(address)?.[0] ?? '';

/** Where the product's people start, signed in or not. */
export const homeOf = (client: ProductClient): string =>
  client.targetLinkUri ?? `${originOf(client.initiateLoginUri)}/`;

/** Where a launch goes on: third-party initiated login (OpenID Connect Core 1.0 §4). */
export function initiateLoginUrl(client: ProductClient, issuer: string): string {
  const mark = client.initiateLoginUri.includes('?') ? '&' : '?';
  const query = `iss=${encodeURIComponent(issuer)}&target_link_uri=${encodeURIComponent(homeOf(client))}`;
  return `${client.initiateLoginUri}${mark}${query}`;
}
