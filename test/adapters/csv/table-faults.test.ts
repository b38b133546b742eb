import { csvTable, readTable } from '../../../lib/adapters/csv/csv-table.ts';
import { BrokenEntry } from '../../../lib/adapters/zip/broken-entry.ts';
import { bytesOf, cellsOf, gather, read, splitAt } from './read-events.ts';

const bytes = (...parts: (string | number[] | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? bytesOf(part) : Buffer.from(part))));

describe('a file that cannot be read as a whole (R7)', () => {
  test.each([
    ['no bytes', bytes(), 'empty-file', null],
    ['only a byte order mark', bytes([0xef, 0xbb, 0xbf]), 'empty-file', null],
    ['only a UTF-16 mark', bytes([0xff, 0xfe]), 'empty-file', null],
    ['half a byte order mark', bytes([0xef, 0xbb]), 'not-utf8', 1],
    ['a NUL in row 3', bytes('a,b\n1,2\n3,\0\n'), 'nul-byte', 3],
    ['a bad byte in row 4, after a blank line', bytes('a\n\nb\n', [0xff], '\n'), 'not-utf8', 4],
    ['an overlong encoding', bytes('a\n', [0xc0, 0x80], '\n'), 'not-utf8', 2],
    ['half of a surrogate pair as UTF-8', bytes('a\n', [0xed, 0xa0, 0x80], '\n'), 'not-utf8', 2],
    ['a character cut off by the end of the file', bytes('a\nb', [0xe5, 0xad]), 'not-utf8', 2],
    ['a character cut off by a line feed', bytes('a\nb', [0xe5, 0xad], '\nc\n'), 'not-utf8', 2],
    ['a quote open at the end of its line', bytes('a,b\r\n1,"2\r\n3"\r\n'), 'unclosed-quote', 2],
    ['a quote open at the end of the file', bytes('a,b\n1,"2'), 'unclosed-quote', 2],
    ['a lone quote', bytes('a\n"\n'), 'unclosed-quote', 2],
    ['three quotes', bytes('a\n"""\n'), 'unclosed-quote', 2],
    ['bare carriage returns', bytes('a,b\r1,2\r3,4\r'), 'bare-carriage-return', null],
    ['bare carriage returns and an open quote', bytes('a,b\r1,"2\r3,4'), 'bare-carriage-return', null],
  ])('%s', async (_, content, code, row) => {
    const { fault } = await read(content);
    expect(fault).toMatchObject({ code, row });
  });

  test('the first fault of the file is the one that is named, after the rows before it', async () => {
    const { rows, fault } = await read(bytes('a\nb\nc"\n"open\n', [0xff], '\n\0\n'));
    expect(rows.map(({ row, fault: wrong }) => [row, wrong])).toEqual([
      [1, null],
      [2, null],
      [3, 'bad-quote'],
    ]);
    expect(fault).toMatchObject({ code: 'unclosed-quote', row: 4 });
  });

  test('a broken zip entry is a fault, another error of the source is thrown', async () => {
    const failing = (error: Error) =>
      async function* (): AsyncGenerator<Uint8Array> {
        yield bytesOf('a,b\n1,');
        throw error;
      };
    const { fault } = await gather(readTable(failing(new BrokenEntry('wrong CRC'))));
    expect(fault).toEqual({ type: 'fault', code: 'broken-entry', row: null });
    await expect(gather(readTable(failing(new Error('connection reset'))))).rejects.toThrow('connection reset');
  });
});

describe('the encoding that a file looks like', () => {
  test.each([
    ['Muñoz', bytes('1,Mu', [0xf1], 'oz'), 'windows-1252'],
    ['José at a cell end', bytes('1,Jos', [0xe9], ',x'), 'windows-1252'],
    ['Gérard, whose bytes are Shift_JIS too', bytes('1,G', [0xe9], 'rard'), 'windows-1252'],
    ['O’Brien', bytes('1,O', [0x92], 'Brien'), 'windows-1252'],
    ['山田太郎', bytes('1,', [0x8e, 0x52, 0x93, 0x63, 0x91, 0xbe, 0x98, 0x59], ',x'), 'shift_jis'],
    ['田中 in quotes', bytes('"1","', [0x93, 0x63, 0x92, 0x86], '"'), 'shift_jis'],
    ['カナ beside kanji', bytes('1,', [0xb6, 0xc5, 0x8e, 0x52, 0x93, 0x63]), 'shift_jis'],
    ['GBK 王伟', bytes('1,', [0xcd, 0xf5, 0xce, 0xb0], ',x'), undefined],
    ['Mac Roman José', bytes('1,Jos', [0x8e], ',x'), undefined],
    ['DOS José', bytes('1,Jos', [0x82], ',x'), undefined],
    ['random bytes', bytes('1,', [0x81, 0x20, 0xff, 0xfe, 0x90]), undefined],
  ])('%s', async (_, line, likely) => {
    const { fault } = await read(bytes('id,name\n', line, '\n'));
    expect(fault).toEqual({
      type: 'fault',
      code: 'not-utf8',
      row: 2,
      ...(likely === undefined ? {} : { likelyEncoding: likely }),
    });
  });

  test('UTF-16 without a mark is named as such', async () => {
    const { fault } = await read(Buffer.from('sourcedId,name\r\n1,x\r\n', 'utf16le'));
    expect(fault).toMatchObject({ code: 'nul-byte', row: 1, likelyEncoding: 'utf-16 without a byte order mark' });
    const zeros = await read(bytes('a,b\n1,\0\0\0\0\0\0\n'));
    expect(zeros.fault).toEqual({ type: 'fault', code: 'nul-byte', row: 2 });
  });
});

