import type { FindingCode } from '../../../lib/core/oneroster/finding-codes.ts';
import { ModelTable } from '../../support/model-table.ts';
import { uploadOf } from '../../support/small-delivery.ts';
import {
  asDelta,
  EXPORT,
  FILES,
  filesOf,
  planOf,
  type SmallExport,
  tableIn,
  withManifest,
  withoutFile,
  withTable,
} from '../../support/small-upload.ts';

/** 1EdTech case families: the package and its manifest. */
async function tableOfExport(): Promise<ModelTable> {
  const table = new ModelTable();
  table.apply((await planOf(EXPORT)).changes);
  return table;
}
const without = (some: SmallExport, file: (typeof FILES)[number]) => withoutFile(some, file);

describe('manifest.csv', () => {
  test('missing: every file is bulk, with a warning', async () => {
    const outcome = await planOf({ ...EXPORT, manifest: null });
    expect(outcome.result).toMatchObject({ verdict: 'accepted', version: '1.1' });
    expect(outcome.said).toEqual(['warning manifest-missing - - -']);
  });

  test.each<[string, string | undefined, 'accepted' | 'rejected', string | null, FindingCode | null]>([
    ['1.1', '1.1', 'accepted', '1.1', null],
    ['not there', undefined, 'accepted', '1.1', 'manifest-no-version'],
    ['blank', '', 'accepted', '1.1', 'manifest-no-version'],
    ['2.0', '2.0', 'rejected', null, 'unsupported-version'],
    ['1.3', '1.3', 'rejected', null, 'unsupported-version'],
    ['1.10', '1.10', 'rejected', null, 'unsupported-version'],
    ['a word', 'latest', 'rejected', null, 'unsupported-version'],
  ])('oneroster.version %s', async (_name, version, verdict, read, code) => {
    const outcome = await planOf(withManifest(EXPORT, { 'oneroster.version': version }));
    expect(outcome.result.verdict).toBe(verdict);
    if (read !== null) expect(outcome.result.version).toBe(read);
    const severity = verdict === 'rejected' ? 'error' : 'warning';
    expect(outcome.said).toEqual(code === null ? [] : [`${severity} ${code} manifest.csv - -`]);
  });

  test.each(['1', '1.1', '', undefined])('manifest.version %j is a note', async (version) => {
    const outcome = await planOf(withManifest(EXPORT, { 'manifest.version': version }));
    expect(outcome.result.verdict).toBe('accepted');
    expect(outcome.said).toEqual(['info manifest-version manifest.csv - -']);
  });

  test.each(['source.systemName', 'source.systemCode'])('%s is no surprise', async (property) => {
    expect((await planOf(withManifest(EXPORT, { [property]: 'Maple SIS' }))).said).toEqual([]);
  });

  test('an unknown property is a note', async () => {
    const outcome = await planOf(withManifest(EXPORT, { 'fiel.users': 'bulk' }));
    expect(outcome.said).toEqual(['info manifest-unknown-property manifest.csv 11 -']);
  });

  test.each([
    ['semicolons', ';'],
    ['tabs', '\t'],
  ])('between %s rejects the delivery: modes that cannot be read are not guessed', async (name, separator) => {
    const files = filesOf(asDelta(EXPORT));
    const manifest = files['manifest.csv']!.replaceAll(',', separator);
    const outcome = await planOf(uploadOf({ ...files, 'manifest.csv': manifest }), await tableOfExport());
    expect(outcome.result.verdict).toBe('rejected');
    expect(outcome.said).toContain('error wrong-separator manifest.csv 1 -');
    expect(outcome.result.findings.find(({ code }) => code === 'wrong-separator')?.message).toContain(name);
  });
});

