import { Readable } from 'node:stream';
import csvParser from 'csv-parser';
import { readTable } from '../../../lib/adapters/csv/csv-table.ts';
import { bytesOf, cellsOf, read, splitAt } from './read-events.ts';

/** What csv-parser alone makes of chunks: the reason why each case below is kept away from it. */
const alone = async (chunks: readonly Buffer[], options: csvParser.Options = {}): Promise<unknown[]> => {
  const rows: unknown[] = [];
  const source = Readable.from(
    chunks.map((chunk) => Buffer.from(chunk)),
    { objectMode: false },
  );
  for await (const row of source.pipe(csvParser(options))) rows.push(row);
  return rows;
};

/** Each row of the table of probed facts about csv-parser, with the bytes that show it. */
describe('what csv-parser gets wrong, read right', () => {
  test('a chunk that ends between \\r and \\n of the header', async () => {
    const file = bytesOf('sourcedId,status\r\na,active\r\n');
    const chunks = splitAt(file, [file.indexOf('\n')]);
    expect(await alone(chunks)).not.toEqual([{ sourcedId: 'a', status: 'active' }]);
    expect(cellsOf(await read(chunks))).toEqual([
      ['sourcedId', 'status'],
      ['a', 'active'],
    ]);
  });

  test('a byte order mark stays out of the first header', async () => {
    const file = bytesOf('\ufeffsourcedId,status\r\na,active\r\n');
    expect(Object.keys((await alone([file]))[0] as object)[0]).toBe('\ufeffsourcedId');
    const outcome = await read(file);
    expect(outcome.rows[0]?.cells).toEqual(['sourcedId', 'status']);
    expect(outcome.dialect?.byteOrderMark).toBe(true);
  });

  test.each(['sourcedId,sourcedId\n1,2\n', 'sourcedId,__proto__\n1,2\n', '"sourcedId","__proto__"\n"1","2"\n'])(
    'no column is lost to its name: %j',
    async (content) => {
      expect(Object.keys((await alone([bytesOf(content)]))[0] as object)).toHaveLength(1);
      const [header, row] = cellsOf(await read(content));
      expect(header).toHaveLength(2);
      expect(row).toEqual(['1', '2']);
    },
  );

  test('short, long and blank rows keep their width and their place', async () => {
    const content = 'a,b\n1\n\n1,2,3\n"1"\n"1",2,"3"\n';
    expect(await alone([bytesOf(content)])).toContainEqual({});
    const { rows } = await read(content);
    expect(rows.map(({ row, cells }) => [row, cells.length])).toEqual([
      [1, 2],
      [2, 1],
      [4, 3],
      [5, 1],
      [6, 3],
    ]);
  });

  test('a row of another width ends nothing', async () => {
    const content = 'a,b\n"1"\n2,3\n';
    await expect(alone([bytesOf(content)], { strict: true })).rejects.toThrow(RangeError);
    expect(cellsOf(await read(content))).toEqual([['a', 'b'], ['1'], ['2', '3']]);
  });

  test('an unclosed quote is a fault of its row and swallows nothing silently', async () => {
    const content = 'a,b\n1,"2\n3,4\n5,6\n';
    expect(await alone([bytesOf(content)])).toHaveLength(1);
    const { rows, fault } = await read(content);
    expect(rows.map((row) => row.cells)).toEqual([['a', 'b']]);
    expect(fault).toEqual({ type: 'fault', code: 'unclosed-quote', row: 2 });
  });

  test('a stray quote is a fault of its row alone', async () => {
    const content = 'a,b,c\n1,5" pipe,3\n4,"5"x,6\n7,8,9\n';
    expect(await alone([bytesOf(content)])).toHaveLength(1);
    const { rows, fault } = await read(content);
    expect(fault).toBeNull();
    expect(rows.slice(1)).toEqual([
      { row: 2, cells: ['1'], fault: 'bad-quote', unterminated: false },
      { row: 3, cells: ['4'], fault: 'bad-quote', unterminated: false },
      { row: 4, cells: ['7', '8', '9'], fault: null, unterminated: false },
    ]);
  });

  test('bytes that are not UTF-8 are refused, not replaced', async () => {
    const file = Buffer.concat([bytesOf('a,b\n1,"Mu'), Buffer.from([0xf1]), bytesOf('oz"\n')]);
    expect(JSON.stringify(await alone([file]))).toContain('\ufffd');
    const { rows, fault } = await read(file);
    expect(rows.map((row) => row.cells)).toEqual([['a', 'b']]);
    expect(fault).toEqual({ type: 'fault', code: 'not-utf8', row: 2, likelyEncoding: 'windows-1252' });
  });

  test('the bytes of the source are left as they were', async () => {
    const file = bytesOf('"a","b ""x"""\n"1","2"\n');
    const before = Buffer.from(file);
    const source = async function* () {
      yield file;
    };
    for await (const event of readTable(source)) expect(event.type).not.toBe('fault');
    expect(file.equals(before)).toBe(true);
    for await (const _ of Readable.from([file], { objectMode: false }).pipe(csvParser({ headers: false })));
    expect(file.equals(before)).toBe(false);
  });
});
