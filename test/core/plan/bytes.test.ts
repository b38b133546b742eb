import { headerOf } from '../../../lib/core/oneroster/tables.ts';
import { ModelTable } from '../../support/model-table.ts';
import { uploadOf } from '../../support/small-delivery.ts';
import {
  EXPORT,
  FILES,
  filesOf,
  type Outcome,
  planOf,
  subjectRow,
  textOf,
  withCells,
} from '../../support/small-upload.ts';

/** Bytes as exporters make them, through the whole engine (R7, R8). */
type Bytes = Record<string, string | Uint8Array>;

const NAMED = withCells(withCells(EXPORT, 'users', { givenName: 'Zoë 李 😀' }), 'orgs', { name: 'Škola "A", Nº 1' });
const planFiles = (files: Bytes, table?: ModelTable): Promise<Outcome> => planOf(uploadOf(files), table);
const encoded = (files: Record<string, string>, encode: (text: string) => Uint8Array): Bytes =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [name, encode(text)]));

const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');
const ENCODINGS: [string, string, (text: string) => Uint8Array][] = [
  ['UTF-16 little-endian', 'utf-16', utf16],
  ['UTF-16 big-endian', 'utf-16', (text) => utf16(text).swap16()],
  ['UTF-8 with a mark', 'byte-order-mark', (text) => Buffer.from(`\ufeff${text}`)],
];

test.each(ENCODINGS)('R8: %s is the same records, said once for each file', async (_name, code, encode) => {
  const plain = await planFiles(filesOf(NAMED));
  const outcome = await planFiles(encoded(filesOf(NAMED), encode));
  expect(outcome.changes.map(({ after }) => after)).toEqual(plain.changes.map(({ after }) => after));
  expect(outcome.record('users', 'user-x')?.['givenName']).toBe('Zoë 李 😀');
  expect(outcome.said.toSorted()).toEqual(FILES.map((file) => `info ${code} ${file}.csv - -`).toSorted());
});

/** 山田 and 学校 in Shift_JIS. */
const SHIFT_JIS = Buffer.from([0x8e, 0x52, 0x93, 0x63, 0x2c, 0x8a, 0x77, 0x8d, 0x5a]);

/** Puts bytes in place of the word `Lee` in the row of the file's subject. */
function withRawName(name: Uint8Array): Bytes {
  const files = filesOf(withCells(EXPORT, 'users', { familyName: '@@' }));
  const bytes = Buffer.from(files['users.csv']!, 'latin1');
  const at = bytes.indexOf('@@');
  return { ...files, 'users.csv': Buffer.concat([bytes.subarray(0, at), name, bytes.subarray(at + 2)]) };
}

test.each<[string, Uint8Array, string]>([
  ['Latin-1', Buffer.from('Núñez', 'latin1'), 'windows-1252'],
  ['Windows-1252', Buffer.concat([Buffer.from('O'), Buffer.from([0x92]), Buffer.from('Neil')]), 'windows-1252'],
  ['Shift_JIS', SHIFT_JIS.subarray(0, 4), 'shift_jis'],
])('R7: %s rejects the delivery and names the first bad row and the likely encoding', async (_name, bytes, likely) => {
  const table = new ModelTable();
  table.apply((await planOf(EXPORT)).changes);
  const { result, said } = await planFiles(withRawName(bytes), table);
  expect(result.verdict).toBe('rejected');
  expect(said).toContain(`error not-utf8 users.csv ${subjectRow('users')} -`);
  const found = result.findings.find(({ code }) => code === 'not-utf8');
  expect(found?.message).toContain(`it looks like ${likely}`);
});

test.each<[string, (text: string) => string | Uint8Array, string, number | '-']>([
  ['lines that end in CR only', (text) => text.replaceAll('\r\n', '\r'), 'bare-carriage-return', '-'],
  ['a NUL byte', (text) => text.replace('Ann', 'A\u0000n'), 'nul-byte', 2],
  ['UTF-16 without a mark', (text) => Buffer.from(text, 'utf16le'), 'nul-byte', 1],
  ['half a UTF-16 character', (text) => utf16(text).subarray(0, -1), 'not-utf8', subjectRow('users')],
  ['half a UTF-8 character', (text) => Buffer.from(`${text}é`).subarray(0, -1), 'not-utf8', subjectRow('users') + 1],
  ['a quote that is never closed', (text) => text.replace('Ann', '"Ann'), 'unclosed-quote', 2],
])('R7: %s rejects the delivery', async (_name, damage, code, row) => {
  const files = filesOf(EXPORT);
  const { result, said } = await planFiles({ ...files, 'users.csv': damage(files['users.csv']!) });
  expect(result.verdict).toBe('rejected');
  expect(said).toContain(`error ${code} users.csv ${row} -`);
});

test('R8: mixed line ends and blank lines are the same records, said once', async () => {
  const files = filesOf(EXPORT);
  const lines = files['users.csv']!.split('\r\n');
  const mixed = lines.map((line, i) => line + ['\n', '\r\n', '\n\n'][i % 3]).join('');
  const outcome = await planFiles({ ...files, 'users.csv': mixed });
  expect(outcome.said).toEqual(['info mixed-line-ends users.csv - -', 'info blank-lines users.csv - -']);
  expect(outcome.result.files['users']).toMatchObject({ rows: 4, errors: 0 });
});

test('R5: a row of 10 MB is one error; the others count, and nobody is removed for it', async () => {
  const table = new ModelTable();
  table.apply((await planOf(EXPORT)).changes);
  const huge = filesOf(withCells(EXPORT, 'users', { middleName: 'x'.repeat(10_000_000) }));
  const outcome = await planFiles(huge, table);
  const row = subjectRow('users');
  expect(outcome.result.verdict).toBe('accepted');
  expect(outcome.said).toEqual([`error row-too-long users.csv ${row} -`, 'warning removals-withheld users.csv - -']);
  expect(outcome.changes).toEqual([]);
});

test('R8: 2,000 columns are read; only the known ones count', async () => {
  const users = EXPORT.tables.users!;
  const extra = Array.from({ length: 2000 - users.columns.length }, (_, i) => `metadata.x${i}`);
  const wide = {
    columns: [...users.columns, ...extra],
    rows: users.rows.map((row) => ({ ...row, 'metadata.x9': 'y' })),
  };
  const outcome = await planFiles({ ...filesOf(EXPORT), 'users.csv': textOf(wide) });
  expect(outcome.said).toEqual(['info metadata-columns users.csv 1 -']);
  expect(outcome.changes.map(({ after }) => after)).toEqual((await planOf(EXPORT)).changes.map(({ after }) => after));
});

test('R7: more columns than any export has reject the delivery', async () => {
  const columns = [...headerOf('user'), ...Array.from({ length: 10_000 }, (_, i) => `c${i}`)];
  const { result } = await planFiles({ ...filesOf(EXPORT), 'users.csv': `${columns.join(',')}\r\n` });
  expect(result.verdict).toBe('rejected');
  expect(result.findings).toContainEqual(expect.objectContaining({ code: 'row-too-long', file: 'users.csv', row: 1 }));
});
