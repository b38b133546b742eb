import { isLate } from '../../../lib/core/district/calendar.ts';
import { CEDAR, MAPLE, SCHOOL_NIGHTS, WatchWorld } from './watch-world.ts';

let world: WatchWorld;
const open = (calendar: object | null, more: object = {}) => world.district(MAPLE, { calendar, ...more });
const LATE = 'maple-unified rollcall.sync.late';

beforeEach(() => {
  world = new WatchWorld();
});

describe('R17: late', () => {
  test('a missed night is told once, when its grace is over', async () => {
    await open(SCHOOL_NIGHTS);
    await world.watchUntil('2026-11-23T09:29:00Z');
    expect(world.told()).toEqual([]);
    await world.watchUntil('2026-11-23T09:30:00Z');
    expect(world.events.emitted).toEqual([
      {
        type: 'rollcall.sync.late',
        districtId: MAPLE,
        localDate: '2026-11-23',
        expectedAt: '2026-11-23T07:30:00.000Z',
        dueAt: '2026-11-23T09:30:00.000Z',
      },
    ]);
    world.told();
    await world.watchUntil('2026-11-24T09:15:00Z');
    expect(world.told()).toEqual([]);
  });

  test('each further miss is told, and weekends are none', async () => {
    await open(SCHOOL_NIGHTS);
    await world.watchUntil('2026-12-01T12:00:00Z');
    const days = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-30', '2026-12-01'];
    expect(world.told()).toEqual(days.map((day) => `${LATE} ${day}`));
  });

  test('holidays and blackouts are no misses, and a delivery on the others is none', async () => {
    const holidays = ['2026-11-26', '2026-11-27'];
    await open({ ...SCHOOL_NIGHTS, holidays, blackouts: [{ from: '2026-12-01', to: '2026-12-31' }] });
    for (const day of ['2026-11-23', '2026-11-25', '2026-11-30']) {
      await world.watchUntil(`${day}T08:00:00Z`);
      await world.deliver(MAPLE);
    }
    await world.watchUntil('2026-12-06T12:00:00Z');
    expect(world.told()).toEqual([`${LATE} 2026-11-24`]);
  });

  test('what comes within the grace, or in the evening before, is not late', async () => {
    await open(SCHOOL_NIGHTS);
    await world.watchUntil('2026-11-23T09:25:00Z');
    await world.deliver(MAPLE);
    await world.watchUntil('2026-11-24T02:00:00Z');
    await world.deliver(MAPLE);
    await world.watchUntil('2026-11-24T20:00:00Z');
    expect(world.told()).toEqual([]);
  });

  test('what came late for one day does not count for the next', async () => {
    await open(SCHOOL_NIGHTS);
    await world.watchUntil('2026-11-23T15:00:00Z');
    await world.deliver(MAPLE);
    await world.watchUntil('2026-11-24T12:00:00Z');
    expect(world.told()).toEqual([`${LATE} 2026-11-23`, `${LATE} 2026-11-24`]);
  });

  test('a dry run, an open set and one that never became whole are no delivery', async () => {
    await open(SCHOOL_NIGHTS);
    await world.watchUntil('2026-11-23T08:00:00Z');
    await world.deliver(MAPLE, 'dry', { folder: 'test' });
    world.wait(1);
    await world.deliver(MAPLE, 'cut', { state: 'incomplete' });
    await world.openSet(MAPLE);
    await world.watchUntil('2026-11-23T09:30:00Z');
    expect(world.told().filter((told) => told.startsWith(LATE))).toEqual([`${LATE} 2026-11-23`]);
  });

  test('without a calendar nothing is expected', async () => {
    await open(null);
    await world.watchUntil('2026-11-25T12:00:00Z');
    expect(world.told()).toEqual([]);
  });

  test('a calendar says nothing about the time before it was set, nor does another time of day', async () => {
    await open(null);
    await world.watchUntil('2026-11-23T12:00:00Z');
    await open(SCHOOL_NIGHTS);
    await world.watchUntil('2026-11-23T20:00:00Z');
    expect(world.told()).toEqual([]);
    // 14:00 in New York is over; the delivery of last night was for it.
    await open({ ...SCHOOL_NIGHTS, time: '14:00' });
    await world.watchUntil('2026-11-24T20:45:00Z');
    expect(world.told()).toEqual([]);
    await world.watchUntil('2026-11-24T21:00:00Z');
    expect(world.told()).toEqual([`${LATE} 2026-11-24`]);
  });

  test('a holiday that is entered afterwards does not tell an older night', async () => {
    await open(SCHOOL_NIGHTS);
    await world.watchUntil('2026-11-24T12:00:00Z');
    expect(world.told()).toHaveLength(2);
    await open({ ...SCHOOL_NIGHTS, holidays: ['2026-11-24'] });
    await world.watchUntil('2026-11-25T09:15:00Z');
    expect(world.told()).toEqual([]);
  });

  test('a suspended district is not late, and owes nothing for the time when it could not deliver', async () => {
    await open(SCHOOL_NIGHTS, { suspended: true });
    await world.watchUntil('2026-11-25T12:00:00Z');
    await open(SCHOOL_NIGHTS);
    await world.watchUntil('2026-11-26T09:15:00Z');
    expect(world.told()).toEqual([]);
    await world.watchUntil('2026-11-26T09:30:00Z');
    expect(world.told()).toEqual([`${LATE} 2026-11-26`]);
  });

  test('each district has its own time zone', async () => {
    await open(SCHOOL_NIGHTS);
    await world.district(CEDAR, { calendar: SCHOOL_NIGHTS, timeZone: 'America/Denver' });
    await world.watchUntil('2026-11-23T09:30:00Z');
    expect(world.told()).toEqual([`${LATE} 2026-11-23`]);
    await world.watchUntil('2026-11-23T11:30:00Z');
    expect(world.told()).toEqual([`cedar-city rollcall.sync.late 2026-11-23`]);
  });

  test('once a night when clocks go back and 01:30 comes twice', async () => {
    world.goTo('2027-11-06T12:00:00Z');
    await open({ days: ['sun'], time: '01:30', graceMinutes: 0 });
    await world.watchUntil('2027-11-07T06:15:00Z');
    expect(world.told()).toEqual([]);
    await world.watchUntil('2027-11-07T12:00:00Z');
    expect(world.told()).toEqual([`${LATE} 2027-11-07`]);
  });
});

