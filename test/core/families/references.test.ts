import { FILE_OF_KIND, KIND_OF_FILE, type RosterFile } from '../../../lib/core/oneroster/kinds.ts';
import { type Column, TABLES } from '../../../lib/core/oneroster/tables.ts';
import {
  asDelta,
  EXPORT,
  FILES,
  planOf,
  type SmallExport,
  subjectId,
  subjectRow,
  withCells,
  withManifest,
  withoutFile,
} from '../../support/small-upload.ts';

/** 1EdTech case family: references that lead nowhere, of every kind. */
const REFERENCES = FILES.flatMap((file) =>
  TABLES[KIND_OF_FILE[file]].columns
    .filter(({ target }) => target !== undefined)
    .map((column): [RosterFile, string, Column] => [file, column.name, column]),
);

/** Ids of the export that a reference may have, by the kind it points at. */
const TARGETS = { org: 'school', academicSession: 'year', course: 'course', user: 'parent', class: 'class' } as const;
const targetOf = ({ target }: Column): string => TARGETS[target as keyof typeof TARGETS];

/** A finding about the file's subject in this column. */
const about = (severity: string, code: string, file: RosterFile, column: string) =>
  `${severity} ${code} ${file}.csv ${subjectRow(file)} ${column}`;

describe.each(REFERENCES)('R5b: %s.%s', (file, name, column) => {
  const of = async (some: SmallExport, cell: string) => planOf(withCells(some, file, { [name]: cell }));
  const list = column.type === 'referenceList';
  const severity = column.required ? 'error' : 'warning';
  const dangling = about(severity, 'unresolved-reference', file, name);

  test('finds its target in the delivery', async () => {
    const outcome = await of(EXPORT, targetOf(column));
    expect(outcome.said).toEqual([]);
    expect(outcome.record(file, subjectId(file))?.[name]).toBe(targetOf(column));
  });

  test('leads nowhere: an error if required, else a warning and blank', async () => {
    const outcome = await of(EXPORT, 'nowhere');
    expect(outcome.said).toEqual([dangling]);
    expect(outcome.result.files[file]).toMatchObject({ errors: column.required ? 1 : 0 });
    expect(outcome.record(file, subjectId(file))?.[name]).toBe(column.required ? undefined : '');
  });

  test('is compared letter by letter (R20)', async () => {
    expect((await of(EXPORT, targetOf(column).toUpperCase())).said).toEqual([dangling]);
  });

  test('in a delta leads nowhere if neither the delivery nor the table has its target', async () => {
    const outcome = await of(asDelta(EXPORT), 'nowhere');
    expect(outcome.said).toEqual([dangling]);
  });

  if (list) {
    test('of which one item leads nowhere: an error if required, else that item is dropped', async () => {
      const outcome = await of(EXPORT, `${targetOf(column)}, nowhere`);
      expect(outcome.said).toEqual([dangling]);
      expect(outcome.record(file, subjectId(file))?.[name]).toBe(column.required ? undefined : targetOf(column));
    });

    test('of which all items are there is stored without the blanks', async () => {
      const cell = `${targetOf(column)} , ${targetOf(column)}`;
      const outcome = await of(EXPORT, cell);
      expect(outcome.said).toEqual([]);
    });
  }

  if (column.target !== KIND_OF_FILE[file]) {
    test('of which the whole file is absent, and the table empty, leads nowhere', async () => {
      const absent = FILE_OF_KIND[column.target!];
      const some = withManifest(withoutFile(EXPORT, absent), { [`file.${absent}`]: 'absent' });
      const outcome = await planOf(some);
      expect(outcome.said).toContain(dangling);
      expect(outcome.result.verdict).toBe('accepted');
    });
  } else {
    test('to itself is a reference like any other', async () => {
      const outcome = await of(EXPORT, subjectId(file));
      const cycle = about('warning', 'own-parent', file, name);
      expect(outcome.said).toEqual(column.target === 'user' ? [] : [cycle]);
      expect(outcome.record(file, subjectId(file))?.[name]).toBe(subjectId(file));
    });
  }
});

test('R5b: demographics of a user who is nowhere are an error of their row', async () => {
  const outcome = await planOf(withCells(EXPORT, 'demographics', { sourcedId: 'nobody' }));
  expect(outcome.said).toEqual([about('error', 'unresolved-reference', 'demographics', 'sourcedId')]);
  expect(outcome.record('demographics', 'nobody')).toBeNull();
});
