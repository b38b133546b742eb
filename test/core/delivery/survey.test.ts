import { surveyUpload } from '../../../lib/core/delivery/survey.ts';
import type { Upload } from '../../../lib/core/delivery/upload.ts';
import { FindingLog } from '../../../lib/core/oneroster/finding-log.ts';
import { headerOf } from '../../../lib/core/oneroster/tables.ts';
import { inMode, PLAIN } from '../../support/plain-delivery.ts';
import { check } from '../../support/plan-trial.ts';
import { entryOf, filesOf, uploadOf } from '../../support/small-delivery.ts';

const FILES = filesOf(PLAIN);
const { 'manifest.csv': MANIFEST = '', ...TABLE_FILES } = FILES;

async function survey(files: Record<string, string>, packaging: Upload['packaging'] = 'folder') {
  const log = new FindingLog();
  const found = await surveyUpload(uploadOf(files, packaging), log);
  const modes = Object.fromEntries([...found.files.values()].map(({ file, mode }) => [file, mode]));
  const said = log.list().map(({ code, file }) => (file === null ? code : `${code} ${file}`));
  return { ...found, modes, said };
}

const inFolder = (folder: string, files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));

test('a whole delivery: version and modes as the manifest says, nothing to remark', async () => {
  const found = await survey(FILES);
  expect(found).toMatchObject({ version: '1.1', verdict: 'accepted', complete: true, hasManifest: true, said: [] });
  expect(new Set(Object.values(found.modes))).toEqual(new Set(['bulk']));
  expect(found.hasDelta).toBe(false);
});

test('R15: a delta file makes it a delta; one that is not read does not', async () => {
  expect((await survey(filesOf(inMode(PLAIN, 'delta', 'enrollment')))).hasDelta).toBe(true);
  const results = { ...FILES, 'results.csv': 'sourcedId\n', 'manifest.csv': `${MANIFEST}file.results,delta\n` };
  expect(await survey(results)).toMatchObject({ hasDelta: false, modes: { results: 'delta' } });
});

test('R8: one enclosing folder, in any depth of spelling', async () => {
  const found = await survey(inFolder('Export 2026-11-23', FILES));
  expect(found).toMatchObject({ verdict: 'accepted', said: ['enclosing-folder'] });
  expect(found.files.get('users')?.name).toBe('users.csv');
});

test('R8: two folders are not one: nothing in them is taken', async () => {
  const found = await survey({ ...inFolder('a', { 'users.csv': 'x' }), ...inFolder('b', { 'orgs.csv': 'y' }) });
  expect(found.verdict).toBe('rejected');
  expect(found.said).toEqual(['no-roster-file', 'stray-file a/users.csv', 'stray-file b/orgs.csv']);
});

test('R8: other files are named and not read', async () => {
  const strays = { 'readme.txt': 'x', 'students.csv': 'a,b\n', 'old/users.csv': 'x' };
  const found = await survey({ ...FILES, ...strays });
  expect(found.verdict).toBe('accepted');
  expect(found.said.toSorted()).toEqual([
    'stray-file old/users.csv',
    'stray-file readme.txt',
    'stray-file students.csv',
  ]);
});

test('facts §1: files of OneRoster that are not stored are named', async () => {
  const manifest = `${MANIFEST}file.results,bulk\nfile.categories,absent\n`;
  const found = await survey({ ...FILES, 'results.csv': '"broken', 'manifest.csv': manifest });
  expect(found).toMatchObject({ verdict: 'accepted', said: ['not-stored-file results.csv'] });
});

test('R8: dated names and other cases are recognised and said', async () => {
  const { 'users.csv': users = '', ...others } = FILES;
  const found = await survey({ ...others, '20261123_Users.CSV': users });
  expect(found).toMatchObject({ verdict: 'accepted', said: ['file-name-dialect 20261123_Users.CSV'] });
});

test('R7: one file under two names is refused', async () => {
  const found = await survey({ ...FILES, 'USERS.csv': FILES['users.csv']! });
  expect(found.verdict).toBe('rejected');
  expect(found.said).toContain('duplicate-file USERS.csv');
});

test('R4: without a manifest every file is bulk', async () => {
  const found = await survey(TABLE_FILES);
  expect(found).toMatchObject({ version: '1.1', verdict: 'accepted', hasManifest: false, said: ['manifest-missing'] });
  expect(new Set(Object.values(found.modes))).toEqual(new Set(['bulk']));
});

test.each(['orgs', 'academicSessions', 'courses', 'classes', 'users', 'enrollments'])(
  'R16: without a manifest %s.csv must be there',
  async (file) => {
    const { [`${file}.csv`]: _gone, ...others } = TABLE_FILES;
    const found = await survey(others);
    expect(found).toMatchObject({ verdict: 'incomplete', complete: false });
    expect(found.said).toContain(`rostering-file-missing ${file}.csv`);
  },
);

