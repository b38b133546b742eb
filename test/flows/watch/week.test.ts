import { MAPLE, WatchWorld } from './watch-world.ts';

test('what never became whole counts as incomplete in its week, and in no other; dry runs count nowhere', async () => {
  const world = new WatchWorld();
  await world.district(MAPLE, { weeklySummary: true });
  await world.deliver(MAPLE, 'cut in the week before', { state: 'incomplete' });
  await world.watch();
  world.goTo('2026-11-24T07:30:00.000Z');
  await world.deliver(MAPLE, 'whole');
  world.goTo('2026-11-25T07:30:00.000Z');
  await world.deliver(MAPLE, 'cut', { state: 'incomplete' });
  for (const [minutes, state] of [
    [5, 'incomplete'],
    [10, 'received'],
  ] as const) {
    world.wait(minutes);
    await world.deliver(MAPLE, 'a dry run', { state, folder: 'test' });
  }
  world.goTo('2026-11-30T11:15:00.000Z');
  await world.watch();
  expect(world.events.emitted.filter(({ type }) => type === 'rollcall.district.weekly')).toMatchObject([
    { week: '2026-W48', syncs: { unchanged: 1, incomplete: 1, applied: 0 } },
  ]);
});
