import { DISTRICT } from '../flow-world.ts';
import { type CrashAt, crashingPorts } from './crashing-ports.ts';
import { LeavingWorld } from './leaving-world.ts';

/** Off-boards with a worker that ends at a call; says whether it came to that call, and demands the law. */
async function offboardCrashing(at: CrashAt, timeLeft: () => number): Promise<boolean> {
  const world = await LeavingWorld.open(false);
  const before = world.snapshotOfOther();
  const { ports, calls } = crashingPorts(world.ports, at);
  await world.ports.purges.sendPurge(await world.order(), 0);
  await world.run(ports, timeLeft);
  const departure = await world.departure();
  expect({ at, left: await world.leftOf(DISTRICT), other: world.snapshotOfOther() }).toEqual({
    at,
    left: {},
    other: before,
  });
  expect(departure).toMatchObject({ goneAt: expect.any(String), sweptAt: expect.any(String) });
  // The certificate says what there was, whoever counted it and however often.
  expect(departure?.found).toMatchObject({ rows: { user: 3, delivery: 2, sync: 1 }, objects: { deliveries: 2 } });
  return calls() >= at.call;
}

/** With the whole time at every call; in slices of one batch, where there are many times more, at some of them. */
const TIMES: readonly (readonly [string, () => number, number])[] = [
  ['at one go', () => 900_000, 1],
  ['in slices of one batch', () => 0, 13],
];

describe.each(TIMES)('R15: a worker that ends at a call, %s', (_, timeLeft, step) => {
  test.each(['before', 'after'] as const)(
    '%s it',
    async (when) => {
      let call = 1;
      while (await offboardCrashing({ call, when }, timeLeft)) call += step;
      expect(call).toBeGreaterThan(50);
    },
    120_000,
  );
});
