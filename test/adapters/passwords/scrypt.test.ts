import { hashPassword, makePassword, verifyPassword } from '../../../lib/adapters/passwords/scrypt.ts';

/** RFC 7914 §12, third vector, in the form that is stored: N = 16384, r = 8, p = 1. */
const RFC_7914 =
  '$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw';

let stored: string;
beforeAll(async () => {
  stored = await hashPassword('correct horse');
});

test('a hash says how it was made and has a salt of its own', async () => {
  expect(stored).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(await hashPassword('correct horse')).not.toBe(stored);
});

test('a hash of other parameters is checked by its own', async () => {
  expect(await verifyPassword('pleaseletmein', RFC_7914)).toBe(true);
  expect(await verifyPassword('pleaseletmeout', RFC_7914)).toBe(false);
});

test('the same password in another Unicode form is the same', async () => {
  const composed = await hashPassword('caf\u00e9');
  expect(await verifyPassword('cafe\u0301', composed)).toBe(true);
});

test.each<[string, string, () => string | null, boolean]>([
  ['the password', 'correct horse', () => stored, true],
  ['another password', 'correct hors', () => stored, false],
  ['the empty password', '', () => stored, false],
  ['nobody', 'correct horse', () => null, false],
  ['an unreadable hash', 'correct horse', () => 'plain:correct horse', false],
  ['a cost that would stop the function', 'x', () => stored.replace('ln=17', 'ln=30'), false],
  ['a cost of nothing', 'x', () => stored.replace('r=8', 'r=0'), false],
  ['a changed hash', 'correct horse', () => stored.replace(/.{3}$/, 'AAA'), false],
  ['a password of a megabyte', 'x'.repeat(1 << 20), () => stored, false],
])('%s', async (_name, password, against, expected) => {
  expect(await verifyPassword(password, against())).toBe(expected);
});

test('nobody takes as long as somebody', async () => {
  const time = async (hash: string | null) => {
    const start = performance.now();
    await verifyPassword('wrong', hash);
    return performance.now() - start;
  };
  // Wide on purpose: what this must tell apart is a derivation (hundreds of ms) from none (less than one).
  expect(await time(null)).toBeGreaterThan((await time(stored)) / 5);
});

test('new passwords are long, unambiguous and new', () => {
  const made = new Set(Array.from({ length: 200 }, makePassword));
  expect(made.size).toBe(200);
  for (const password of made) expect(password).toMatch(/^[A-HJ-NP-Za-km-z2-9]{24}$/);
});
