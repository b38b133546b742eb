import fc from 'fast-check';
import type { AmbiguousGroup, RekeyResult } from '../../../lib/core/rekey/find-pairs.ts';
import { fingerprintInto } from '../../../lib/core/rekey/fingerprint.ts';
import { changesOf, type Person, pairsOf } from './people.ts';

const few = (...values: string[]) => fc.constantFrom('', ...values);
const born: fc.Arbitrary<{ readonly birthDate?: string }> = fc.constantFrom(
  {},
  { birthDate: '2018-05-01' },
  { birthDate: '2019-05-01' },
);
const person = fc
  .record({
    role: fc.constantFrom('student', 'student', 'teacher'),
    identifier: few('1', '2', '3', '4'),
    username: few('u', 'U', 'v', 'w'),
    email: few('m@x', 'n@x', 'o@x'),
    givenName: few('Ann', 'Bo', 'Cy'),
    familyName: few('Lee', 'Fox'),
    grades: few('03', '04'),
    orgSourcedIds: few('s', 't', 's,t', 't,s'),
  })
  .chain((cells) => born.map((date) => ({ ...cells, ...date })));
const side = (name: string): fc.Arbitrary<Person[]> =>
  fc.array(person, { maxLength: 12 }).map((people) => people.map((each, i) => ({ ...each, id: `${name}${i}` })));
const RUNS = { numRuns: 1000 };

test('R12: pairs are one to one, of one role, and agree; nobody is both paired and ambiguous, or listed twice', () => {
  fc.assert(
    fc.property(side('a'), side('x'), (from, to) => {
      const { pairs, ambiguous } = pairsOf(changesOf(from, to));
      const named = [...pairs.map((pair) => pair.from), ...pairs.map((pair) => pair.to)];
      const listed = ambiguous.flatMap((group) => [...group.from, ...group.to]);
      expect(new Set([...named, ...listed]).size).toBe(named.length + listed.length);
      for (const pair of pairs) {
        const [one, other] = [from.find(({ id }) => id === pair.from), to.find(({ id }) => id === pair.to)];
        expect(one?.role).toBe(other?.role);
        expect(keyOf(one!, pair.by)).toBe(keyOf(other!, pair.by));
        // The key is theirs alone.
        const holders = [...from, ...to].filter(
          (each) => each.role === one?.role && keyOf(each, pair.by) === keyOf(one!, pair.by),
        );
        expect(holders).toHaveLength(2);
      }
      for (const group of ambiguous) expect(Math.min(group.from.length, group.to.length)).toBeGreaterThan(0);
    }),
    RUNS,
  );
});

function keyOf(each: Person, by: AmbiguousGroup['by']): string | undefined {
  const names = `${each.givenName}|${each.familyName}`;
  if (by === 'name-and-birth-date') return `${names}|${each.birthDate}`;
  if (by === 'name-grade-school') return `${names}|${each.grades}|${each.orgSourcedIds?.split(',').sort()}`;
  return by === 'identifier' ? each.identifier : each[by]?.toLowerCase();
}

const exchanged = ({ pairs, ambiguous }: RekeyResult) => ({
  pairs: new Set(pairs.map(({ from, to, by }) => ({ from: to, to: from, by }))),
  ambiguous: new Set(ambiguous.map(({ from, to, by }) => ({ from: to, to: from, by }))),
});

test('R12: the same sides exchanged give the same pairs and groups exchanged', () => {
  fc.assert(
    fc.property(side('a'), side('x'), (from, to) => {
      const there = pairsOf(changesOf(from, to));
      const back = exchanged(pairsOf(changesOf(to, from)));
      expect({ pairs: new Set(there.pairs), ambiguous: new Set(there.ambiguous) }).toEqual(back);
    }),
    RUNS,
  );
});

test('R12: the order of the changes does not matter', () => {
  const plans = fc.tuple(side('a'), side('x')).map(([from, to]) => changesOf(from, to));
  const shuffled = plans.chain((changes) =>
    fc.tuple(fc.constant(changes), fc.shuffledSubarray(changes, { minLength: changes.length })),
  );
  fc.assert(
    fc.property(shuffled, ([changes, others]) => {
      expect(pairsOf(others)).toEqual(pairsOf(changes));
    }),
    RUNS,
  );
});

test('R12: a whole school with new sourcedIds is found, everyone by their own', () => {
  const school = Array.from({ length: 5000 }, (_, i) => ({ username: `user${i}`, identifier: i % 2 ? `${i}` : '' }));
  const from = school.map((each, i) => ({ ...each, id: `old-${i}` }));
  const to = school.map((each, i) => ({ ...each, id: `new-${i}` })).reverse();
  const { pairs, ambiguous } = pairsOf(changesOf(from, to));
  expect(ambiguous).toEqual([]);
  expect(pairs.every((pair) => pair.from.slice(4) === pair.to.slice(4))).toBe(true);
  expect(pairs).toHaveLength(5000);
});

test('texts that are alike have fingerprints of their own', () => {
  const words = new Uint32Array(2);
  const seen = new Set<string>();
  const bitsSet = new Uint32Array(64);
  for (let i = 0; i < 100_000; i++) {
    fingerprintInto(`student\u001f${i}`, words, 0);
    seen.add(words.join());
    for (let bit = 0; bit < 64; bit++) bitsSet[bit]! += (words[bit >> 5]! >>> (bit & 31)) & 1;
  }
  expect(seen.size).toBe(100_000);
  // Every bit is set for about one half of the texts: 50,000, give or take some standard deviations of 158.
  expect(Math.min(...bitsSet)).toBeGreaterThan(49_000);
  expect(Math.max(...bitsSet)).toBeLessThan(51_000);
});
