import type { RegisteredProduct } from '../contracts/registered-products.ts';
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
