import { expectNothingBroken } from './expect-nothing-broken.ts';

test('whatever is sent: no crash, no hang, a place for every finding, and damaged rows change nothing (seed 1)', () =>
  expectNothingBroken(1, 10_500));