describe.each(FILES)('R6 R7: %s', (file) => {
  const mode = `file.${file}`;
  const place = `${file}.csv - -`;

  test('listed as absent and not there: its records are left alone', async () => {
    const outcome = await planOf(withManifest(without(EXPORT, file), { [mode]: 'absent' }), await tableOfExport());
    expect(outcome.result.verdict).toBe('accepted');
    expect(outcome.said).toEqual([]);
    expect(outcome.changes).toEqual([]);
  });

  test('listed as absent but there: not read, with a warning', async () => {
    const table = await tableOfExport();
    const changed = withTable(EXPORT, file, (one) => ({ ...one, rows: one.rows.slice(0, 1) }));
    const outcome = await planOf(withManifest(changed, { [mode]: 'absent' }), table);
    expect(outcome.result.verdict).toBe('accepted');
    expect(outcome.said).toEqual([`warning listed-absent ${place}`]);
    expect(outcome.result.files[file]).toEqual({ mode: 'absent', rows: 0, valid: 0, errors: 0 });
    expect(outcome.changes).toEqual([]);
  });

  test.each(['bulk', 'delta'])('listed as %s but not there: incomplete', async (listed) => {
    const outcome = await planOf(withManifest(without(EXPORT, file), { [mode]: listed }), await tableOfExport());
    expect(outcome.result.verdict).toBe('incomplete');
    expect(outcome.said).toEqual([`error file-missing ${place}`]);
    expect(outcome.changes).toEqual([]);
  });

  test('not listed but there: bulk, with a warning', async () => {
    const outcome = await planOf(withManifest(EXPORT, { [mode]: undefined }));
    expect(outcome.result.verdict).toBe('accepted');
    expect(outcome.said).toEqual([`warning manifest-unlisted ${place}`]);
    expect(outcome.result.files[file]).toMatchObject({ mode: 'bulk', errors: 0 });
  });

  test.each(['full', 'Deltas', '1'])('with the mode %s rejects the delivery', async (word) => {
    const outcome = await planOf(withManifest(EXPORT, { [mode]: word }));
    expect(outcome.result.verdict).toBe('rejected');
    expect(outcome.said).toContain('error manifest-bad-mode manifest.csv - -');
  });

  test('with its mode in capitals is read as meant', async () => {
    expect((await planOf(withManifest(EXPORT, { [mode]: 'BULK' }))).result.verdict).toBe('accepted');
  });

  test('header-only: nothing of its kind changes, with a warning', async () => {
    const empty = withTable(EXPORT, file, (one) => ({ ...one, rows: [] }));
    const outcome = await planOf(empty, await tableOfExport());
    expect(outcome.result.verdict).toBe('accepted');
    expect(outcome.said).toEqual([`warning header-only ${place}`]);
    expect(outcome.changes).toEqual([]);
  });

  test('without one byte rejects the delivery', async () => {
    const outcome = await planOf(uploadOf({ ...filesOf(EXPORT), [`${file}.csv`]: '' }));
    expect(outcome.result.verdict).toBe('rejected');
    expect(outcome.said).toContain(`error empty-file ${place}`);
  });

  test('twice under two names rejects the delivery', async () => {
    const files = filesOf(EXPORT);
    const outcome = await planOf(uploadOf({ ...files, [`20261123_${file}.csv`]: files[`${file}.csv`]! }));
    expect(outcome.result.verdict).toBe('rejected');
    expect(outcome.said).toContain(`error duplicate-file 20261123_${file}.csv - -`);
  });

  test('under a dated name or in another case is recognised', async () => {
    const { [`${file}.csv`]: text = '', ...others } = filesOf(EXPORT);
    for (const name of [`20261123_${file}.csv`, `${file.toUpperCase()}.CSV`]) {
      const outcome = await planOf(uploadOf({ ...others, [name]: text }));
      expect(outcome.result.verdict).toBe('accepted');
      expect(outcome.said).toEqual([`info file-name-dialect ${name} - -`]);
    }
  });

  if (file !== 'demographics') {
    test('not there, and no manifest to say so: incomplete', async () => {
      const outcome = await planOf({ ...without(EXPORT, file), manifest: null });
      expect(outcome.result.verdict).toBe('incomplete');
      expect(outcome.said).toContain(`error rostering-file-missing ${place}`);
    });
  }
});

test('R6: a package of nothing but a manifest says that nothing changed', async () => {
  const modes = Object.fromEntries(FILES.map((file) => [`file.${file}`, 'absent']));
  const outcome = await planOf({ ...withManifest(EXPORT, modes), tables: {} }, await tableOfExport());
  expect(outcome.result.verdict).toBe('accepted');
  expect(outcome.changes).toEqual([]);
  expect(tableIn(EXPORT, 'orgs').rows.length).toBeGreaterThan(0);
});
