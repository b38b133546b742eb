import { writeProductClients } from '../contracts/registered-products.ts';
import type { SsoSettings } from './sso-settings.ts';

/** What an account has in a Region, all its APIs together; one route never gets more. */
const ACCOUNT_LIMIT = { ratePerSecond: 10_000, burst: 5_000 };
const HOST_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const HTTPS = /^https:\/\/[a-z0-9.-]+(:\d{1,5})?(\/[A-Za-z0-9._~/-]*)?$/;

/** What is wrong with the sign-on's part of a stage's settings; `checkStageSettings` says it with the rest. */
export function ssoFaults(sso: SsoSettings, region: string): readonly string[] {
  const layer = `^arn:aws:lambda:${region}:\\d{12}:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:\\d+$`;
  const faults = [
    ...domainFaults(sso, region),
    ...classLinkFaults(sso),
    ...productFaults(sso),
    ...throttleFaults(sso),
    ...concurrencyFaults(sso),
    ...(new RegExp(layer).test(sso.secretsExtensionArn)
      ? []
      : [`secretsExtensionArn: the extension's layer for arm64 in ${region}, with its version`]),
    ...(sso.size.timeoutSeconds < 29 ? [] : ['size.timeoutSeconds: below 29, when API Gateway gives up']),
  ];
  return faults.map((fault) => `sso.${fault}`);
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
