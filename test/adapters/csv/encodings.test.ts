import fc from 'fast-check';
import { bytesOf, cellsOf, read, readInBlocks, splitAt } from './read-events.ts';

const utf16 = (text: string, order: 'le' | 'be'): Buffer => {
  const units = Buffer.from(`\ufeff${text}`, 'utf16le');
  return order === 'le' ? units : units.swap16();
};

const everySplit = (content: Buffer): number[] => Array.from({ length: content.length + 1 }, (_, i) => i);

const TEXT = 'id,name\r\n1,"Zoë, 学😀"\r\n2,Ω\r\n';
const CELLS = [
  ['id', 'name'],
  ['1', 'Zoë, 学😀'],
  ['2', 'Ω'],
];

describe.each([
  ['utf-8', bytesOf(`\ufeff${TEXT}`)],
  ['utf-16le', utf16(TEXT, 'le')],
  ['utf-16be', utf16(TEXT, 'be')],
] as const)('%s with a byte order mark', (encoding, content) => {
  test('reads the same at every split: mark, characters, surrogate pairs, CRLF', async () => {
    for (const at of everySplit(content)) {
      const outcome = await readInBlocks(splitAt(content, [at]), 4, 1_000);
      expect(cellsOf(outcome)).toEqual(CELLS);
      expect(outcome.dialect).toMatchObject({ bytes: content.length, byteOrderMark: true, encoding, lineEnd: 'crlf' });
    }
    expect(cellsOf(await read(splitAt(content, everySplit(content))))).toEqual(CELLS);
  });
});

test('UTF-8 characters of two, three and four bytes survive every split', async () => {
  const content = bytesOf(TEXT);
  for (const at of everySplit(content)) expect(cellsOf(await read(splitAt(content, [at])))).toEqual(CELLS);
});

describe('UTF-16 that is damaged', () => {
  test.each([
    ['a high surrogate alone', utf16('a\nb\ud83d,c\n', 'le'), 2],
    ['a low surrogate alone', utf16('a\nb\nc\ude00\n', 'be'), 3],
    ['a high surrogate at the end', utf16('a\nb\ud83d', 'le'), 2],
    ['half a code unit at the end', utf16('a\nb', 'le').subarray(0, -1), 2],
    ['half a code unit after the last line', Buffer.concat([utf16('a\n', 'be'), Buffer.from([0])]), 2],
  ])('%s', async (_, content, row) => {
    for (const at of everySplit(content)) {
      const { fault } = await read(splitAt(content, [at]));
      expect(fault).toEqual({ type: 'fault', code: 'not-utf8', row });
    }
  });

  test('a NUL character is a NUL', async () => {
    expect((await read(utf16('a\n\0\n', 'be'))).fault).toEqual({ type: 'fault', code: 'nul-byte', row: 2 });
  });
});

test('any text in UTF-16 reads as the same text in UTF-8', async () => {
  const text = fc.array(fc.constantFrom('a', ',', '\n', '\r\n', 'é', '学', '😀', '"b"', '\ufeff'), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(text, fc.constantFrom('le' as const, 'be' as const), fc.nat(40), async (parts, order, cut) => {
      const joined = parts.join('');
      const expected = await read(`\ufeff${joined}`);
      const content = utf16(joined, order);
      const outcome = await read(splitAt(content, [Math.min(cut, content.length)]));
      expect(outcome.rows).toEqual(expected.rows);
      expect(outcome.fault).toEqual(expected.fault);
    }),
    { numRuns: 300 },
  );
});
