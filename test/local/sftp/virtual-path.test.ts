import fc from 'fast-check';
import { keyOfPath, resolvePath } from '../../../lib/local/sftp/virtual-path.ts';

const path = fc
  .array(
    fc.oneof(fc.constantFrom('..', '.', '', 'a', 'b c', '...', '..a', '\\..', '%2e%2e'), fc.string({ maxLength: 5 })),
  )
  .map((parts) => parts.join('/').replaceAll('\0', ''));

test('no path leaves the home directory', () => {
  fc.assert(
    fc.property(path, (text) => {
      const resolved = resolvePath(text);
      expect(resolved.startsWith('/')).toBe(true);
      expect(resolved.split('/')).not.toContain('..');
      expect(keyOfPath('home/maple/', text).startsWith('home/maple/')).toBe(true);
    }),
  );
});

test('resolving twice changes nothing', () => {
  fc.assert(fc.property(path, (text) => expect(resolvePath(resolvePath(text))).toBe(resolvePath(text))));
});

test.each([
  ['', '/'],
  ['.', '/'],
  ['/', '/'],
  ['..', '/'],
  ['a/', '/a'],
  ['/a//b/./c/../d', '/a/b/d'],
])('%j is %j', (text, resolved) => {
  expect(resolvePath(text)).toBe(resolved);
});

test('a name that S3 cannot take is refused', () => {
  expect(() => resolvePath('a\0b')).toThrow('Bad path');
  expect(() => keyOfPath('home/maple/', 'é'.repeat(510))).toThrow('Path too long');
});
