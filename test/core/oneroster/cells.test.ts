import { type CellReading, isRealDate, readerOf } from '../../../lib/core/oneroster/cells.ts';
import { type Column, type ColumnType, GRADES, TABLES } from '../../../lib/core/oneroster/tables.ts';

function read(type: ColumnType, cell: string, values?: readonly string[]): CellReading {
  const column: Column = { name: 'any', type, required: false, stored: true, ...(values ? { values } : {}) };
  const out: CellReading = { value: '', bad: null, odd: null };
  readerOf(column)(cell, out);
  return out;
}

/** `=` the value, with `~code` where it is odd; `!code` where it cannot be read. */
function told(type: ColumnType, cell: string, values?: readonly string[]): string {
  const { value, bad, odd } = read(type, cell, values);
  if (bad !== null) return `!${bad}`;
  return odd === null ? `=${value}` : `=${value} ~${odd}`;
}

test.each([
  ['2026-08-15', '=2026-08-15'],
  ['2024-02-29', '=2024-02-29'],
  ['2000-02-29', '=2000-02-29'],
  ['2026-02-29', '!bad-date'],
  ['1900-02-29', '!bad-date'],
  ['2026-04-31', '!bad-date'],
  ['2026-13-01', '!bad-date'],
  ['2026-00-10', '!bad-date'],
  ['2026-01-00', '!bad-date'],
  ['2026-8-15', '!bad-date'],
  ['20260815', '!bad-date'],
  ['15/08/2026', '!bad-date'],
  ['8/15/2026', '!bad-date'],
  ['15.08.2026', '!bad-date'],
  ['2026-08-15 ', '!bad-date'],
  ['2026-08-15T00:00:00', '=2026-08-15 ~date-with-time'],
  ['2026-08-15T00:00:00.000Z', '=2026-08-15 ~date-with-time'],
  ['2026-08-15 00:00:00', '=2026-08-15 ~date-with-time'],
  ['2026-08-15T00:00', '=2026-08-15 ~date-with-time'],
  ['2026-08-15T00:00:00+00:00', '=2026-08-15 ~date-with-time'],
  ['2026-08-15T00:00:00+02:00', '!bad-date'],
  ['2026-08-15T06:30:00Z', '!bad-date'],
  ['2026-02-30T00:00:00Z', '!bad-date'],
  ['NULL', '!bad-date'],
])('R8: date %s', (cell, expected) => {
  expect(told('date', cell)).toBe(expected);
});

test('a cell that was read before is no excuse for the next', () => {
  const column: Column = { name: 'any', type: 'date', required: false, stored: true };
  const reader = readerOf(column);
  const readAs = (cell: string) => {
    const out: CellReading = { value: '', bad: null, odd: null };
    reader(cell, out);
    return out.bad ?? out.value;
  };
  const cells = ['2028-02-29', '2028-02-29', '2027-02-29', '2027-02-29', '2028-02-29'];
  expect(cells.map(readAs)).toEqual(['2028-02-29', '2028-02-29', 'bad-date', 'bad-date', '2028-02-29']);
});

test.each([
  ['2012-04-23T18:25:43.511Z', '=2012-04-23T18:25:43.511Z'],
  ['2012-04-23T18:25:43Z', '=2012-04-23T18:25:43Z'],
  ['2012-04-23T18:25:43+02:00', '=2012-04-23T18:25:43+02:00'],
  ['2012-04-23', '=2012-04-23'],
  ['2016-12-31T23:59:60Z', '=2016-12-31T23:59:60Z'],
  ['2012-04-23 18:25:43', '!bad-date-time'],
  ['2012-02-30T18:25:43Z', '!bad-date-time'],
  ['2012-04-23T24:00:00Z', '!bad-date-time'],
  ['2012-04-23T18:60:00Z', '!bad-date-time'],
  ['4/23/2012', '!bad-date-time'],
])('R8b: dateTime %s', (cell, expected) => {
  expect(told('dateTime', cell)).toBe(expected);
});

test.each([
  ['true', '=true'],
  ['false', '=false'],
  ['TRUE', '=true ~wrong-case'],
  ['False', '=false ~wrong-case'],
  [' true ', '=true ~wrong-case'],
  ['1', '!bad-boolean'],
  ['yes', '!bad-boolean'],
  ['Y', '!bad-boolean'],
])('R8b: boolean %j', (cell, expected) => {
  expect(told('boolean', cell)).toBe(expected);
});

