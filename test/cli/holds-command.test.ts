import { describeHold, type HeldPlan } from '../../lib/cli/holds-command.ts';
import { EMPTY_SYNC } from '../../lib/core/sync/new-sync.ts';

const SINCE = '2026-11-24T08:00:00.000Z';
const plan = (more: Partial<HeldPlan> = {}, pairs = 0): HeldPlan => ({
  sync: {
    ...EMPTY_SYNC,
    districtId: 'maple',
    syncId: 's-1',
    deliveryId: 'd-1',
    createdAt: SINCE,
    state: 'held',
    attempt: 1,
    pairs,
  },
  isTooLate: false,
  schools: null,
  ...more,
});
const after = (minutes: number) => new Date(Date.parse(SINCE) + minutes * 60_000);
const commandsOf = (lines: readonly string[]) =>
  lines.map((line) => line.trim()).filter((line) => /rollcall/.test(line));

test.each<[string, HeldPlan, string[]]>([
  [
    'that can be approved',
    plan(),
    ['sync s-1', 'approve s-1', 'approve s-1 --all-but-removals', 'reject s-1 --why "TEXT"'],
  ],
  ['with pairs', plan({}, 2), ['sync s-1', 'approve s-1', 'approve s-1 --as-rekey', 'reject s-1 --why "TEXT"']],
  ['that is too late', plan({ isTooLate: true }), ['sync s-1', 'reject s-1 --why "TEXT"']],
])('a plan %s: each command on a line of its own, for the installation that was asked', (_name, held, commands) => {
  const said = commandsOf(describeHold(held, '--stage dev', after(60)));
  expect(said.toSorted()).toEqual(
    commands
      .map((command) => {
        const [name, id, ...more] = command.split(' ');
        return name === 'approve' && more.length > 0
          ? `rollcall approve ${id} --stage dev ${more.join(' ')}`
          : `rollcall ${command} --stage dev`;
      })
      .toSorted(),
  );
});

test.each([
  [0, '0 minutes'],
  [1, '1 minute'],
  [59, '59 minutes'],
  [60, '1 hour'],
  [90, '1.5 hours'],
])('after %i minutes it has waited for %s', (minutes, words) => {
  expect(describeHold(plan(), '--local', after(minutes))[0]).toBe(`s-1 of maple, waiting for ${words}`);
});
