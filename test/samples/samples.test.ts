import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openUpload } from '../../lib/adapters/files/open-upload.ts';
import type { UploadVerdict } from '../../lib/core/delivery/upload.ts';
import { idOfLine } from '../../lib/core/oneroster/record-line.ts';
import { ModelTable } from '../support/model-table.ts';
import { PLAIN } from '../support/plain-delivery.ts';
import { check, planAgainst, sync, type Trial } from '../support/plan-trial.ts';
import { filesOf, uploadOf } from '../support/small-delivery.ts';

const SAMPLES = join(__dirname, '../../../shared/samples');
const SUITE = existsSync(SAMPLES) ? describe : describe.skip;
if (SUITE !== describe) process.stderr.write(`No samples at ${SAMPLES}: other people's exports are not tried.\n`);

/** What a sample must come to. Counts of rows are rows, valid, errors; infos not named here are not looked at. */
interface Expected {
  readonly verdict: UploadVerdict;
  readonly version?: string | null;
  readonly rows?: Readonly<Record<string, readonly [number, number, number]>>;
  readonly errors?: Readonly<Record<string, number>>;
  readonly warnings?: Readonly<Record<string, number>>;
  readonly infos?: readonly string[];
  /** Records that a plan against an empty table adds; only where the verdict is accepted. */
  readonly adds?: Readonly<Record<string, number>>;
}

async function tried<T>(path: string, use: (upload: Awaited<ReturnType<typeof openUpload>>) => Promise<T>): Promise<T> {
  const upload = await openUpload(join(SAMPLES, path));
  try {
    return await use(upload);
  } finally {
    await upload.close();
  }
}

const checked = (path: string): Promise<Trial> => tried(path, (upload) => check(upload));

function codesOf({ result }: Trial, severity: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const finding of result.findings) {
    if (finding.severity === severity) counts[finding.code] = (counts[finding.code] ?? 0) + 1;
  }
  return counts;
}

async function expectSample(path: string, expected: Expected): Promise<Trial> {
  const trial = await checked(path);
  const { result, changes } = trial;
  expect(result.verdict).toBe(expected.verdict);
  if (expected.version !== undefined) expect(result.version).toBe(expected.version);
  for (const [file, [rows, valid, errors]] of Object.entries(expected.rows ?? {})) {
    expect({ [file]: result.files[file] }).toMatchObject({ [file]: { rows, valid, errors } });
  }
  expect(codesOf(trial, 'error')).toEqual(expected.errors ?? {});
  if (expected.warnings !== undefined) expect(codesOf(trial, 'warning')).toEqual(expected.warnings);
  expect(Object.keys(codesOf(trial, 'info'))).toEqual(expect.arrayContaining([...(expected.infos ?? [])]));
  expect(changes.every(({ op }) => op === 'add')).toBe(true);
  if (expected.adds !== undefined) {
    const adds = Object.entries(result.changes).flatMap(([file, { add }]) => (add > 0 ? [[file, add]] : []));
    expect(Object.fromEntries(adds)).toEqual(expected.adds);
  }
  return trial;
}

const SANDBOX: Expected = {
  verdict: 'accepted',
  version: '1.1',
  rows: {
    orgs: [4, 4, 0],
    academicSessions: [7, 7, 0],
    courses: [40, 40, 0],
    classes: [72, 72, 0],
    users: [180, 180, 0],
    enrollments: [305, 305, 0],
    demographics: [0, 0, 0],
  },
  warnings: { 'header-only': 1, 'several-primary-teachers': 8, 'school-year-start': 1 },
  infos: ['metadata-columns'],
  adds: { orgs: 4, academicSessions: 7, courses: 40, classes: 72, users: 180, enrollments: 305 },
};