test.each([
  ['scheduled', '=scheduled'],
  ['Scheduled', '=scheduled ~wrong-case'],
  ['HOMEROOM', '=homeroom ~wrong-case'],
  ['sheduled', '!bad-enumeration'],
  ['homeroom,scheduled', '!bad-enumeration'],
])('R8b: enumeration %s', (cell, expected) => {
  expect(told('enumeration', cell, ['homeroom', 'scheduled'])).toBe(expected);
});

test.each([
  ['2027', '=2027'],
  ['27', '!bad-year'],
  ['2026-2027', '!bad-year'],
  [' 2027', '!bad-year'],
])('year %j', (cell, expected) => {
  expect(told('year', cell)).toBe(expected);
});

test.each([
  ['a', '=a'],
  ['a,b', '=a,b'],
  ['a, b ,c', '=a,b,c'],
  ['a,,b', '!bad-list'],
  ['a,', '!bad-list'],
  [',', '!bad-list'],
  ['a\u0007,b', '!control-character'],
  ['a\tb', '!control-character'],
])('R8: list %j', (cell, expected) => {
  expect(told('stringList', cell)).toBe(expected);
});

test.each([
  ['o1', '=o1'],
  ['o1,o2', '=o1,o2'],
  ['o1, o2', '=o1,o2'],
  ['o1,,o2', '!bad-list'],
  [`o1,${'x'.repeat(256)}`, '!bad-reference'],
])('R8: list of references %j', (cell, expected) => {
  expect(told('referenceList', cell)).toBe(expected);
});

test.each([
  ['c1', '=c1'],
  [' c1', '!bad-reference'],
  ['c1\u00a0', '!bad-reference'],
  ['1.5E+10', '!bad-reference'],
])('R20: reference %j', (cell, expected) => {
  expect(told('reference', cell)).toBe(expected);
});

test.each([
  ['{LDAP:a}', '={LDAP:a}'],
  ['{LDAP:a},{Fed:b}', '={LDAP:a},{Fed:b}'],
  ['{LDAP:a}, {Fed:b}', '={LDAP:a},{Fed:b}'],
  ['{LDAP:}', '={LDAP:}'],
  ['12345', '!bad-user-id'],
  ['[]', '!bad-user-id'],
  ['{LDAP:a},b', '!bad-user-id'],
  ['{:}', '={:}'],
  ['{a:b:c}', '={a:b:c}'],
])('userIds %s', (cell, expected) => {
  expect(told('userIdList', cell)).toBe(expected);
});

test.each([
  ['KG', '=KG'],
  ['07', '=07'],
  ['Other', '=Other'],
  ['7', '=7 ~grade-vocabulary'],
  ['kg', '=kg ~grade-vocabulary'],
  ['Grade 7', '=Grade 7 ~grade-vocabulary'],
  ['01,02', '=01,02'],
  ['01,2', '=01,2 ~grade-vocabulary'],
])('facts §5: grade %s is kept as it is', (cell, expected) => {
  expect(told('grade', cell)).toBe(expected);
  expect(told('gradeList', cell)).toBe(expected);
});

test('the CEDS grades are all in the vocabulary', () => {
  expect(GRADES).toHaveLength(21);
  for (const grade of GRADES) expect(told('grade', grade)).toBe(`=${grade}`);
});

test.each([
  ['Zoë', '=Zoë'],
  ['NULL', '=NULL'],
  ['a\u001fb', '!control-character'],
  ['a\u007f', '!control-character'],
  ['a\nb', '!control-character'],
  ['=1+1', '==1+1'],
])('string %j', (cell, expected) => {
  expect(told('string', cell)).toBe(expected);
});

test('a real date has a month and a day that exist', () => {
  expect(isRealDate('2026-12-31')).toBe(true);
  expect(isRealDate('2026-12-32')).toBe(false);
  expect(isRealDate('2026-12-31T00:00:00Z')).toBe(false);
});

test('every column of the standard can be read', () => {
  for (const { columns } of Object.values(TABLES)) {
    for (const column of columns) expect(typeof readerOf(column)).toBe('function');
  }
});
