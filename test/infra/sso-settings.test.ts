import { DEV_THROTTLES } from '../../lib/contracts/sign-on-routes.ts';
import { ssoFaults } from '../../lib/infra/check-sso-settings.ts';
import { DEV_SSO, prodSso, type SsoSettings } from '../../lib/infra/sso-settings.ts';

const PROD = prodSso('222222222222');
const [PRODUCT] = PROD.products;
if (!PRODUCT) throw new Error('no product');
const ARN = 'arn:aws:acm:us-east-1:222222222222:certificate/01234567-89ab-cdef-0123-456789abcdef';
const throttle = (ratePerSecond: number, burst: number) => ({
  throttles: { ...DEV_THROTTLES, 'POST /token': { ratePerSecond, burst } },
});

test.each([
  ['dev', DEV_SSO],
  ['prod', PROD],
])('%s: is as it should be', (_, settings) => {
  expect(ssoFaults(settings, 'us-east-1')).toEqual([]);
});

test.each<[string, Partial<SsoSettings>, RegExp]>([
  ['a scheme in the host name', { domain: { hostName: 'https://a.example', certificateArn: ARN } }, /domain\.hostName/],
  ['capitals in the host name', { domain: { hostName: 'A.example', certificateArn: ARN } }, /domain\.hostName/],
  [
    'a certificate of another Region',
    { domain: { hostName: 'a.example', certificateArn: ARN.replace('us-east-1', 'eu-west-1') } },
    /certificate of ACM in us-east-1/,
  ],
  ['an issuer with a slash', { classLink: { ...PROD.classLink, issuer: 'https://a.example/' } }, /classLink\.issuer/],
  [
    'a plain token endpoint',
    { classLink: { ...PROD.classLink, tokenUrl: 'http://a.example/t' } },
    /classLink\.tokenUrl/,
  ],
  ['no product', { products: [] }, /at least one client/],
  ['a product twice', { products: [PRODUCT, PRODUCT] }, /same clientId/],
  ['a wildcard', { products: [{ ...PRODUCT, redirectUris: ['https://*.a.example/'] }] }, /client 1: redirectUris/],
  ['a product on loopback', { products: [{ ...PRODUCT, redirectUris: ['http://127.0.0.1/'] }] }, /not https/],
  [
    'more products than an environment holds',
    { products: Array.from({ length: 20 }, (_, i) => ({ ...PRODUCT, clientId: `p-${i}` })) },
    /bytes, and a function's environment has room for/,
  ],
  ['a rate of nothing', throttle(0, 1), /throttles: POST \/token/],
  ['a burst above the account', throttle(1, 5_001), /throttles: POST \/token/],
  ['half a call', throttle(0.5, 1), /throttles: POST \/token/],
  ['a function that never runs', { reservedConcurrency: 0, provisionedConcurrency: 0 }, /reservedConcurrency/],
  ['more warm than reserved', { reservedConcurrency: 5, provisionedConcurrency: 6 }, /provisionedConcurrency/],
  ['the extension for x86', { secretsExtensionArn: PROD.secretsExtensionArn.replace('-Arm64', '') }, /for arm64/],
  ['no version of the extension', { secretsExtensionArn: PROD.secretsExtensionArn.replace(/:\d+$/, '') }, /version/],
  ['a function that outlives the answer', { size: { ...PROD.size, timeoutSeconds: 29 } }, /timeoutSeconds/],
])('refuses %s, and says so', (_, change, says) => {
  const faults = ssoFaults({ ...PROD, ...change }, 'us-east-1');
  expect(faults.join('\n')).toMatch(says);
  expect(faults.every((fault) => fault.startsWith('sso.'))).toBe(true);
});

test('says all faults at once', () => {
  const wrong = { ...PROD, reservedConcurrency: 0, provisionedConcurrency: 1, products: [] };
  expect(ssoFaults(wrong, 'us-east-1').map((fault) => fault.split(':')[0])).toEqual([
    'sso.products',
    'sso.reservedConcurrency',
    'sso.provisionedConcurrency',
  ]);
});