SUITE('vossen-adobe__mockroster: the sandbox export of ClassLink', () => {
  test.each(['OneRoster-original-zip/OneRoster-original.zip', 'OneRoster-original-zip/extracted', 'OneRoster-c54963b'])(
    '%s: every row is accepted',
    async (name) => {
      const trial = await expectSample(`vossen-adobe__mockroster/${name}`, SANDBOX);
      expect(trial.result.findings.find(({ code }) => code === 'metadata-columns')?.message).toContain('5');
      const roles = trial.changes
        .filter(({ kind }) => kind === 'user')
        .map(({ after }) => after.line.split('\u001f')[4]);
      expect(roles.filter((role) => role === 'student')).toHaveLength(140);
      expect(roles.filter((role) => role === 'teacher')).toHaveLength(40);
    },
  );

  test('the zip and the loose files are planned alike, and the second of them changes nothing', async () => {
    const table = new ModelTable();
    await tried('vossen-adobe__mockroster/OneRoster-original-zip/OneRoster-original.zip', (zip) => sync(zip, table));
    const again = await tried('vossen-adobe__mockroster/OneRoster-c54963b', (loose) => planAgainst(loose, table));
    expect(again.changes).toEqual([]);
    expect(again.result.changes.enrollments.unchanged).toBe(305);
  });

  test('CSV_Dump-head: after a spreadsheet, rejected because of users.csv, with both header faults', async () => {
    const { result } = await expectSample('vossen-adobe__mockroster/CSV_Dump-head', {
      verdict: 'rejected',
      errors: { 'duplicate-column': 1, 'column-missing': 1 },
    });
    const [twice, missing] = result.findings;
    expect(twice).toMatchObject({ code: 'duplicate-column', file: 'users.csv', column: 'role' });
    expect(missing).toMatchObject({ code: 'column-missing', file: 'users.csv', column: 'orgSourcedIds' });
    expect(missing?.message).toContain('has orgs instead');
    const agents = result.findings.find(({ column }) => column === 'agentSourcedIds');
    expect(agents?.message).toContain('has agents instead');
  });
});

const ONE_OF_EACH: Expected['rows'] = Object.fromEntries(
  ['orgs', 'academicSessions', 'courses', 'classes', 'users', 'enrollments', 'demographics', 'roles'].map((file) => [
    file,
    [1, 1, 0],
  ]),
);
const ADDS_ONE_OF_EACH = {
  orgs: 1,
  academicSessions: 1,
  courses: 1,
  classes: 1,
  users: 1,
  enrollments: 1,
  demographics: 1,
};

/** Samples of this family as the zip that was published and as its extracted files. */
const inBothForms = (name: string): string[] => [
  `catalyst__moodle-enrol_oneroster/${name}/${name}.zip`,
  `catalyst__moodle-enrol_oneroster/${name}/extracted`,
];

