import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { bytesOf, cellsOf, read, readInBlocks, splitAt } from './read-events.ts';

/** Cells that a roster has, and the ones that break parsers. */
const cellText = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[A-Za-z0-9 ._@-]{0,6}$/) },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.constantFrom('"', ',', ' ', 'a', 'é', '学', '😀', '\t'), { maxLength: 5 })
      .map((c) => c.join('')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      '__proto__',
      'constructor',
      '""',
      '",',
      ',"',
      '\ufeff',
      'a\rb',
      '#',
      "O'Brien",
      '\u2028',
      '\u0085',
    ),
  },
);

/** A well-formed cell: quoted where it must be, and sometimes where it need not be. */
const cell = fc
  .tuple(cellText, fc.boolean())
  .map(([text, quote]) => (quote || /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text));

const line = fc.tuple(fc.array(cell, { minLength: 1, maxLength: 5 }), fc.constantFrom('\n', '\r\n'));

/** A well-formed file: ragged rows, blank lines, LF and CRLF, with or without a mark and a last line end. */
const file = fc
  .tuple(fc.constantFrom('', '\ufeff'), fc.array(line, { minLength: 1, maxLength: 6 }), fc.boolean())
  .map(([mark, lines, ended]) => {
    const text = lines.map(([cells, end]) => cells.join(',') + end).join('');
    return mark + (ended ? text : text.replace(/\r?\n$/, ''));
  })
  .filter((text) => !/^\ufeff*$/.test(text) && (text.includes('\n') || !text.includes('\r')));

/** csv-parse, as strict as it goes about quotes. */
const oracle = (content: Buffer): string[][] =>
  parse(content, {
    bom: true,
    record_delimiter: ['\n', '\r\n'],
    skip_empty_lines: true,
    relax_column_count: true,
    relax_quotes: false,
  });

const everySplit = (content: Buffer): number[] => Array.from({ length: content.length + 1 }, (_, i) => i);

describe('the reader and csv-parse agree on every well-formed file', () => {
  test('in one chunk', async () => {
    await fc.assert(
      fc.asyncProperty(file, async (text) => {
        const content = bytesOf(text);
        const outcome = await read(content);
        expect(outcome.fault).toBeNull();
        expect(cellsOf(outcome)).toEqual(oracle(content));
        expect(outcome.rows.every((row) => row.fault === null)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('at every split into two chunks, with blocks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.integer({ min: 1, max: 40 }), async (text, blockBytes) => {
        const content = bytesOf(text);
        const expected = oracle(content);
        for (const at of everySplit(content)) {
          const outcome = await readInBlocks(splitAt(content, [at]), blockBytes, 1_000);
          expect(cellsOf(outcome)).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('byte by byte', async () => {
    await fc.assert(
      fc.asyncProperty(file, async (text) => {
        const content = bytesOf(text);
        expect(cellsOf(await read(splitAt(content, everySplit(content))))).toEqual(oracle(content));
      }),
      { numRuns: 100 },
    );
  });
});

describe('what a reading says depends on the bytes alone', () => {
  /** Anything at all: broken quotes, broken UTF-8, NUL, stray carriage returns, long lines. */
  const anyBytes = fc
    .array(fc.constantFrom('"', ',', '\n', '\r', '\r\n', 'ab', 'é', '学', '\0', 'bad', 'x'.repeat(12)), {
      maxLength: 14,
    })
    .map((parts) => Buffer.concat(parts.map((part) => (part === 'bad' ? Buffer.from([0xe9]) : bytesOf(part)))));

  test('not on how they are cut into chunks and blocks', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyBytes,
        fc.array(fc.nat(60)),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(8, 20, 1_000),
        async (content, cuts, blockBytes, maxRowBytes) => {
          const whole = await readInBlocks([content], 1_000_000, maxRowBytes);
          const offsets = cuts.map((cut) => Math.min(cut, content.length));
          expect(await readInBlocks(splitAt(content, offsets), blockBytes, maxRowBytes)).toEqual(whole);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('each line that is not blank is one row, until a fault', async () => {
    await fc.assert(
      fc.asyncProperty(anyBytes, fc.constantFrom(8, 1_000), async (content, maxRowBytes) => {
        const { rows, fault } = await readInBlocks([content], 16, maxRowBytes);
        const lines = content.toString('latin1').split('\n');
        const last = lines.pop();
        const expected = lines.map((text, i) => (text === '' || text === '\r' ? 0 : i + 1));
        if (last !== undefined && last !== '') expected.push(lines.length + 1);
        const numbers = rows.map((row) => row.row);
        const upTo = fault?.row ?? (fault === null ? Number.POSITIVE_INFINITY : 0);
        expect(numbers).toEqual(expected.filter((row) => row > 0 && row < upTo));
      }),
      { numRuns: 1_000 },
    );
  });
});
