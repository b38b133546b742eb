import { changesOf, inWords, type Person, pairsOf } from './people.ts';

const maria = { givenName: 'Maria', familyName: 'Garcia' };
const third = { ...maria, grades: '03', orgSourcedIds: 's' };
const MAY = { birthDate: '2018-05-01' };

type Case = readonly [name: string, from: readonly Person[], to: readonly Person[], pairs: readonly string[]];

const alone: readonly Case[] = [
  ['identifier', [{ id: 'a', identifier: '7' }], [{ id: 'x', identifier: '7' }], ['a>x by identifier']],
  [
    'an identifier in another case is another one',
    [{ id: 'a', identifier: 'k7' }],
    [{ id: 'x', identifier: 'K7' }],
    [],
  ],
  ['username in any case', [{ id: 'a', username: 'Maria.G' }], [{ id: 'x', username: 'maria.g' }], ['a>x by username']],
  ['e-mail in any case', [{ id: 'a', email: 'M@x.org' }], [{ id: 'x', email: 'm@X.org' }], ['a>x by email']],
  [
    'names and birth date',
    [{ id: 'a', ...maria, ...MAY }],
    [{ id: 'x', ...maria, ...MAY }],
    ['a>x by name-and-birth-date'],
  ],
  ['names, grade and school', [{ id: 'a', ...third }], [{ id: 'x', ...third }], ['a>x by name-grade-school']],
  [
    'schools in another order',
    [{ id: 'a', ...third, orgSourcedIds: 's,t' }],
    [{ id: 'x', ...third, orgSourcedIds: 't,s' }],
    ['a>x by name-grade-school'],
  ],
  [
    'names in another case and another spelling of ü',
    [{ id: 'a', ...third, familyName: 'M\u00fcller' }],
    [{ id: 'x', ...third, familyName: 'MU\u0308LLER' }],
    ['a>x by name-grade-school'],
  ],
  ['blank never agrees', [{ id: 'a' }], [{ id: 'x' }], []],
  ['names alone say nothing', [{ id: 'a', ...maria }], [{ id: 'x', ...maria }], []],
  [
    'names without a grade',
    [{ id: 'a', ...maria, orgSourcedIds: 's' }],
    [{ id: 'x', ...maria, orgSourcedIds: 's' }],
    [],
  ],
  ['names without a school', [{ id: 'a', ...maria, grades: '03' }], [{ id: 'x', ...maria, grades: '03' }], []],
  [
    'one name and the birth date',
    [{ id: 'a', givenName: 'Maria', ...MAY }],
    [{ id: 'x', givenName: 'Maria', ...MAY }],
    [],
  ],
  ['a birth date that only one has', [{ id: 'a', ...maria, ...MAY }], [{ id: 'x', ...maria }], []],
  ['another school', [{ id: 'a', ...third }], [{ id: 'x', ...third, orgSourcedIds: 't' }], []],
  [
    'another role',
    [{ id: 'a', identifier: '7', username: 'm' }],
    [{ id: 'x', identifier: '7', username: 'm', role: 'teacher' }],
    [],
  ],
  [
    'two roles with one address',
    [
      { id: 'a', email: 'm@x' },
      { id: 'b', email: 'm@x', role: 'parent' },
    ],
    [
      { id: 'y', email: 'm@x', role: 'parent' },
      { id: 'x', email: 'm@x' },
    ],
    ['a>x by email', 'b>y by email'],
  ],
  [
    'values that change places are not confused',
    [{ id: 'a', givenName: 'Ann', familyName: 'Lee', ...MAY }],
    [{ id: 'x', givenName: 'Lee', familyName: 'Ann', ...MAY }],
    [],
  ],
];

