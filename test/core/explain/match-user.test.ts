import { userMatcher } from '../../../lib/core/explain/match-user.ts';

const USER = { sourcedId: 'u-104', username: 'jgómez', email: 'j.gomez@example.org' };

describe('whom the words of a caller mean', () => {
  test.each([
    ['u-104', 'sourcedId'],
    ['U-104', 'sourcedId'],
    ['jgómez', 'username'],
    ['JGO\u0301MEZ', 'username'],
    ['  jgómez\n', 'username'],
    ['J.Gomez@Example.org', 'email'],
    ['jgomez', null],
    ['u-10', null],
    ['', null],
    ['  ', null],
  ])('%j: by %s', (asked, by) => {
    expect(userMatcher(asked)(USER)).toBe(by);
  });

  test('blank words do not mean somebody without an e-mail', () => {
    expect(userMatcher(' ')({ ...USER, email: '' })).toBeNull();
  });
});
