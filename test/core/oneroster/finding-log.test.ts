import { FINDING_KINDS, type FindingCode, fill } from '../../../lib/core/oneroster/finding-codes.ts';
import { DEFAULT_FINDING_LIMIT, FindingLog } from '../../../lib/core/oneroster/finding-log.ts';

test('all findings are counted, those up to the limit are listed, errors first', () => {
  const log = new FindingLog(3);
  for (let row = 2; row < 12; row++) log.add('metadata-columns', { file: 'a.csv', row }, { count: 1 });
  for (let row = 2; row < 4; row++) log.add('id-missing', { file: 'a.csv', row });
  log.add('header-only', { file: 'a.csv' });
  expect(log.counts).toEqual({
    error: 2,
    warning: 1,
    info: 10,
    byCode: { 'metadata-columns': 10, 'id-missing': 2, 'header-only': 1 },
  });
  expect(log.list().map(({ code, row }) => [code, row])).toEqual([
    ['id-missing', 2],
    ['id-missing', 3],
    ['header-only', null],
  ]);
});

test('a limit of 0 lists nothing and counts all', () => {
  const log = new FindingLog(0);
  log.add('id-missing');
  expect(log.list()).toEqual([]);
  expect(log.counts.error).toBe(1);
});

test('a flood of infos crowds out no error', () => {
  const log = new FindingLog();
  for (let i = 0; i < DEFAULT_FINDING_LIMIT * 2; i++) log.add('stray-file', { file: `${i}` });
  log.add('zip-broken');
  expect(log.list()).toHaveLength(DEFAULT_FINDING_LIMIT);
  expect(log.list()[0]?.code).toBe('zip-broken');
});

test('R8: what is said once is said once for each file and column', () => {
  const log = new FindingLog();
  for (const [file, column] of [
    ['a', 'x'],
    ['a', 'x'],
    ['a', 'y'],
    ['b', 'x'],
  ] as const) {
    log.addOnce('wrong-case', { file, column }, { column });
  }
  expect(log.counts.byCode).toEqual({ 'wrong-case': 3 });
});

test('R8b: severity by column is what the column asks for; others keep their own', () => {
  const log = new FindingLog();
  log.add('bad-date', {}, {}, 'warning');
  log.add('bad-date', {}, {}, 'error');
  log.add('header-only', {}, {}, 'error');
  expect(log.list().map(({ code, severity }) => `${code} ${severity}`)).toEqual([
    'bad-date error',
    'bad-date warning',
    'header-only warning',
  ]);
});

test('messages and hints are filled, and what has no value stays visible', () => {
  expect(fill('{count} of {kind}', { count: 2 })).toBe('2 of {kind}');
  const log = new FindingLog();
  log.add('bad-enumeration', { column: 'role' }, { column: 'role', values: 'a, b' }, 'error');
  expect(log.list()[0]).toMatchObject({ message: expect.stringMatching(/^role is/), hint: 'Use one of: a, b.' });
});

test('every code has a sentence and says what to do', () => {
  for (const [code, { says, hint }] of Object.entries(FINDING_KINDS)) {
    expect([code, /^[A-Z{a-z].*\.$/.test(says), /\.$|…$/.test(hint)]).toEqual([code as FindingCode, true, true]);
  }
});
