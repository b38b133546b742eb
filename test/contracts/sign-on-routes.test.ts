import { ROUTES } from '../../lambdas/sso/routes.ts';
import { DEV_THROTTLES, SIGN_ON_ROUTES, signOnThrottles } from '../../lib/contracts/sign-on-routes.ts';

test('the routes that gateways know are those that the function answers', () => {
  const answered = Object.entries(ROUTES).flatMap(([path, { methods }]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect([...SIGN_ON_ROUTES].sort()).toEqual(answered.sort());
});

test.each([1, 50, 500])(
  '%d launches a second: whole numbers, two seconds in a bucket, two callbacks a launch',
  (launches) => {
    const throttles = signOnThrottles(launches);
    expect(throttles['GET /callback'].ratePerSecond).toBe(2 * throttles['GET /launch'].ratePerSecond);
    for (const { ratePerSecond, burst } of Object.values(throttles)) {
      expect(Number.isInteger(ratePerSecond) && ratePerSecond >= 1).toBe(true);
      expect(burst).toBe(2 * ratePerSecond);
    }
  },
);

test('dev lets a class of 30 launch at once', () => {
  expect(DEV_THROTTLES['GET /callback'].burst).toBeGreaterThanOrEqual(2 * 30);
  expect(DEV_THROTTLES['POST /token'].burst).toBeGreaterThanOrEqual(30);
});