SUITE('catalyst__moodle-enrol_oneroster', () => {
  test.each(inBothForms('VRd118-3613f7c'))('%s: an original conformance case, nothing to remark', async (path) => {
    const expected: Expected = { verdict: 'accepted', version: '1.2', rows: ONE_OF_EACH, warnings: {} };
    const { result } = await expectSample(path, { ...expected, infos: ['not-stored-file'], adds: ADDS_ONE_OF_EACH });
    expect(new Set(Object.values(result.files).map(({ mode }) => mode))).toEqual(new Set(['delta']));
    expect(result.findingCounts.info).toBe(1);
  });

  test.each(inBothForms('oneroster_test_data-head'))('%s: one warning, and the password goes nowhere', async (path) => {
    const expected: Expected = {
      verdict: 'accepted',
      version: '1.2',
      rows: ONE_OF_EACH,
      warnings: { 'wrong-case': 1 },
    };
    const { changes, result } = await expectSample(path, { ...expected, adds: ADDS_ONE_OF_EACH });
    const users = readFileSync(join(SAMPLES, inBothForms('oneroster_test_data-head')[1]!, 'users.csv'), 'utf8');
    const [header = '', row = ''] = users.split(/\r?\n/);
    const password = row.split(',')[header.split(',').indexOf('password')]!.replaceAll('"', '');
    expect(password).not.toBe('');
    expect(JSON.stringify([changes, result])).not.toContain(password);
  });

  test.each(inBothForms('test01-c7a816d'))('%s: dates are never guessed; root causes come first', async (path) => {
    const { result } = await expectSample(path, {
      verdict: 'accepted',
      rows: {
        orgs: [3, 3, 0],
        users: [3, 3, 0],
        academicSessions: [2, 0, 2],
        classes: [2, 0, 2],
        enrollments: [1, 0, 1],
      },
      errors: { 'bad-date': 4, 'unresolved-reference': 5 },
      adds: { orgs: 3, users: 3 },
    });
    const files = result.findings.filter(({ severity }) => severity === 'error').map(({ file }) => file);
    expect(files.slice(0, 4)).toEqual(Array(4).fill('academicSessions.csv'));
    expect(files.at(-1)).toBe('enrollments.csv');
  });

  test.each(inBothForms('Test_full_data_set-8b02c74'))('%s: duplicates, missing targets, old words', async (path) => {
    const { changes, result } = await expectSample(path, {
      verdict: 'accepted',
      rows: {
        users: [4, 2, 2],
        classes: [2, 1, 1],
        enrollments: [2, 0, 2],
        orgs: [3, 3, 0],
        academicSessions: [5, 5, 0],
      },
      errors: { 'duplicate-id': 2, 'unresolved-reference': 4 },
      warnings: { 'unresolved-reference': 5, 'inactive-status': 1, 'school-year-start': 1, 'wrong-case': 3 },
      infos: ['filled-in-bulk'],
      adds: { orgs: 2, academicSessions: 3, users: 2 },
    });
    expect(result.findings.find(({ code }) => code === 'inactive-status')?.message).toContain('read as tobedeleted');
    expect(changes.every(({ after }) => !after.line.includes(', '))).toBe(true);
  });

  test('Test_full_data_set-8b02c74: rows that say tobedeleted deactivate', async () => {
    const [, extracted = ''] = inBothForms('Test_full_data_set-8b02c74');
    const table = new ModelTable();
    const texts = allActive(extracted);
    await sync(uploadOf(texts), table);
    const before = new Set(table.all().map(({ kind, line }) => `${kind} ${idOfLine(line)}`));
    const { changes } = await tried(extracted, (upload) => sync(upload, table));
    const gone = changes
      .filter(({ op }) => op === 'deactivate')
      .map(({ kind, after }) => `${kind} ${idOfLine(after.line)}`);
    expect(gone.length).toBeGreaterThan(0);
    expect(gone.every((each) => before.has(each))).toBe(true);
  });

  test.each<[string, Expected]>([
    [
      'Test_full_data_set-c926e7d',
      { verdict: 'accepted', errors: { 'unresolved-reference': 7 }, adds: { orgs: 2, academicSessions: 3, users: 5 } },
    ],
    [
      'Test_full_data_set-head',
      { verdict: 'accepted', errors: { 'unresolved-reference': 7 }, adds: { orgs: 1, academicSessions: 3, users: 6 } },
    ],
    [
      'Test_minimal_data_set-8b02c74',
      {
        verdict: 'accepted',
        errors: { 'duplicate-id': 2, 'unresolved-reference': 5 },
        adds: { orgs: 3, academicSessions: 4, users: 2 },
      },
    ],
    [
      'Test_minimal_data_set-c926e7d',
      { verdict: 'accepted', errors: { 'unresolved-reference': 8 }, adds: { orgs: 3, academicSessions: 5, users: 5 } },
    ],
    [
      'Test_minimal_data_set-head',
      { verdict: 'accepted', errors: { 'unresolved-reference': 8 }, adds: { orgs: 1, academicSessions: 5, users: 6 } },
    ],
  ])('%s: the same rules; no class and no enrollment survives', async (name, expected) => {
    for (const path of inBothForms(name)) await expectSample(path, expected);
  });

  test.each([
    'v1p2_full_dataset-3613f7c/v1p2_full_dataset-3613f7c.zip',
    'v1p2_full_dataset-3613f7c/extracted',
    'v1p2_full_dataset-head/v1p2_full_dataset-head.zip',
    'v1p2_full_dataset-head/extracted',
  ])('%s: rejected, each fault named once', async (name) => {
    const { result } = await expectSample(`catalyst__moodle-enrol_oneroster/${name}`, {
      verdict: 'rejected',
      version: '1.2',
      errors: { 'blank-column': 1, 'row-width': 7, 'unresolved-reference': 7 },
      infos: [
        'manifest-blank-mode',
        'unknown-columns',
        'file-name-dialect',
        'not-stored-file',
        'references-not-checked',
      ],
    });
    expect(result.findings.find(({ code }) => code === 'blank-column')).toMatchObject({ file: 'roles.csv', row: 1 });
    const narrow = result.findings.filter(({ code }) => code === 'row-width');
    expect(new Set(narrow.map(({ file }) => file))).toEqual(new Set(['roles.csv']));
    const unknown = result.findings.find(({ code, file }) => code === 'unknown-columns' && file === 'roles.csv');
    expect(unknown?.message).toMatch(/not read: \w+/);
    expect(result.findings.filter(({ code, file }) => code === 'required-missing' && file === 'users.csv')).toEqual([]);
    expect(result.findings.find(({ code }) => code === 'file-name-dialect')?.file).toBe('userprofiles.csv');
  });

  test('v1p2_full_dataset: the first also says that the files lie in a folder, else both say the same', async () => {
    const [first, head] = await Promise.all(
      ['3613f7c', 'head'].map((version) =>
        checked(`catalyst__moodle-enrol_oneroster/v1p2_full_dataset-${version}/v1p2_full_dataset-${version}.zip`),
      ),
    );
    const { 'enclosing-folder': folder, ...others } = first!.result.findingCounts.byCode;
    expect(folder).toBe(1);
    expect(others).toEqual(head!.result.findingCounts.byCode);
  });
});