test('R7: listed and not there is incomplete, listed absent and there is not read', async () => {
  const { 'users.csv': _users, ...others } = FILES;
  expect(await survey(others)).toMatchObject({ verdict: 'incomplete', said: ['file-missing users.csv'] });
  const manifest = MANIFEST.replace('users,bulk', 'users,absent');
  const found = await survey({ ...FILES, 'manifest.csv': manifest });
  expect(found).toMatchObject({ verdict: 'accepted', modes: { users: 'absent' }, said: ['listed-absent users.csv'] });
});

test('R4: a file that the manifest does not list is bulk, and that is said', async () => {
  const manifest = MANIFEST.replace('file.users,bulk\n', '');
  const found = await survey({ ...FILES, 'manifest.csv': manifest });
  expect(found).toMatchObject({ verdict: 'accepted', modes: { users: 'bulk' }, said: ['manifest-unlisted users.csv'] });
});

test('facts §3: only manifest.csv, all absent, means that nothing changed', async () => {
  const manifest = MANIFEST.replaceAll(',bulk', ',absent');
  expect(await survey({ 'manifest.csv': manifest })).toMatchObject({ verdict: 'accepted', complete: true, said: [] });
});

test('R7: a manifest that cannot be read is not guessed', async () => {
  const found = await survey({ ...FILES, 'manifest.csv': 'propertyName,"value\n' });
  expect(found.verdict).toBe('rejected');
  expect(found.said).toEqual(expect.arrayContaining(['manifest-unreadable manifest.csv']));
});

test('R9: look-alikes are rejected by name; with a manifest of OneRoster they are not look-alikes', async () => {
  const sds = { 'classes.csv': 'sourcedId,orgSourcedId,title\n', 'orgs.csv': 'sourcedId,name,type\n' };
  expect(await survey(sds)).toMatchObject({ verdict: 'rejected', said: ['look-alike'] });
  expect((await survey({ ...sds, 'manifest.csv': MANIFEST })).said).not.toContain('look-alike');
});

test.each([
  ['classes.csv', headerOf('class').join(',').replace('termSourcedIds', 'termSourcedId'), '1.0'],
  ['users.csv', headerOf('user').join(',').replace('userIds', 'userId'), '1.0'],
  ['users.csv', headerOf('user').join(','), '1.1'],
])('R9: without a manifest the columns of %s tell the version', async (name, header, version) => {
  expect(await survey({ ...TABLE_FILES, [name]: `${header}\n` })).toMatchObject({ version });
});

test('R9: without a manifest, roles.csv and no role in users.csv is 1.2', async () => {
  const users = headerOf('user').filter((name) => name !== 'role' && name !== 'orgSourcedIds');
  const files = { ...TABLE_FILES, 'users.csv': `${users.join(',')}\n`, 'roles.csv': 'sourcedId,userSourcedId\n' };
  expect(await survey(files)).toMatchObject({ version: '1.2' });
});

describe('check of one file', () => {
  test('needs no manifest and no other file', async () => {
    expect(await survey({ 'users.csv': FILES['users.csv']! }, 'file')).toMatchObject({ verdict: 'accepted', said: [] });
  });

  test('knows its table by its columns under any name', async () => {
    const found = await survey({ 'Download (3).csv': FILES['users.csv']! }, 'file');
    expect(found.modes).toEqual({ users: 'bulk' });
    expect(found.said).toEqual(['file-name-dialect Download (3).csv']);
  });

  test('does not guess where no table fits', async () => {
    expect(await survey({ 'x.csv': 'a,b\n1,2\n' }, 'file')).toMatchObject({ verdict: 'rejected' });
  });

  test('of zero bytes says so', async () => {
    expect((await survey({ 'orgs.csv': '' }, 'file')).said).toEqual(['empty-file orgs.csv']);
  });
});

test('faults of the package end the survey', async () => {
  const log = new FindingLog();
  const found = await surveyUpload(
    { packaging: 'zip', entries: [entryOf('users.csv', 'x')], faults: ['zip-ratio'] },
    log,
  );
  expect(found.verdict).toBe('rejected');
  expect(log.list().map(({ code }) => code)).toEqual(['zip-ratio']);
});

test('R5 R7: a mode behind a wrong quote is not a blank one, which would be read as bulk', async () => {
  const manifest = `${MANIFEST.replace(/file\.users,.*\n/, '')}file.users,del"ta"\n`;
  expect(await survey({ ...FILES, 'manifest.csv': manifest })).toMatchObject({ verdict: 'rejected' });
  expect((await survey({ ...FILES, 'manifest.csv': manifest })).said).toContain('bad-quote manifest.csv');
});

