import { type RegisteredProduct, writeProductClients } from '../contracts/registered-products.ts';
import { DEV_THROTTLES, type SignOnThrottles, signOnThrottles } from '../contracts/sign-on-routes.ts';
import type { WorkerSettings } from './stage-settings.ts';

/** What a stage decides about its sign-on. */
export interface SsoSettings {
  /**
   * The name that people's browsers see, and so our issuer; its certificate is in the stage's Region. Null: the name that
   * API Gateway gives, for a stage that nobody has registered yet. Changing it signs everybody out.
   */
  readonly domain: { readonly hostName: string; readonly certificateArn: string } | null;
  /** ClassLink's addresses and its exact `iss`. */
  readonly classLink: {
    readonly issuer: string;
    readonly authorizeUrl: string;
    readonly tokenUrl: string;
    readonly jwksUrl: string;
    readonly infoUrl: string;
  };
  /** Who may sign people in with us. The first one is the default. */
  readonly products: readonly RegisteredProduct[];
  /** What a tile click with a code of its own leads to (R19). */
  readonly tile: 'restart' | 'confirm';
  readonly throttles: SignOnThrottles;
  readonly size: Omit<WorkerSettings, 'concurrency'>;
  /** So many calls at once and no more, kept free for this function. Null: what the account has left. */
  readonly reservedConcurrency: number | null;
  /** So many functions kept warm. 0: none. */
  readonly provisionedConcurrency: number;
  /**
   * AWS's layer with the Parameters and Secrets extension for arm64. AWS publishes it from another account in each
   * Region and lists the newest version in its manual; this one was recorded, not looked up (docs/operations.md).
   */
  readonly secretsExtensionArn: string;
}

/** One ClassLink for all districts and all stages (facts: its OpenID configuration). */
const CLASSLINK: SsoSettings['classLink'] = {
  issuer: 'https://launchpad.classlink.com',
  authorizeUrl: 'https://launchpad.classlink.com/oauth2/v2/auth',
  tokenUrl: 'https://launchpad.classlink.com/oauth2/v2/token',
  jwksUrl: 'https://launchpad.classlink.com/oauth2/v2/jwks',
  infoUrl: 'https://nodeapi.classlink.com/v2/my/info',
};

/** A product whose pages are all on one host. */
const productAt = (origin: string): RegisteredProduct => ({
  clientId: 'imagine',
  name: 'Imagine Language & Literacy',
  redirectUris: [`${origin}/sign-on/callback`],
  initiateLoginUri: `${origin}/sign-on`,
  postLogoutRedirectUris: [`${origin}/`],
});

const SHARED = {
  classLink: CLASSLINK,
  tile: 'restart',
  // A whole vCPU: a cold start is work for the processor. 28 s: three calls to ClassLink at 5 s each, and the table; API
  // Gateway gives up at 29 s.
  size: { memoryMegabytes: 1769, timeoutSeconds: 28, scratchMegabytes: 512 },
  secretsExtensionArn:
    'arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:17',
} as const;

/** For `dev`: API Gateway's own name, no students. An account that is new may have ten functions at once in all. */
export const DEV_SSO: SsoSettings = {
  ...SHARED,
  domain: null,
  products: [productAt('https://dev.product.example')],
  throttles: DEV_THROTTLES,
  reservedConcurrency: null,
  provisionedConcurrency: 0,
};

/**
 * For `prod`. 500 launches a second are a district of 100,000 in three and a half minutes. Each keeps a function for about a
 * second, most of it waiting for ClassLink; the rest of the calls take 10 ms: 500 × 1 + 3,000 × 0.01 = 530 at once.
 * Host names and certificate stand for the real ones, as the account does.
 */
export const prodSso = (account: string): SsoSettings => ({
  ...SHARED,
  domain: {
    hostName: 'sign-on.rollcall.example',
    certificateArn: `arn:aws:acm:us-east-1:${account}:certificate/00000000-0000-0000-0000-000000000000`,
  },
  products: [productAt('https://product.example')],
  throttles: signOnThrottles(500),
  reservedConcurrency: 600,
  provisionedConcurrency: 10,
});

