import { readManifest } from '../../../lib/core/delivery/manifest.ts';
import { FindingLog } from '../../../lib/core/oneroster/finding-log.ts';

const HEADER = 'propertyName,value';
const VERSIONS = ['manifest.version,1.0', 'oneroster.version,1.1'];
const MODES = ['file.users,bulk', 'file.orgs,absent', 'file.enrollments,delta'];
const WHOLE = [HEADER, ...VERSIONS, ...MODES];

function read(lines: readonly string[], endsWithLineEnd = true) {
  const log = new FindingLog();
  const rows = lines.map((line, i) => ({
    row: i + 1,
    cells: line.split(','),
    fault: null,
    unterminated: !endsWithLineEnd && i === lines.length - 1,
  }));
  const { manifest, sound } = readManifest(rows, 'manifest.csv', log);
  const said = log.list().map(({ code }) => code);
  return { version: manifest.version, modes: Object.fromEntries(manifest.modes), sound, said, log };
}

const EXPECTED = { users: 'bulk', orgs: 'absent', enrollments: 'delta' };

test('facts §3: a manifest as the standard writes it, in any order of rows', () => {
  for (const lines of [WHOLE, [HEADER, ...MODES, ...VERSIONS].concat('source.systemName,x', 'source.systemCode,y')]) {
    expect(read(lines)).toMatchObject({ version: '1.1', modes: EXPECTED, sound: true, said: [] });
  }
});

test.each<[string, string[], string[]]>([
  ['no header', WHOLE.slice(1), ['manifest-header']],
  ['the header propertyName,propertyValue', ['propertyName,propertyValue', ...WHOLE.slice(1)], ['manifest-header']],
  ['its header twice', [HEADER, ...WHOLE], ['manifest-repeated']],
  ['a row twice', [...WHOLE, 'file.users,bulk'], ['manifest-repeated']],
  ['a row twice in another case', [...WHOLE, 'FILE.USERS,Bulk'], ['manifest-repeated']],
  ['1 for 1.0', WHOLE.map((line) => line.replace('version,1.0', 'version,1')), ['manifest-version']],
  ['no manifest.version', WHOLE.filter((line) => !line.startsWith('manifest')), ['manifest-version']],
  ['a misspelt property', [...WHOLE, 'fiel.demographics,bulk'], ['manifest-unknown-property']],
  ['a blank mode', [...WHOLE, 'file.courses,'], ['manifest-blank-mode']],
  ['a row without a value', [...WHOLE, 'file.courses'], ['manifest-blank-mode']],
  ['blanks around', WHOLE.map((line) => line.replace(',', ' , ')), []],
  ['modes in capitals', WHOLE.map((line) => line.replace('bulk', 'BULK')), []],
  ['rows without a property', [...WHOLE, ',', ',bulk'], []],
  ['all files of 1.2', [...WHOLE, 'file.roles,absent', 'file.userProfiles,absent'], []],
])('facts §3: %s decides nothing', (_what, lines, said) => {
  const { roles: _roles, userProfiles: _profiles, ...modes } = read(lines).modes;
  expect(read(lines)).toMatchObject({ version: '1.1', sound: true, said });
  expect(modes).toEqual(EXPECTED);
});

test.each<[string, string[], string]>([
  ['a mode that is none', [...WHOLE, 'file.courses,full'], 'manifest-bad-mode'],
  ['one file with two modes', [...WHOLE, 'file.users,delta'], 'manifest-conflict'],
  ['one file with a mode and a blank', [...WHOLE, 'file.users,'], 'manifest-conflict'],
  ['two versions', [...WHOLE, 'oneroster.version,1.2'], 'manifest-conflict'],
  ['an unknown version', WHOLE.map((line) => line.replace('1.1', '3.0')), 'unsupported-version'],
])('R7: %s makes it unreadable', (_what, lines, code) => {
  const { sound, said } = read(lines);
  expect(sound).toBe(false);
  expect(said).toEqual([code]);
});

test.each([
  ['1.0', '1.0'],
  ['1', '1.0'],
  ['1.1', '1.1'],
  ['1.2', '1.2'],
  ['1.2.1', '1.2'],
])('R9: oneroster.version %s is read as %s', (text, version) => {
  expect(read([HEADER, `oneroster.version,${text}`, ...MODES])).toMatchObject({ version, sound: true });
});

test('R9: without oneroster.version it is 1.1, and that is said', () => {
  const lines = [HEADER, 'manifest.version,1.0', ...MODES];
  expect(read(lines)).toMatchObject({ version: '1.1', sound: true, said: ['manifest-no-version'] });
});

test.each(['file.courses', 'file.courses,', 'file.cou', 'f'])(
  'R16: a manifest that is cut after %j is not trusted',
  (last) => {
    const { sound, said } = read([...WHOLE, last], false);
    expect(sound).toBe(false);
    expect(said[0]).toBe('file-cut');
  },
);

test('the last row may lack its line end', () => {
  expect(read(WHOLE, false)).toMatchObject({ sound: true, said: [] });
});

test('design §2: what stands in an unknown property is not said', () => {
  const { log } = read([...WHOLE, 'canary,canary', 'canary,other']);
  expect(JSON.stringify(log.list())).not.toContain('canary');
});
