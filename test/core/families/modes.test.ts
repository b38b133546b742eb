import type { FindingCode } from '../../../lib/core/oneroster/finding-codes.ts';
import { KIND_OF_FILE } from '../../../lib/core/oneroster/kinds.ts';
import { ModelTable } from '../../support/model-table.ts';
import {
  asDelta,
  EXPORT,
  FILES,
  type Outcome,
  planOf,
  subjectId,
  subjectRow,
  withCells,
} from '../../support/small-upload.ts';

/** 1EdTech case families: what is forbidden in bulk and required in delta, in every file. */
const DATED = '2026-08-01T06:30:00.000Z';
const DELTA = asDelta(EXPORT);

async function tableOfExport(): Promise<ModelTable> {
  const table = new ModelTable();
  table.apply((await planOf(EXPORT)).changes);
  return table;
}

/** What the plan does to the record of the file's subject. */
const opOn = (outcome: Outcome, file: (typeof FILES)[number]) =>
  outcome.changes.find(
    ({ kind, after }) => kind === KIND_OF_FILE[file] && after.line.startsWith(`${subjectId(file)}\u001f`),
  )?.op;

/** `status` as written, what it does to a record that the table has, and what is said of it in bulk and in delta. */
const STATUSES: [string, 'update' | 'deactivate' | undefined, FindingCode | null, FindingCode | null][] = [
  ['', undefined, null, 'delta-status-blank'],
  ['active', undefined, 'filled-in-bulk', null],
  ['tobedeleted', 'deactivate', 'filled-in-bulk', null],
  ['Active', undefined, 'wrong-case', 'wrong-case'],
  ['toBeDeleted', 'deactivate', 'wrong-case', 'wrong-case'],
  ['inactive', 'deactivate', 'inactive-status', 'inactive-status'],
  ['NULL', undefined, 'literal-null', 'literal-null'],
  ['gone', undefined, 'bad-status', 'bad-status'],
  ['1', undefined, 'bad-status', 'bad-status'],
];

describe.each(FILES)('R4 R8: %s', (file) => {
  const row = subjectRow(file);

  test.each(STATUSES)('in bulk, status %j', async (status, op, code) => {
    const outcome = await planOf(withCells(EXPORT, file, { status }), await tableOfExport());
    expect(outcome.result.verdict).toBe('accepted');
    expect(opOn(outcome, file)).toBe(op);
    expect(outcome.result.findingCounts.byCode[code ?? '']).toBe(code === null ? undefined : 1);
    expect(outcome.result.files[file]).toMatchObject({ errors: code === 'bad-status' ? 1 : 0 });
    for (const finding of outcome.result.findings) expect(finding).toMatchObject({ file: `${file}.csv`, row });
  });

  test.each(STATUSES)('as a delta, status %j', async (status, op, _bulk, code) => {
    const table = await tableOfExport();
    table.apply((await planOf(DELTA, table)).changes);
    const outcome = await planOf(withCells(DELTA, file, { status }), table);
    expect(opOn(outcome, file)).toBe(op);
    const column = 'status';
    const severity = code === 'bad-status' ? 'error' : 'warning';
    expect(outcome.said).toEqual(code === null ? [] : [`${severity} ${code} ${file}.csv ${row} ${column}`]);
    expect(outcome.result.files[file]).toMatchObject({ errors: code === 'bad-status' ? 1 : 0 });
  });

  test('in bulk with dateLastModified filled is read and stored, and said once', async () => {
    const outcome = await planOf(withCells(EXPORT, file, { dateLastModified: DATED }));
    expect(outcome.said).toEqual([`info filled-in-bulk ${file}.csv ${row} -`]);
    expect(outcome.record(file, subjectId(file))?.['dateLastModified']).toBe(DATED);
  });

  test('as a delta with dateLastModified blank counts, with a warning', async () => {
    const outcome = await planOf(withCells(DELTA, file, { dateLastModified: '' }));
    expect(outcome.said).toEqual([`warning delta-modified-blank ${file}.csv ${row} dateLastModified`]);
    expect(outcome.record(file, subjectId(file))).not.toBeNull();
  });

  test.each(['8/1/2026', '2026-08-01T25:00:00Z', 'yesterday'])(
    'as a delta with dateLastModified %s counts',
    async (date) => {
      const outcome = await planOf(withCells(DELTA, file, { dateLastModified: date }));
      expect(outcome.said).toEqual([`warning bad-date-time ${file}.csv ${row} dateLastModified`]);
      expect(outcome.record(file, subjectId(file))?.['dateLastModified']).toBe('');
    },
  );

  test('as a delta that deletes what is not here says so', async () => {
    const outcome = await planOf(withCells(DELTA, file, { status: 'tobedeleted' }));
    expect(outcome.said).toEqual([`info delta-unknown-id ${file}.csv ${row} -`]);
    expect(outcome.record(file, subjectId(file))).toBeNull();
  });

  test('as a delta that is silent about a record leaves it, in bulk it goes', async () => {
    const table = await tableOfExport();
    const gone = (some: typeof EXPORT) => ({
      ...some,
      tables: { ...some.tables, [file]: { ...some.tables[file]!, rows: some.tables[file]!.rows.slice(0, -1) } },
    });
    const bulk = await planOf(gone(EXPORT), table);
    expect(opOn(bulk, file)).toBe('deactivate');
    table.apply((await planOf(DELTA, table)).changes);
    const delta = await planOf(gone(DELTA), table);
    expect(delta.changes).toEqual([]);
  });
});
