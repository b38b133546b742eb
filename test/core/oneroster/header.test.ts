import { FindingLog } from '../../../lib/core/oneroster/finding-log.ts';
import { readHeader } from '../../../lib/core/oneroster/header.ts';
import { RECORD_KINDS, type RecordKind } from '../../../lib/core/oneroster/kinds.ts';
import { headerOf, TABLES } from '../../../lib/core/oneroster/tables.ts';
import { headerColumnsOf } from '../../../lib/core/oneroster/version-1p2.ts';

function read(kind: RecordKind, line: string, mode: 'bulk' | 'delta' = 'bulk', version = '1.1') {
  const log = new FindingLog();
  const header = readHeader(line.split(','), { ...headerColumnsOf(kind, version), mode }, 'file.csv', log);
  return { header, said: log.list().map(({ code, column }) => (column === null ? code : `${code} ${column}`)), log };
}

const ORGS = headerOf('org').join(',');

test.each(RECORD_KINDS)('facts §5: the header of %s as the standard writes it says nothing', (kind) => {
  const { header, said } = read(kind, headerOf(kind).join(','));
  expect(said).toEqual([]);
  expect(header?.width).toBe(headerOf(kind).length);
  expect(header?.indexOf.get('sourcedId')).toBe(0);
});

test.each([
  ['another order', ORGS.replace('name,type', 'type,name'), ['column-order']],
  ['metadata columns', `${ORGS},metadata.a,metadata.b`, ['metadata-columns']],
  ['an unknown column', `${ORGS},principal`, ['unknown-columns']],
  ['an optional column missing', ORGS.replace(',identifier', ''), ['optional-columns-missing']],
  ['another case', ORGS.replace('sourcedId', 'SourcedID'), ['header-case']],
  [
    'sourcedId last, behind a mark (fuzz 4-51334)',
    `${ORGS.replace('sourcedId,', '')},\ufeffsourcedId`,
    ['header-case', 'column-order'],
  ],
  ['blanks around a name', ORGS.replace('name', ' name '), ['header-case']],
  ['status and dateLastModified missing in bulk', ORGS.replace('status,dateLastModified,', ''), []],
])('R8: %s', (_what, line, expected) => {
  const { header, said } = read('org', line);
  expect(said).toEqual(expected);
  expect(header).not.toBeNull();
});

test('R8: a name in another case is found where it stands', () => {
  const { header } = read('org', 'TYPE,sourcedid,Name');
  expect(['type', 'sourcedId', 'name'].map((name) => header?.indexOf.get(name))).toEqual([0, 1, 2]);
});

test.each([
  ['a required column missing', ORGS.replace(',type', ''), ['column-missing type']],
  ['sourcedId missing', ORGS.replace('sourcedId,', ''), ['column-missing sourcedId']],
  ['two columns of one name', ORGS.replace('identifier', 'name'), ['duplicate-column name']],
  ['two columns of one name in another case', ORGS.replace('identifier', 'NAME'), ['duplicate-column name']],
  ['two unknown columns of one name', `${ORGS},x,x`, ['duplicate-column x', 'unknown-columns']],
  ['two blank names', `${ORGS},,`, ['blank-column']],
  ['tabs', ORGS.replaceAll(',', '\t'), ['wrong-separator']],
  ['semicolons', ORGS.replaceAll(',', ';'), ['wrong-separator']],
  ['vertical bars', ORGS.replaceAll(',', '|'), ['wrong-separator']],
])('R7: %s makes the file unreadable', (_what, line, expected) => {
  const { header, said } = read('org', line);
  expect(header).toBeNull();
  expect(said).toEqual(expected);
});

test('R8: one column without a name is no second one of that name', () => {
  expect(read('org', `${ORGS},`).header).not.toBeNull();
});

test.each(['status', 'dateLastModified'])('R7: a delta needs %s', (column) => {
  const line = headerOf('org')
    .filter((name) => name !== column)
    .join(',');
  expect(read('org', line, 'delta').said).toContain(`column-missing ${column}`);
  expect(read('org', line, 'bulk').header).not.toBeNull();
});

test.each<[RecordKind, string, string]>([
  ['user', 'orgSourcedIds', 'orgs'],
  ['class', 'termSourcedIds', 'termSourcedId'],
  ['class', 'termSourcedIds', 'terms'],
  ['course', 'orgSourcedId', 'school'],
  ['demographics', 'sourcedId', 'userSourcedId'],
])('R9: %s without %s names %s where the file has that instead, and never takes it for it', (kind, column, other) => {
  const { header, log } = read(kind, headerOf(kind).join(',').replace(column, other));
  expect(header).toBeNull();
  const found = log.list().find((finding) => finding.code === 'column-missing' && finding.column === column);
  expect(found?.message.includes(`has ${other} instead`)).toBe(other !== 'school');
});

test('R9: users.csv of 1.2 needs neither orgSourcedIds nor role, and has seven columns more', () => {
  const narrow = headerOf('user').filter((name) => name !== 'orgSourcedIds' && name !== 'role');
  const wide = [...narrow, 'userMasterIdentifier', 'preferredGivenName', 'primaryOrgSourcedId', 'pronouns'].join(',');
  expect(read('user', wide, 'bulk', '1.2').said).toEqual([]);
  expect(read('user', wide, 'bulk', '1.1').header).toBeNull();
});

test('design §2: a first row that is no header is not repeated in findings', () => {
  const row = 'u1,,,true,o1,student,canary,,canary,email,,,,,,,,';
  const { log } = read('user', row);
  expect(JSON.stringify(log.list())).not.toContain('canary');
});

test('every required column of the standard is required of the header', () => {
  for (const kind of RECORD_KINDS) {
    for (const { name, required } of TABLES[kind].columns) {
      const { header } = read(
        kind,
        headerOf(kind)
          .filter((each) => each !== name)
          .join(','),
      );
      expect([name, header === null]).toEqual([name, required]);
    }
  }
});

describe('design §2: a header that the first row has run into shows nothing of that row', () => {
  const users = headerOf('user').join(',');
  test.each([
    ['bulk', 'bulk', `${users}u1,,,true,o1,student,ann,,Ann,Lee,,,ann@x.test,,,,07,pw`],
    ['delta', 'delta', `${users}u1,active,2026-08-15,true,o1,student,ann,{A:1},Ann,Lee,Bo,7,ann@x.test,1,2,u2,07,pw`],
    ['bulk, and one word twice', 'bulk', `${users}u1,,,true,o1,student,Lee,{A:1},Ann,Lee,Bo,7,ann@x.test,1,2,u2,07,pw`],
  ] as const)('%s', (_what, mode, line) => {
    const { log } = read('user', line, mode);
    expect(log.counts.byCode['unknown-columns']).toBe(1);
    expect(JSON.stringify(log.list())).not.toMatch(/ann|Lee|pw/i);
  });
});
