import { join } from 'node:path';
import type { TableClient } from '../adapters/dynamodb/table-client.ts';
import { createFileSecrets, ensureSecretFile, type LocalSecretFile } from '../adapters/secrets/file-secrets.ts';
import type { SsoSettingsOfStage } from '../flows/sso/sso-ports.ts';
import type { Logger } from '../ports/logger.ts';
import type { Secrets } from '../ports/sso/secrets.ts';
import { createRosterPeople } from './classlink/roster-people.ts';
import { CLASSLINK_HOSTS, classLinkAddresses, launchPadUrl, runClassLink } from './classlink/server.ts';
import { createGateway, type GatewayOptions } from './http/gateway.ts';
import { keepPorts, readKeptPorts } from './http/kept-ports.ts';
import { type LoopbackServer, openLoopback } from './http/loopback-server.ts';
import { SIGN_ON_GATEWAY_ROUTES } from './http/sign-on-routes.ts';
import { LOCAL } from './names.ts';
import { createProductRoster } from './product/roster.ts';
import { PRODUCT_HOST, productAddresses, runProduct } from './product/server.ts';

/** Where the parts of the sign-on listen; 0: where they did at the last start, else a free port. */
export interface SignOnPorts {
  readonly launchPad: number;
  readonly sso: number;
  readonly product: number;
}

/** Addresses of a running sign-on. */
export interface SignOnAddresses {
  /** LaunchPad's page. */
  readonly launchPad: string;
  /** Our issuer. */
  readonly sso: string;
  /** The product's page. */
  readonly product: string;
}

export interface SignOnOptions {
  readonly dataDir: string;
  readonly ports: SignOnPorts;
  readonly tableName: string;
  /** What the icon's own code leads to (R19). */
  readonly tile: SsoSettingsOfStage['tile'];
  readonly table: TableClient;
  readonly logger: Logger;
  /** Builds the sso function from its environment, as AWS would start it. */
  readonly makeHandler: (env: Readonly<Record<string, string>>, secrets: Secrets) => GatewayOptions['handler'];
}

/** A running sign-on: ClassLink, the sso function behind a gateway, the product. */
export interface SignOn {
  readonly addresses: SignOnAddresses;
  close(): Promise<void>;
}

const PRODUCT = LOCAL.product;

/** Cookies ignore ports and heed names, so each of the three has a name of its own (design §5). */
const SSO_HOST = '127.0.0.1';

/**
 * The product asks again after so long whether its user may still be there. Its token is good for ten minutes, but
 * whoever watches R21 here does not want to wait for that. Seconds.
 */
const RENEW_AFTER_SECONDS = 5;

/** Starts the three sites of a launch on 127.0.0.1, each under its own name. */
export async function startSignOn(options: SignOnOptions): Promise<SignOn> {
  const servers = await openServers(options);
  const close = async () => void (await Promise.all(Object.values(servers).map((server) => server.close())));
  try {
    const secretFile = join(options.dataDir, LOCAL.signOnSecretFile);
    const secret = await ensureSecretFile(secretFile, [PRODUCT.clientId], new Date());
    const addresses = {
      launchPad: launchPadUrl(servers.launchPad.port),
      sso: `http://${SSO_HOST}:${servers.sso.port}`,
      product: productAddresses(servers.product.port).home,
    };
    await answerAll(options, servers, addresses, secret, createFileSecrets(secretFile));
    return { addresses, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

type Servers = Readonly<Record<keyof SignOnPorts, LoopbackServer>>;

/** All ports first: each of the three must know where the others are. */
async function openServers({ dataDir, ports }: SignOnOptions): Promise<Servers> {
  const file = join(dataDir, 'ports.json');
  const kept = await readKeptPorts(file);
  const opened: LoopbackServer[] = [];
  const open = async (name: keyof SignOnPorts, hosts: readonly string[]) => {
    const lastPort = kept[name];
    const server = await openLoopback({ port: ports[name], hosts, ...(lastPort === undefined ? {} : { lastPort }) });
    opened.push(server);
    return server;
  };
  try {
    const launchPad = await open('launchPad', CLASSLINK_HOSTS);
    const sso = await open('sso', [SSO_HOST]);
    const product = await open('product', [PRODUCT_HOST]);
    await keepPorts(file, { launchPad: launchPad.port, sso: sso.port, product: product.port });
    return { launchPad, sso, product };
  } catch (thrown) {
    for (const server of opened) await server.close();
    throw thrown;
  }
}

async function answerAll(
  options: SignOnOptions,
  servers: Servers,
  addresses: SignOnAddresses,
  secret: LocalSecretFile,
  secrets: Secrets,
): Promise<void> {
  const { logger, table, tableName } = options;
  const product = productAddresses(servers.product.port);
  const onErrorOf = (name: string) => (thrown: unknown) => logger.error(name, thrown);
  await runClassLink(servers.launchPad, {
    application: { ...secret.classLink, redirectUri: `${addresses.sso}/callback` },
    applicationName: PRODUCT.name,
    people: createRosterPeople(table),
    onError: onErrorOf('launchpad'),
  });
  const env = {
    TABLE_NAME: tableName,
    ISSUER_URL: addresses.sso,
    SSO_SECRET_ID: LOCAL.signOnSecretFile,
    PRODUCT_CLIENTS: JSON.stringify([
      {
        ...PRODUCT,
        redirectUris: [product.redirectUri],
        initiateLoginUri: product.initiateLoginUri,
        postLogoutRedirectUris: [product.home],
      },
    ]),
    TILE: options.tile,
    ...classLinkAddresses(servers.launchPad.port),
  };
  const handler = options.makeHandler(env, secrets);
  servers.sso.answer(
    createGateway({ routes: SIGN_ON_GATEWAY_ROUTES, functionName: 'sso', handler, onError: onErrorOf('sso') }),
  );
  runProduct(servers.product, {
    ...PRODUCT,
    clientSecret: secret.standIns.clientSecrets[PRODUCT.clientId] ?? '',
    issuer: addresses.sso,
    launchPadUrl: addresses.launchPad,
    roster: createProductRoster(table),
    renewAfterSeconds: RENEW_AFTER_SECONDS,
    onError: onErrorOf('product'),
  });
}