describe('R16: modes that a manifest has, but not where they can be read, are not taken for bulk', () => {
  const [header = '', ...rows] = MANIFEST.replaceAll(',bulk', ',delta').trimEnd().split(/\r?\n/);
  const lines = [header, ...rows];
  test.each<[string, string]>([
    ['carriage returns between its rows, and one line feed', `${lines.join('\r')}\r\n`],
    ['carriage returns after its header', `${header}\n${rows.join('\r')}\n`],
    ['its line ends lost', `${header}\n${rows.join('')}\n`],
    ['blanks for line ends', `${header}\n${rows.join(' ')}\n`],
    ['one row', `${lines.join(',')}\n`],
    ['rows and columns changed places', `${columnOf(rows, 0)}\n${columnOf(rows, 1)}\n`],
    ['whole rows in quotes', lines.map((line) => `"${line}"\n`).join('')],
    ['colons for commas', `${lines.join('\n').replaceAll(',', ':')}\n`],
    ['semicolons and no header', `${rows.join('\n').replaceAll(',', ';')}\n`],
    ['a blank first column', lines.map((line) => `,${line}\n`).join('')],
    ['file names for properties', `${lines.join('\n').replace('file.users', 'users.csv')}\n`],
    [
      'a row that ran into the name of the system',
      `${lines.join('\n').replace('\nfile.users', '\nsource.systemName,SISfile.users')}\n`,
    ],
  ])('%s', async (_, text) => {
    const found = await survey({ ...FILES, 'manifest.csv': text });
    expect(found.verdict).toBe('rejected');
    expect(found.said).toContain('manifest-mode-missing users.csv');
  });

  test('Delta County is no delta', async () => {
    const text = `${MANIFEST.replace(/file\.users.*\r?\n/, '')}source.systemName,Delta County\r\n`;
    const found = await survey({ ...FILES, 'manifest.csv': text });
    expect(found.verdict).toBe('accepted');
    expect(found.said).toEqual(['manifest-unlisted users.csv']);
  });
});

function columnOf(rows: readonly string[], at: number): string {
  return rows.map((row) => row.split(',')[at]).join(',');
}

describe('R7: behind a damaged header no column is called missing', () => {
  const header = headerOf('user');
  const quoted = (separator: string) => `${header.map((name) => `"${name}"`).join(separator)}\n`;
  test.each<[string, string, string]>([
    ['quoted cells between semicolons', quoted(';'), 'semicolons'],
    ['quoted cells between tabs', quoted('\t'), 'tabs'],
    ['quoted cells between bars', quoted('|'), 'vertical bars'],
    ['a stray quote', `sourcedId,sta"tus\n`, 'quote'],
    ['a row of many MB', `${'x'.repeat(2_000_000)}\n`, 'longer'],
    ['more columns than a row may have', `${header.join(',')}${',x'.repeat(10_000)}\n`, 'longer'],
  ])('%s', async (_, text, word) => {
    const { result } = await check(uploadOf({ ...FILES, 'users.csv': text }));
    expect(result.verdict).toBe('rejected');
    const errors = result.findings.filter(({ severity }) => severity === 'error');
    expect(errors).toEqual([expect.objectContaining({ file: 'users.csv', row: 1 })]);
    expect(errors[0]?.message).toContain(word);
  });

  test.each<[string, (text: string) => string]>([
    ['a carriage return for the first line end', (text) => text.replace(/\r?\n/, '\r')],
    ['carriage returns for all line ends but the last', (text) => `${text.trimEnd().replaceAll(/\r?\n/g, '\r')}\n`],
    ['two carriage returns in every line end', (text) => text.replaceAll(/\r?\n/g, '\r\r\n')],
  ])('%s is called that', async (_, change) => {
    const { result } = await check(uploadOf({ ...FILES, 'users.csv': change(FILES['users.csv'] ?? '') }));
    expect(result.verdict).toBe('rejected');
    const errors = result.findings.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ code: 'bare-carriage-return', file: 'users.csv', row: 1 }]);
  });
});

test('a fault of the package names the entry, and shows nothing that could steer a terminal', async () => {
  const log = new FindingLog();
  const faults = ['zip-unsafe-path', 'zip-duplicate-entry', 'zip-ratio'] as const;
  const faultPaths = [`../\u001b[2J${'x'.repeat(300)}`, 'users.csv', null];
  await surveyUpload({ packaging: 'zip', entries: [], faults, faultPaths }, log);
  const files = Object.fromEntries(log.list().map(({ code, file }) => [code, file]));
  expect(files).toEqual({
    'zip-unsafe-path': `../?[2J${'x'.repeat(93)}`,
    'zip-duplicate-entry': 'users.csv',
    'zip-ratio': null,
  });
});
