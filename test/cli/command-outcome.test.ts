import { describeResult } from '../../lib/cli/command-outcome.ts';
import { describePairs } from '../../lib/cli/pairs-text.ts';
import { describeEnds, describeSchools, endsOf } from '../../lib/cli/schools-text.ts';
import type { SchoolSize } from '../../lib/core/limits/school-sizes.ts';
import type { CommandResult } from '../../lib/core/sync/command.ts';

const RESULT: CommandResult = {
  ...{ commandId: 'c-1', districtId: 'maple', outcome: 'done', code: 'undo', message: 'Done.', syncId: 's-1' },
  at: '2026-11-23T18:47:00.000Z',
};
const users = (count: number, prefix = 'u') =>
  Array.from({ length: count }, (_, at) => ({ kind: 'user' as const, sourcedId: `${prefix}${at}` }));

describe('what a person is told of a command', () => {
  test.each<[string, Partial<CommandResult>, string[]]>([
    ['nothing special', { conflicts: 0, beyondForce: 0, conflicting: [] }, []],
    [
      'edited records',
      { overwrites: 2, edited: users(2) },
      ['2 records edited in the Portal since: overwritten.', '  user u0', '  user u1'],
    ],
    [
      'records that force sets back',
      { conflicts: 1, beyondForce: 0, conflicting: users(1).map((each) => ({ ...each, forceHelps: true })) },
      ['1 record changed since: left alone (--force sets them back).', '  user u0'],
    ],
    [
      'records that nothing sets back',
      { conflicts: 1, beyondForce: 1, conflicting: users(1).map((each) => ({ ...each, forceHelps: false })) },
      [expect.stringMatching(/^1 record cannot be set back, by --force neither/), '  user u0'],
    ],
    ['a result of before records were listed', { conflicts: 3 }, [expect.stringMatching(/^3 records changed since/)]],
  ])('%s', (_name, more, lines) => {
    expect(describeResult({ ...RESULT, ...more })).toEqual(['Done.', ...lines]);
  });

  test('the first twenty of many, and how many more there are', () => {
    const lines = describeResult({ ...RESULT, overwrites: 1_234, edited: users(100) });
    expect(lines).toHaveLength(23);
    expect(lines.at(-1)).toBe('  and 1,214 more');
  });
});

const size = (students: number): SchoolSize => ({
  ...{ sourcedId: `o${students}`, name: `School ${students}`, students, staff: 1, classes: 2, enrollments: null },
});

test('R11: every school is a row; the short form names the ends', () => {
  const schools = Array.from({ length: 12 }, (_, at) => size(1_000 - at));
  const table = describeSchools({ schoolCount: 12, schools }).split('\n');
  expect(table).toHaveLength(13);
  expect(table[1]).toMatch(/^School 1000\s+o1000\s+1,000\s+1\s+2\s+-$/);
  const ends = endsOf({ schoolCount: 12, schools });
  expect([ends.count, ends.largest.length, ends.smallest[0]?.students]).toEqual([12, 5, 989]);
  expect(describeEnds(ends).map((line) => line.split(':')[0])).toEqual(['after it 12 schools', 'largest', 'smallest']);
  expect(describeEnds(endsOf({ schoolCount: 1, schools: [size(7)] }))).toEqual([
    'after it 1 school: School 7 (7 students, 1 staff)',
  ]);
});

test('R12: all pairs, and the groups that are not matched', () => {
  const pairs = Array.from({ length: 1_500 }, (_, at) => ({ from: `a${at}`, to: `b${at}`, by: 'username' as const }));
  const text = describePairs(pairs, [{ by: 'email', from: ['x', 'y'], to: ['z'] }]);
  expect(text).toMatch(/^1,500 pairs\n/);
  expect(text).toContain('a1499     b1499');
  expect(text).toMatch(/x y\s+z\s+email/);
  expect(describePairs([], [])).toBe('No user seems to have a new sourcedId.');
});