SUITE('rjeike__OneRoster.Net: five days without a manifest', () => {
  test.each(['base', 'Step1-UpdateCourse', 'Step2-AddCourse', 'Step3-DeleteCourse', 'Step4-AddClass'])(
    'CSVSample-%s: rejected, because enrollments.csv has three columns without a name',
    async (name) => {
      const { result } = await checked(`rjeike__OneRoster.Net/CSVSample-${name}`);
      expect(result.verdict).toBe('rejected');
      const blank = result.findings.filter(({ code }) => code === 'blank-column');
      expect(blank).toEqual([expect.objectContaining({ file: 'enrollments.csv', row: 1, severity: 'error' })]);
      expect(blank[0]?.message).toContain('3');
      expect(result.findingCounts.byCode).toMatchObject({ 'manifest-missing': 1, 'bad-date': 6 });
      expect(result.findings.find(({ code, column }) => code === 'wrong-case' && column === 'status')).toBeDefined();
    },
  );
});

SUITE('nicelion__oneroster-mocker', () => {
  test('oneroster-example-csv: only headers; changes nothing and deactivates nobody', async () => {
    const path = 'nicelion__oneroster-mocker/oneroster-example-csv';
    const expected: Expected = { verdict: 'accepted', warnings: { 'header-only': 6, 'listed-absent': 1 }, adds: {} };
    await expectSample(path, expected);
    const table = new ModelTable();
    await sync(uploadOf(filesOf(PLAIN)), table);
    const { changes, result } = await tried(path, (upload) => planAgainst(upload, table));
    expect(result.verdict).toBe('accepted');
    expect(changes).toEqual([]);
  });

  test('outputs: two of six files, incomplete', async () => {
    await expectSample('nicelion__oneroster-mocker/outputs', {
      verdict: 'incomplete',
      errors: { 'rostering-file-missing': 4 },
      warnings: { 'manifest-missing': 1 },
    });
  });
});

