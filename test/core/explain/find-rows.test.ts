import { findRows } from '../../../lib/core/explain/find-rows.ts';
import { entryOf } from '../../support/small-delivery.ts';

/** Finds the rows of `u1`, as `row:email`. */
const rowsOf = (text: string, header: readonly string[]) =>
  findRows({ entry: entryOf('users.csv', text), header }, (cell, row) =>
    cell('sourcedId').trim() === 'u1' ? `${row}:${cell('email')}` : null,
  );

const HEADER = ['sourcedId', 'email'];

describe('rows are found where findings count them', () => {
  test.each<[string, string, readonly string[], readonly string[], number]>([
    ['the first row after the header is row 2', 'sourcedId,email\nu1,a\nu2,b\n', HEADER, ['2:a'], 2],
    ['a user may have several', 'sourcedId,email\nu1,a\nu2,b\nu1,c\n', HEADER, ['2:a', '4:c'], 3],
    ['blank lines count', 'sourcedId,email\n\nu1,a\n', HEADER, ['3:a'], 1],
    ['CRLF', 'sourcedId,email\r\nu1,a\r\n', HEADER, ['2:a'], 1],
    ['columns in another order and case', 'EMAIL, sourcedid\na,u1\n', ['EMAIL', ' sourcedid'], ['2:a'], 1],
    ['a column that is not there is blank', 'sourcedId\nu1\n', ['sourcedId'], ['2:'], 1],
    ['a row that is too short', 'sourcedId,email\nu1\n', HEADER, ['2:'], 1],
    ['a row with a quote in the wrong place', 'sourcedId,email\nu1,a"b\n', HEADER, ['2:'], 1],
    ['only a header', 'sourcedId,email\n', HEADER, [], 0],
    ['no header that names ids', 'u1,a\nu1,b\n', ['u1', 'a'], [], 1],
  ])('%s', async (_, text, header, found, rows) => {
    expect(await rowsOf(text, header)).toEqual({ rows, fault: null, found });
  });

  test('the header is nobody, whatever somebody is called', async () => {
    const file = { entry: entryOf('users.csv', 'sourcedId,email\nu1,a\n'), header: HEADER };
    expect(await findRows(file, (_, row) => row)).toEqual({ rows: 1, fault: null, found: [2] });
  });

  test('up to the place where the file cannot be read any further', async () => {
    const text = 'sourcedId,email\nu1,a\nu2,"b\nu1,c\n';
    expect(await rowsOf(text, HEADER)).toMatchObject({ fault: 'unclosed-quote', found: ['2:a'] });
  });
});