/** What an account has in a Region, all its APIs together; one route never gets more. */
const ACCOUNT_LIMIT = { ratePerSecond: 10_000, burst: 5_000 };
const HOST_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const HTTPS = /^https:\/\/[a-z0-9.-]+(:\d{1,5})?(\/[A-Za-z0-9._~/-]*)?$/;

/**
 * Checks what a person wrote into the settings of a stage, so that a slip fails the synth with its name and not the
 * deployment, or the first launch.
 *
 * @throws Error that lists every fault
 */
export function checkSsoSettings(sso: SsoSettings, region: string): SsoSettings {
  const faults = [
    ...domainFaults(sso, region),
    ...classLinkFaults(sso),
    ...productFaults(sso),
    ...throttleFaults(sso),
    ...concurrencyFaults(sso),
  ];
  const layer = `^arn:aws:lambda:${region}:\\d{12}:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:\\d+$`;
  if (!new RegExp(layer).test(sso.secretsExtensionArn))
    faults.push(`secretsExtensionArn: the extension's layer for arm64 in ${region}, with its version`);
  if (sso.size.timeoutSeconds >= 29) faults.push('size.timeoutSeconds: below 29, when API Gateway gives up');
  if (faults.length > 0) throw new Error(`settings of the sign-on:\n  ${faults.join('\n  ')}`);
  return sso;
}

function domainFaults({ domain }: SsoSettings, region: string): string[] {
  if (domain === null) return [];
  const certificate = new RegExp(`^arn:aws:acm:${region}:\\d{12}:certificate/[0-9a-f-]{36}$`);
  return [
    ...(HOST_NAME.test(domain.hostName) ? [] : ['domain.hostName: a host name in lower case, without https://']),
    ...(certificate.test(domain.certificateArn) ? [] : [`domain.certificateArn: a certificate of ACM in ${region}`]),
  ];
}

function classLinkFaults({ classLink }: SsoSettings): string[] {
  const wrong = Object.entries(classLink).filter(([, address]) => !HTTPS.test(address) || address.endsWith('/'));
  return wrong.map(([name]) => `classLink.${name}: an https address without a slash at the end`);
}

function productFaults({ products }: SsoSettings): string[] {
  try {
    writeProductClients(products);
  } catch (error) {
    return [`products: ${error instanceof Error ? error.message : 'not readable'}`];
  }
  // The function takes http on a loopback name, for the local stack; a stage on AWS has no such product.
  return products.flatMap(({ clientId, redirectUris, initiateLoginUri, targetLinkUri, postLogoutRedirectUris = [] }) =>
    [...redirectUris, initiateLoginUri, targetLinkUri ?? initiateLoginUri, ...postLogoutRedirectUris].every((address) =>
      address.startsWith('https://'),
    )
      ? []
      : [`products: ${clientId}: an address is not https`],
  );
}

function throttleFaults({ throttles }: SsoSettings): string[] {
  const within = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most;
  return Object.entries(throttles).flatMap(([route, { ratePerSecond, burst }]) =>
    within(ratePerSecond, ACCOUNT_LIMIT.ratePerSecond) && within(burst, ACCOUNT_LIMIT.burst)
      ? []
      : [`throttles: ${route}: whole numbers from 1 to ${ACCOUNT_LIMIT.ratePerSecond} and ${ACCOUNT_LIMIT.burst}`],
  );
}

function concurrencyFaults({
  reservedConcurrency: reserved,
  provisionedConcurrency: provisioned,
}: SsoSettings): string[] {
  const whole = (value: number, least: number) => Number.isInteger(value) && value >= least;
  return [
    // 0 would be a function that never runs.
    ...(reserved === null || whole(reserved, 1) ? [] : ['reservedConcurrency: null, or 1 and more']),
    ...(whole(provisioned, 0) && provisioned <= (reserved ?? provisioned)
      ? []
      : ['provisionedConcurrency: 0 and more, and not more than what is reserved']),
  ];
}
