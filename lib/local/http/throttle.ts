import type { ThrottleLimit } from '../../contracts/sign-on-routes.ts';

/** Makes the bucket of one route. True: the call may go on. `nowMillis` never goes back. */
export function createThrottle({ ratePerSecond, burst }: ThrottleLimit): (nowMillis: number) => boolean {
  let tokens = burst;
  let last = Number.NEGATIVE_INFINITY;
  return (nowMillis) => {
    if (last !== Number.NEGATIVE_INFINITY)
      tokens = Math.min(burst, tokens + ((nowMillis - last) / 1000) * ratePerSecond);
    last = nowMillis;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
