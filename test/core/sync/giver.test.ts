import fc from 'fast-check';
import { describeGiver, type Giver, giverOf } from '../../../lib/core/sync/giver.ts';

const OWN = 'AROAPLAN';
const SELF = { ownRoleId: OWN };
const MARIA = 'rollcall-prod-operator/maria';

test.each<[string, Giver, string | null, Giver]>([
  [
    'the name agrees with the session',
    { who: MARIA },
    'AROAOP:maria',
    { who: MARIA, senderId: 'AROAOP:maria', saidWho: null },
  ],
  [
    'the session of a person from a directory',
    { who: 'rollcall-prod-operator/maria@rollcall.example' },
    'AROAOP:maria@rollcall.example',
    { who: 'rollcall-prod-operator/maria@rollcall.example', senderId: 'AROAOP:maria@rollcall.example', saidWho: null },
  ],
  ['another name', { who: MARIA }, 'AROAOP:bob', { who: 'bob', senderId: 'AROAOP:bob', saidWho: MARIA }],
  [
    'a name that only ends alike',
    { who: 'x/annamaria' },
    'AROAOP:maria',
    { who: 'maria', senderId: 'AROAOP:maria', saidWho: 'x/annamaria' },
  ],
  [
    'a session as a part of the name',
    { who: 'bob/maria' },
    'AROAOP:bob',
    { who: 'bob', senderId: 'AROAOP:bob', saidWho: 'bob/maria' },
  ],
  [
    'a user, whom the queue knows by id only',
    { who: 'maria' },
    'AIDAMARIA',
    { who: 'AIDAMARIA', senderId: 'AIDAMARIA', saidWho: 'maria' },
  ],
  [
    'a message that says what only the function may say',
    { who: MARIA, senderId: 'AROAOP:maria', saidWho: null },
    'AROAOP:bob',
    { who: 'bob', senderId: 'AROAOP:bob', saidWho: MARIA },
  ],
  [
    'sent again by the function',
    { who: 'bob', senderId: 'AROAOP:bob', saidWho: MARIA },
    `${OWN}:plan`,
    { who: 'bob', senderId: 'AROAOP:bob', saidWho: MARIA },
  ],
  ['one sender for all, as on one machine', { who: 'maria' }, OWN, { who: 'maria', senderId: null, saidWho: null }],
  ['a sender that is not said', { who: MARIA }, null, { who: 'unknown', senderId: null, saidWho: MARIA }],
])('%s', (_name, said, senderId, known) => {
  expect(giverOf(said, senderId, SELF)).toEqual(known);
});

test('whatever a message says, who it was is the session of its sender', () => {
  const session = fc.stringMatching(/^[\w+=,.@-]{2,64}$/);
  const anything = fc.record({ who: fc.string(), senderId: fc.string(), saidWho: fc.string() });
  fc.assert(
    fc.property(anything, session, (said, name) => {
      const { who, senderId } = giverOf(said, `AROAOP:${name}`, SELF);
      expect([who.split('/').at(-1), senderId]).toEqual([name, `AROAOP:${name}`]);
    }),
  );
});

test('what was sent again stays as it is, however often', () => {
  const first = giverOf({ who: MARIA }, 'AROAOP:bob', SELF);
  expect(giverOf(giverOf(first, `${OWN}:plan`, SELF), `${OWN}:plan`, SELF)).toEqual(first);
});

test('moved by hand from the dead letters, a command is no more than the mover’s; the name in it is a claim', () => {
  const given = giverOf({ who: MARIA }, 'AROAOP:maria', SELF);
  const moved = giverOf(given, 'AROAOP:bob', SELF);
  expect(moved).toEqual({ who: 'bob', senderId: 'AROAOP:bob', saidWho: MARIA });
  expect(describeGiver(moved)).toBe(`bob (the message says ${MARIA})`);
  expect(describeGiver(given)).toBe(MARIA);
});

test('a message without a name, or with an endless one, is no defect', () => {
  expect(giverOf({} as Giver, 'AROAOP:bob', SELF)).toMatchObject({ who: 'bob', saidWho: '' });
  expect(giverOf({ who: 'x'.repeat(100_000) }, 'AROAOP:bob', SELF).saidWho).toHaveLength(200);
});
