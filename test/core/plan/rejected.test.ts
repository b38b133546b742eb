import type { FindingCode } from '../../../lib/core/oneroster/finding-codes.ts';
import { ModelTable } from '../../support/model-table.ts';
import { PLAIN } from '../../support/plain-delivery.ts';
import { planAgainst, sync } from '../../support/plan-trial.ts';
import { filesOf, uploadOf } from '../../support/small-delivery.ts';

const FILES = filesOf(PLAIN);

/** The plain delivery with one file written otherwise; null leaves it out. */
function withFile(
  name: string,
  text: ((before: string) => string | Uint8Array) | null,
): Record<string, string | Uint8Array> {
  const { [name]: before = '', ...others } = FILES;
  return text === null ? others : { ...others, [name]: text(before) };
}

const utf16 = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'));
const latin1 = (text: string) => new Uint8Array(Buffer.from(text.replace('Lee', 'L\u00e9e'), 'latin1'));

const REJECTED: [string, FindingCode, Record<string, string | Uint8Array>][] = [
  ['latin-1 bytes', 'not-utf8', withFile('users.csv', latin1)],
  ['UTF-16 without a mark', 'nul-byte', withFile('users.csv', utf16)],
  ['an unclosed quote', 'unclosed-quote', withFile('users.csv', (text) => text.replace('Lee', '"Lee'))],
  ['lines that end in CR', 'bare-carriage-return', withFile('orgs.csv', (text) => text.replaceAll('\r\n', '\r'))],
  ['zero bytes', 'empty-file', withFile('classes.csv', () => '')],
  ['semicolons', 'wrong-separator', withFile('orgs.csv', (text) => text.replaceAll(',', ';'))],
  ['a required column missing', 'column-missing', withFile('users.csv', (text) => text.replace('username', 'login'))],
  ['two columns of one name', 'duplicate-column', withFile('users.csv', (text) => text.replace('middleName', 'email'))],
  [
    'blank column names',
    'blank-column',
    withFile('orgs.csv', (text) => text.replace('identifier,parentSourcedId', ',')),
  ],
  ['a last row that is cut', 'file-cut', withFile('users.csv', (text) => text.slice(0, -40))],
  [
    'a last row that is cut in its last cell',
    'file-cut',
    withFile('enrollments.csv', (text) => `${text.trimEnd()}2026-0`),
  ],
  [
    'a mode that is none',
    'manifest-bad-mode',
    withFile('manifest.csv', (text) => text.replace('users,bulk', 'users,ful')),
  ],
  ['two modes for one file', 'manifest-conflict', withFile('manifest.csv', (text) => `${text}file.users,delta\n`)],
  ['a version of the future', 'unsupported-version', withFile('manifest.csv', (text) => text.replace('1.1', '2.0'))],
  ['two files of one name', 'duplicate-file', { ...FILES, 'Users.CSV': FILES['users.csv']! }],
  ['nothing of OneRoster', 'no-roster-file', { 'photo.jpg': 'x', 'students.csv': 'a,b\n' }],
];

test.each(REJECTED)(
  'R7 R16: %s rejects the delivery (%s), and its plan may not be used',
  async (_name, code, files) => {
    const table = new ModelTable();
    await sync(uploadOf(FILES), table);
    const { result } = await planAgainst(uploadOf(files), table);
    expect(result.verdict).toBe('rejected');
    expect(result.findings).toContainEqual(expect.objectContaining({ code, severity: 'error' }));
  },
);

test('R7: faults of the zip itself reject the delivery, and nothing of it is read', async () => {
  const { result, changes } = await planAgainst(
    { packaging: 'zip', entries: uploadOf(FILES).entries, faults: ['zip-broken'] },
    new ModelTable(),
  );
  expect(result.verdict).toBe('rejected');
  expect(result.files).toEqual({});
  expect(changes).toEqual([]);
});

test('R7: one broken file does not hide the faults of the others', async () => {
  const files = { ...withFile('orgs.csv', (text) => text.replace('type', 'kind')) };
  files['users.csv'] = FILES['users.csv']!.replace('student.name', '');
  const { result } = await planAgainst(uploadOf(files), new ModelTable());
  expect(Object.keys(result.findingCounts.byCode)).toEqual(
    expect.arrayContaining(['column-missing', 'required-missing', 'references-not-checked']),
  );
  const unresolved = result.findings.filter(({ code }) => code === 'unresolved-reference');
  expect(unresolved.map(({ column }) => column)).toEqual(['userSourcedId', 'sourcedId']);
});

test('R7: a file that the manifest lists but that is not there: incomplete, and no change is planned', async () => {
  const table = new ModelTable();
  await sync(uploadOf(FILES), table);
  const { result, changes } = await planAgainst(uploadOf(withFile('enrollments.csv', null)), table);
  expect(result.verdict).toBe('incomplete');
  expect(changes).toEqual([]);
  expect(result.findings).toContainEqual(expect.objectContaining({ code: 'file-missing', file: 'enrollments.csv' }));
});

test('R16: without a manifest all six rostering files are needed', async () => {
  const { 'manifest.csv': _manifest, 'courses.csv': _courses, ...files } = FILES;
  const { result, changes } = await planAgainst(uploadOf(files), new ModelTable());
  expect(result.verdict).toBe('incomplete');
  expect(changes).toEqual([]);
  expect(result.findingCounts.byCode).toMatchObject({ 'manifest-missing': 1, 'rostering-file-missing': 1 });
});

test('R7: a file that is listed absent is not read, whatever is in it', async () => {
  const files = withFile('demographics.csv', () => '"broken');
  files['manifest.csv'] = FILES['manifest.csv']!.replace('demographics,bulk', 'demographics,absent');
  const { result } = await planAgainst(uploadOf(files), new ModelTable());
  expect(result.verdict).toBe('accepted');
  expect(result.changes.demographics.add).toBe(0);
  expect(result.findingCounts.byCode).toEqual({ 'listed-absent': 1 });
});

test('R6 R7: a file of which every row is cut off by a fault plans no removal that an accepted verdict would carry', async () => {
  const table = new ModelTable();
  await sync(uploadOf(FILES), table);
  const { result, changes } = await planAgainst(uploadOf(withFile('users.csv', (text) => text.slice(0, 300))), table);
  expect(result.verdict).toBe('rejected');
  expect(changes.filter(({ kind }) => kind === 'user')).toEqual([]);
});
