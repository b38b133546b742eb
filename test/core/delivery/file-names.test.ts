import { ONEROSTER_FILES, recogniseFileName } from '../../../lib/core/delivery/file-names.ts';

const told = (name: string): string | null => {
  const found = recogniseFileName(name);
  return found === null ? null : `${found.file}${found.exact ? '' : ' (dialect)'}`;
};

test('every file of the standard under its own name', () => {
  for (const file of ONEROSTER_FILES) expect(told(`${file}.csv`)).toBe(file);
});

test.each([
  ['Users.csv', 'users (dialect)'],
  ['USERS.CSV', 'users (dialect)'],
  ['academicsessions.csv', 'academicSessions (dialect)'],
  ['20261123_users.csv', 'users (dialect)'],
  ['2026-11-23-users.csv', 'users (dialect)'],
  ['20261123-0200_users.csv', 'users (dialect)'],
  ['users_20261123.csv', 'users (dialect)'],
  ['users-2026-11-23T0200.csv', 'users (dialect)'],
  ['users_20261123_020000.csv', 'users (dialect)'],
  ['users.txt', null],
  ['users.csv.bak', null],
  ['users', null],
  ['.csv', null],
  ['users (1).csv', null],
  ['old_users.csv', null],
  ['users2.csv', null],
  ['20261123_students.csv', null],
  ['user.csv', null],
])('R8: %s is %s', (name, expected) => {
  expect(told(name)).toBe(expected);
});