SUITE('nahisaho__RosterHub: check of one file', () => {
  test.each<[string, Expected]>([
    ['orgs-typical-6rows/orgs.csv', { verdict: 'accepted', rows: { orgs: [6, 6, 0] }, warnings: {} }],
    ['orgs-header-only/orgs.csv', { verdict: 'accepted', warnings: { 'header-only': 1 }, adds: {} }],
    ['orgs-zero-byte/orgs.csv', { verdict: 'rejected', errors: { 'empty-file': 1 } }],
    [
      'users-1row/users.csv',
      {
        verdict: 'accepted',
        rows: { users: [1, 0, 1] },
        errors: { 'required-missing': 1 },
        warnings: { 'bad-user-id': 1 },
      },
    ],
    [
      'users-4rows/users.csv',
      {
        verdict: 'accepted',
        rows: { users: [4, 1, 3] },
        errors: { 'required-missing': 3 },
        warnings: { 'bad-user-id': 3 },
      },
    ],
  ])('%s', async (name, expected) => {
    const { result } = await expectSample(`nahisaho__RosterHub/${name}`, expected);
    const odd = result.findings.filter(({ code }) => code === 'bad-user-id');
    expect(odd.every(({ column, sourcedId }) => column === 'userIds' && sourcedId !== null)).toBe(true);
  });
});

SUITE('oat-sa__oneroster-import', () => {
  test.each([
    ['oneRoster1.0', '1.0', ['users.csv enabledUser', 'classes.csv termSourcedIds', 'demographics.csv sourcedId']],
    ['OneRosterv1p1BaseCSV', '1.1', ['demographics.csv sourcedId']],
  ])('%s is recognised as %s, rejected, and the missing columns are named', async (name, version, columns) => {
    const { result } = await checked(`oat-sa__oneroster-import/${name}`);
    expect(result).toMatchObject({ verdict: 'rejected', version });
    const missing = result.findings.filter(({ code }) => code === 'column-missing');
    expect(missing.map(({ file, column }) => `${file} ${column}`)).toEqual(
      expect.arrayContaining(['academicSessions.csv schoolYear', ...columns]),
    );
    expect(result.findingCounts.byCode['version-1.0'] ?? 0).toBe(version === '1.0' ? 1 : 0);
  });
});

SUITE('OfficeDev__O365-EDU-Tools', () => {
  test.each([
    ['SDS_v2', 'This is School Data Sync v2, not OneRoster.'],
    ['SDS_v2.1', 'This is School Data Sync v2.1, not OneRoster.'],
  ])('%s is rejected by name', async (name, message) => {
    const { result } = await expectSample(`OfficeDev__O365-EDU-Tools/${name}`, {
      verdict: 'rejected',
      errors: { 'look-alike': 1 },
    });
    expect(result.findings[0]?.message).toBe(message);
  });
});

SUITE('all samples', () => {
  test('each folder has a test here', () => {
    const source = readFileSync(__filename, 'utf8');
    const folders = readdirSync(SAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const { name } of folders) {
      for (const sample of readdirSync(join(SAMPLES, name), { withFileTypes: true })) {
        const named = source.includes(sample.name) || source.includes(sample.name.replace('CSVSample-', ''));
        expect([name, sample.name, sample.isFile() || named]).toEqual([name, sample.name, true]);
      }
    }
  });
});

/** The files of a sample with every status said to be active. */
function allActive(folder: string): Record<string, string> {
  const path = join(SAMPLES, folder);
  const names = readdirSync(path).filter((name) => name.endsWith('.csv'));
  const texts = names.map((name) => [name, readFileSync(join(path, name), 'utf8')] as const);
  return Object.fromEntries(texts.map(([name, text]) => [name, text.replaceAll(/tobedeleted|inactive/gi, 'active')]));
}