const together: readonly Case[] = [
  [
    'the strongest key wins',
    [
      { id: 'a', identifier: '7', username: 'u' },
      { id: 'b', identifier: '8', username: 'v' },
    ],
    [
      { id: 'x', identifier: '7', username: 'v' },
      { id: 'y', identifier: '8', username: 'u' },
    ],
    ['a>x by identifier', 'b>y by identifier'],
  ],
  [
    'who is left is matched by a weaker key',
    [
      { id: 'a', identifier: '7', username: 'u' },
      { id: 'b', username: 'v' },
    ],
    [
      { id: 'x', identifier: '7' },
      { id: 'y', identifier: '8', username: 'v' },
    ],
    ['a>x by identifier', 'b>y by username'],
  ],
  [
    'a weaker key that one of a pair shares is ambiguous all the same',
    [
      { id: 'a', identifier: '7', username: 'u' },
      { id: 'b', username: 'u' },
    ],
    [
      { id: 'x', identifier: '7', username: 'u' },
      { id: 'y', username: 'u' },
    ],
    ['a>x by identifier'],
  ],
  [
    'a user name given to somebody else',
    [{ id: 'a', identifier: '7', username: 'u', ...maria }],
    [{ id: 'x', identifier: '8', username: 'u', givenName: 'Max', familyName: 'Green' }],
    [],
  ],
  [
    'the same person with a new identifier too',
    [{ id: 'a', identifier: '7', username: 'u', ...maria }],
    [{ id: 'x', identifier: '8', username: 'u', ...maria }],
    ['a>x by username'],
  ],
  [
    'a new identifier, the same names and birth date',
    [{ id: 'a', identifier: '7', ...maria, ...MAY }],
    [{ id: 'x', identifier: '8', ...maria, ...MAY }],
    ['a>x by name-and-birth-date'],
  ],
  ['namesakes in one grade', [{ id: 'a', identifier: '7', ...third }], [{ id: 'x', identifier: '8', ...third }], []],
  [
    'namesakes in one grade, born on other days',
    [{ id: 'a', ...third, ...MAY }],
    [{ id: 'x', ...third, birthDate: '2018-05-02' }],
    [],
  ],
  [
    'a user name, and another birth date',
    [{ id: 'a', username: 'u', ...MAY }],
    [{ id: 'x', username: 'u', birthDate: '2012-05-02' }],
    [],
  ],
];

test.each([...alone, ...together])('R12: %s', (_name, from, to, pairs) => {
  expect(inWords(pairsOf(changesOf(from, to)))).toEqual(pairs);
  const back = pairs.map((pair) => pair.replace(/^(.)>(.)/, '$2>$1')).sort();
  expect(inWords(pairsOf(changesOf(to, from)))).toEqual(back);
});

test('R12: who agrees with several is listed and matched with nobody', () => {
  const result = pairsOf(
    changesOf(
      [
        { id: 'b', username: 'u' },
        { id: 'a', username: 'U' },
      ],
      [{ id: 'x', username: 'u' }],
    ),
  );
  expect(result).toEqual({ pairs: [], ambiguous: [{ by: 'username', from: ['a', 'b'], to: ['x'] }] });
});

test('R12: two on one side and nobody on the other are not ambiguous', () => {
  const twins = [
    { id: 'a', username: 'u' },
    { id: 'b', username: 'u' },
  ];
  expect(pairsOf(changesOf(twins, []))).toEqual({ pairs: [], ambiguous: [] });
  expect(pairsOf(changesOf([], twins))).toEqual({ pairs: [], ambiguous: [] });
});

test('R12: a weaker key decides inside an ambiguous group', () => {
  // As in districts that fill every identifier with 0.
  const from = [
    { id: 'a', identifier: '0', username: 'u' },
    { id: 'b', identifier: '0', username: 'v' },
    { id: 'c', identifier: '0' },
  ];
  const to = [
    { id: 'x', identifier: '0', username: 'u' },
    { id: 'y', identifier: '0', username: 'v' },
    { id: 'z', identifier: '0' },
  ];
  const result = pairsOf(changesOf(from, to));
  expect(inWords(result)).toEqual(['a>x by username', 'b>y by username']);
  expect(result.ambiguous).toEqual([{ by: 'identifier', from: ['c'], to: ['z'] }]);
});

test('R12: a weaker key does not lead out of an ambiguous group', () => {
  const from = [
    { id: 'a', identifier: '7', username: 'u', ...maria },
    { id: 'b', identifier: '7' },
  ];
  const to = [
    { id: 'x', identifier: '7' },
    { id: 'y', username: 'u', ...maria },
    { id: 'z', identifier: '9', email: 'm@x' },
  ];
  expect(pairsOf(changesOf(from, to))).toEqual({
    pairs: [],
    ambiguous: [{ by: 'identifier', from: ['a', 'b'], to: ['x'] }],
  });
});

test('R12: nobody is listed twice', () => {
  const from = [
    { id: 'a', username: 'u', email: 'm@x' },
    { id: 'b', username: 'u', email: 'm@x' },
  ];
  const to = [
    { id: 'x', username: 'u', email: 'm@x' },
    { id: 'y', email: 'm@x' },
  ];
  expect(pairsOf(changesOf(from, to)).ambiguous).toEqual([{ by: 'username', from: ['a', 'b'], to: ['x'] }]);
});

test('R12: users who come back are looked at like added ones; updates are not', () => {
  const [gone, come] = [changesOf([{ id: 'a', username: 'u' }], []), changesOf([], [{ id: 'x', username: 'u' }])];
  const as = (op: 'update' | 'reactivate') => come.map((each) => ({ ...each, op }));
  expect(inWords(pairsOf([...gone, ...come]))).toEqual(['a>x by username']);
  expect(inWords(pairsOf([...gone, ...as('update')]))).toEqual([]);
  expect(inWords(pairsOf([...gone, ...as('reactivate')]))).toEqual(['a>x by username']);
});