describe('a row that cannot be read', () => {
  test.each([
    ['a quote in an unquoted cell', '1,a"b,3', ['1']],
    ['text after a closing quote', '1,2,"3"x', ['1', '2']],
    ['a blank after a closing quote', '"1" ,2', []],
    ['a blank before an opening quote', '1, "2",3', ['1']],
    ['quoted cells before it', '"1,""x""",2,"3"4', ['1,"x"', '2']],
    ['an empty cell before it', ',a"', ['']],
    ['a quote that opens later in the same line', '1,a"b,"open', ['1']],
  ])('%s', async (_, line, before) => {
    const { rows, fault } = await read(`h\n${line}\n9\n`);
    expect(fault).toBeNull();
    expect(rows).toEqual([
      { row: 1, cells: ['h'], fault: null, unterminated: false },
      { row: 2, cells: before, fault: 'bad-quote', unterminated: false },
      { row: 3, cells: ['9'], fault: null, unterminated: false },
    ]);
  });

  test('a lone carriage return in a row with a bad quote is told, for it may have ended a row', async () => {
    const { rows } = await read('h\n1,"2"\r,3\n"4"\r"5"\n6,7"\r\n');
    const found = rows.map(({ cells, fault, hasCarriageReturn }) => [cells, fault, hasCarriageReturn ?? false]);
    expect(found.slice(1)).toEqual([
      [['1'], 'bad-quote', true],
      [[], 'bad-quote', true],
      [['6'], 'bad-quote', false],
    ]);
  });

  test.each(['\n', '\r\n'])('one byte over the limit is too long, the limit is not (line end %j)', async (end) => {
    const fits = 'x'.repeat(20 - end.length + 1);
    const content = bytesOf(`${fits}${end}${fits}y${end}"q"${end}`);
    for (let at = 0; at <= content.length; at += 1) {
      const { rows, dialect } = await read(splitAt(content, [at]), { maxRowBytes: 20 });
      expect(rows.map((row) => row.fault)).toEqual([null, 'row-too-long', null]);
      expect(rows[1]?.cells).toEqual([]);
      expect(dialect?.lineEnd).toBe(end === '\n' ? 'lf' : 'crlf');
    }
  });

  test('too many cells are too long too', async () => {
    const { rows } = await read('a,b\n1,2,3\n"1",2,3\n', { maxColumns: 2 });
    expect(rows.map((row) => row.fault)).toEqual([null, 'row-too-long', 'row-too-long']);
  });
});

describe('row numbers, last lines, dialect', () => {
  test('blank lines are skipped and counted, lines of blanks are rows', async () => {
    const { rows, dialect } = await read('a\n\n\r\n \n"b"\n\n');
    expect(rows.map(({ row, cells }) => [row, cells])).toEqual([
      [1, ['a']],
      [4, [' ']],
      [5, ['b']],
    ]);
    expect(dialect).toMatchObject({ blankLines: 3, lineEnd: 'mixed', endsWithLineEnd: true });
  });

  test.each([
    ['a,b\n1,2', true],
    ['a,b\n1,"2"', true],
    ['a,b\n1,2"', true],
    ['a,b\r\n1,2\r', true],
    ['a,b\n1,2\n', false],
  ])('only a last line without line end is unterminated: %j', async (content, unterminated) => {
    const { rows, dialect } = await read(content);
    expect(rows.map((row) => row.unterminated)).toEqual([false, unterminated]);
    expect(dialect?.endsWithLineEnd).toBe(!unterminated);
  });

  test('a carriage return inside a line belongs to its cell', async () => {
    expect(cellsOf(await read('a,b\n1\r,2\n"3\r",4\n5,"6",7\r\r\n8,"9",0\r'))).toEqual([
      ['a', 'b'],
      ['1\r', '2'],
      ['3\r', '4'],
      ['5', '6', '7\r'],
      ['8', '9', '0\r'],
    ]);
  });

  test('blank lines alone are an end without rows', async () => {
    const { rows, dialect } = await read('\n\n');
    expect(rows).toEqual([]);
    expect(dialect).toEqual({
      bytes: 2,
      byteOrderMark: false,
      encoding: 'utf-8',
      lineEnd: 'lf',
      blankLines: 2,
      endsWithLineEnd: true,
    });
  });

  test('many rows come in portions, in order, and again on a second reading', async () => {
    const content = Array.from({ length: 25_000 }, (_, i) => (i % 7 === 0 ? `"r${i}",x` : `r${i},x`)).join('\n');
    const table = csvTable('Users.CSV', async function* () {
      yield bytesOf(content);
    });
    expect(table.name).toBe('Users.CSV');
    for (const _ of [1, 2]) {
      const { rows } = await gather(table.read());
      expect(rows).toHaveLength(25_000);
      expect(rows.every((row, i) => row.row === i + 1 && row.cells[0] === `r${i}`)).toBe(true);
    }
  });
});
