import { makeWatchHandler, WatchFailed } from '../../lambdas/watch/handler.ts';
import { logEvents } from '../../lib/adapters/events/log-events.ts';
import { createJsonLog } from '../../lib/adapters/log/json-log.ts';
import { CEDAR, MAPLE, WatchWorld } from '../flows/watch/watch-world.ts';

let world: WatchWorld;
let lines: Record<string, unknown>[];
const ports = () => {
  const logger = createJsonLog((line) => lines.push(JSON.parse(line)));
  return { ...world.ports, events: logEvents(logger, world.events), logger };
};
const event = { source: 'aws.events' };

beforeEach(async () => {
  lines = [];
  world = new WatchWorld();
  await world.district(MAPLE);
});

test('events are lines of the log: the type, our own ids, codes and counts (R22)', async () => {
  world.hold(MAPLE, 's-1');
  world.wait(24 * 60);
  await makeWatchHandler(ports())(event, { awsRequestId: 'r-1' });
  expect(lines).toEqual([
    {
      level: 'info',
      message: 'rollcall.sync.held',
      districtId: MAPLE,
      syncId: 's-1',
      codes: ['removals', 'row-drop'],
      waitingDays: 1,
      changes: {},
      findings: { error: 0, warning: 0, info: 0 },
    },
    {
      ...{ level: 'info', message: 'watch-district', outcome: 'needs-eyes', districtId: MAPLE },
      ...{ held: 1, late: false, failed: false, stale: true, syncedAt: null },
    },
    {
      ...{ level: 'info', message: 'watch', outcome: 'done', districts: 1, openSets: 0, told: 1 },
      ...{ heldNow: 1, lateNow: 0, failedNow: 0, staleNow: 1 },
    },
  ]);
});

test('a district that needs nobody has no line, and the numbers are there all the same', async () => {
  await world.deliver(MAPLE);
  await makeWatchHandler(ports())(event, { awsRequestId: 'r-1' });
  expect(lines).toMatchObject([{ message: 'watch', districts: 1, heldNow: 0, lateNow: 0, failedNow: 0, staleNow: 0 }]);
});

test('a district that cannot be looked at is logged by its id, the others are looked at, and the call fails', async () => {
  await world.district(CEDAR);
  world.setState(CEDAR, { applyingSyncId: 's-2' });
  const { ledger } = world.ports;
  const broken = { ...ports(), ledger: { ...ledger, openSets: (id: string) => fail(id) } };
  const fail = (id: string) => (id === MAPLE ? Promise.reject(new Error('home/maple/users.csv')) : ledger.openSets(id));
  await expect(makeWatchHandler(broken)(event, { awsRequestId: 'r-1' })).rejects.toThrow(WatchFailed);
  expect(lines).toMatchObject([
    { message: 'rollcall.sync.resumed', districtId: CEDAR, syncId: 's-2' },
    { level: 'error', message: 'watch', districtId: MAPLE, error: 'Error' },
    { message: 'watch-district', districtId: expect.any(String) },
    { message: 'watch-district', districtId: expect.any(String) },
    { message: 'watch', outcome: 'failed', districts: 2, told: 1 },
  ]);
  expect(JSON.stringify(lines)).not.toContain('users.csv');
});