describe('once told', () => {
  test('of two watches at the same time, one tells', async () => {
    await open(SCHOOL_NIGHTS);
    await world.watch();
    world.goTo('2026-11-23T09:30:00Z');
    await Promise.all([world.watch(), world.watch(), world.watch()]);
    expect(world.told()).toEqual([`${LATE} 2026-11-23`]);
  });

  test('what a dead watch has decided and not told, a later one tells; not while it may still be telling', async () => {
    await open(SCHOOL_NIGHTS);
    await world.watch();
    world.goTo('2026-11-23T09:30:00Z');
    const died = new Error('the function was stopped');
    const dying = { ...world.ports, events: { emit: () => Promise.reject(died) } };
    await expect(world.watch(dying)).rejects.toBe(died);
    world.wait(9);
    await world.watch();
    expect(world.told()).toEqual([]);
    world.wait(1);
    await world.watch();
    world.wait(15);
    await world.watch();
    expect(world.told()).toEqual([`${LATE} 2026-11-23`]);
  });

  test('a watch that finds nothing new writes nothing', async () => {
    await open(SCHOOL_NIGHTS);
    await world.deliver(MAPLE);
    await world.watch();
    const { version } = await world.ports.watchLog.read(MAPLE);
    await world.watchUntil('2026-11-23T07:00:00Z');
    expect(await world.ports.watchLog.read(MAPLE)).toMatchObject({ version });
  });
});

test('R17: over months in which a district delivers on some nights, it is told the nights that the calendar says', async () => {
  world.goTo('2027-02-12T12:00:00Z');
  await open({ ...SCHOOL_NIGHTS, blackouts: [{ from: '2027-03-22', to: '2027-03-26' }] });
  await world.watch();
  const calendar = (await world.ports.districts.get(MAPLE))?.settings.calendar;
  if (!calendar) throw new Error('no calendar');
  const expected = new Set<string>();
  let last: Date | null = null;
  for (let day = 0; day < 60; day++) {
    for (let hour = 0; hour < 24; hour++) {
      world.wait(60);
      const now = world.clock.now();
      if (hour === 20 && day % 3 !== 0) {
        await world.deliver(MAPLE);
        last = now;
      }
      const late = isLate(now, last, calendar, 'America/New_York');
      if (late !== null && late.localDate > '2027-02-12') expected.add(`${LATE} ${late.localDate}`);
      await world.watch();
    }
  }
  expect(world.told()).toEqual([...expected]);
  expect(expected.size).toBeGreaterThan(9);
});
