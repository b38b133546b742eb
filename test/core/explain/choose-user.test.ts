import { chooseUser, followMoves } from '../../../lib/core/explain/choose-user.ts';
import type { FoundUser } from '../../../lib/core/explain/user-facts.ts';
import { foundUser } from './made-up-facts.ts';

const records = (...users: readonly FoundUser[]) => new Map(users.map((user) => [user.sourcedId, user]));
const byName = (sourcedId: string) => ({ sourcedId, matchedBy: 'username', role: 'student' }) as const;
const gone = (sourcedId: string, movedTo: string | null = null) =>
  foundUser({ sourcedId, status: 'inactive', movedTo, inactiveSince: '2026-11-20T02:00:00.000Z' });
const here = (sourcedId: string, more: Partial<FoundUser> = {}) => foundUser({ sourcedId, ...more });

describe('R12: movedTo is followed', () => {
  test.each<[string, readonly FoundUser[], readonly string[]]>([
    ['not at all', [here('a')], ['a']],
    ['once', [gone('a', 'b'), here('b')], ['a', 'b']],
    ['twice', [gone('a', 'b'), gone('b', 'c'), here('c')], ['a', 'b', 'c']],
    ['in a circle, once around', [gone('a', 'b'), gone('b', 'a')], ['a', 'b']],
    ['never from an active record', [here('a', { movedTo: 'b' }), here('b')], ['a']],
    ['not to a record that is not there', [gone('a', 'b')], ['a']],
    ['from an id that is in no record', [], ['a']],
  ])('%s', (_, users, path) => {
    expect(followMoves('a', records(...users))).toEqual(path);
  });
});

describe('who is meant', () => {
  test.each<[string, string, readonly string[], readonly FoundUser[], string | null, readonly string[]]>([
    ['nobody', 'x', [], [], null, []],
    ['the only one', 'x', ['a'], [here('a')], 'a', []],
    ['the only one, although inactive', 'x', ['a'], [gone('a')], 'a', []],
    ['the only one, although in no record', 'x', ['a'], [], 'a', []],
    ['the exact sourcedId among active ones', 'b', ['a', 'b'], [here('a'), here('b')], 'b', ['a']],
    ['the exact sourcedId, although inactive', 'b', ['a', 'b'], [here('a'), gone('b')], 'b', ['a']],
    ['the only active one', 'x', ['a', 'b'], [gone('a'), here('b')], 'b', ['a']],
    ['the only active one, not one of a file', 'x', ['a', 'b'], [here('a')], 'a', ['b']],
    ['none of two active ones', 'x', ['a', 'b'], [here('a'), here('b')], null, ['a', 'b']],
    ['none of two inactive ones', 'x', ['a', 'b'], [gone('a'), gone('b')], null, ['a', 'b']],
    ['the one that both became', 'x', ['a', 'b'], [gone('a', 'b'), here('b')], 'b', []],
    ['whom the exact sourcedId became', 'a', ['a', 'c'], [gone('a', 'b'), here('b'), here('c')], 'b', ['c']],
  ])('%s', (_, asked, ids, users, chosen, others) => {
    const choice = chooseUser(asked, ids.map(byName), records(...users));
    expect(choice.user?.sourcedId ?? null).toBe(chosen);
    expect(choice.others.map(({ sourcedId }) => sourcedId)).toEqual(others);
  });

  test('the way of a re-key is kept, whichever of its ids comes first', () => {
    const users = records(gone('a', 'b'), here('b'));
    for (const ids of [
      ['a', 'b'],
      ['b', 'a'],
    ])
      expect(chooseUser('x', ids.map(byName), users).user?.movedFrom).toEqual(['a']);
  });
});
