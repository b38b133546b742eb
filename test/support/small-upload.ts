import type { Upload } from '../../lib/core/delivery/upload.ts';
import type { Finding } from '../../lib/core/oneroster/finding.ts';
import { FILE_OF_KIND, KIND_OF_FILE, type RosterFile } from '../../lib/core/oneroster/kinds.ts';
import { idOfLine, valuesOfLine } from '../../lib/core/oneroster/record-line.ts';
import { headerOf, storedColumnsOf } from '../../lib/core/oneroster/tables.ts';
import type { Change } from '../../lib/core/plan/change.ts';
import type { PlanResult } from '../../lib/core/plan/plan-input.ts';
import { ModelTable } from './model-table.ts';
import { planAgainst } from './plan-trial.ts';
import { uploadOf } from './small-delivery.ts';

type Row = Readonly<Record<string, string>>;

/** One file before it is text: columns in order, rows by column name. */
export interface SmallTable {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** An export in which every column of every file is filled at least once: in the last row of each file. */
export interface SmallExport {
  /** Null: no manifest.csv. */
  readonly manifest: Readonly<Record<string, string>> | null;
  readonly tables: Readonly<Partial<Record<RosterFile, SmallTable>>>;
}

/** The seven files, in the order of their references. */
export const FILES = Object.values(FILE_OF_KIND);

const tableOf = (file: RosterFile, ...rows: readonly Row[]): SmallTable => ({
  columns: headerOf(KIND_OF_FILE[file]),
  rows,
});

const user = (sourcedId: string, role: string): Row => ({
  sourcedId,
  enabledUser: 'true',
  orgSourcedIds: 'school',
  role,
  username: `${sourcedId}.name`,
  givenName: 'Ann',
  familyName: 'Lee',
});

const race = {
  americanIndianOrAlaskaNative: 'false',
  asian: 'true',
  blackOrAfricanAmerican: 'false',
  nativeHawaiianOrOtherPacificIslander: 'false',
  white: 'false',
  demographicRaceTwoOrMoreRaces: 'false',
  hispanicOrLatinoEthnicity: 'false',
};

/** A bulk export without any finding. The last row of each file is the subject of a case: no other row refers to it. */
export const EXPORT: SmallExport = {
  manifest: {
    'manifest.version': '1.0',
    'oneroster.version': '1.1',
    ...Object.fromEntries(FILES.map((file) => [`file.${file}`, 'bulk'])),
  },
  tables: {
    orgs: tableOf(
      'orgs',
      { sourcedId: 'district', name: 'Maple', type: 'district' },
      { sourcedId: 'school', name: 'Maple High', type: 'school' },
      { sourcedId: 'org-x', name: 'Maple Elementary', type: 'school', identifier: '12', parentSourcedId: 'district' },
    ),
    academicSessions: tableOf(
      'academicSessions',
      session('year', 'schoolYear', ''),
      session('term', 'term', 'year'),
      session('session-x', 'gradingPeriod', 'term'),
    ),
    courses: tableOf(
      'courses',
      { sourcedId: 'course', title: 'Reading', orgSourcedId: 'district' },
      {
        sourcedId: 'course-x',
        schoolYearSourcedId: 'year',
        title: 'Writing',
        courseCode: 'W7',
        grades: '07,08',
        orgSourcedId: 'school',
        subjects: 'Writing,Reading',
        subjectCodes: '1,2',
      },
    ),
    users: tableOf('users', user('student', 'student'), user('teacher', 'teacher'), user('parent', 'parent'), {
      ...user('user-x', 'student'),
      orgSourcedIds: 'school,district',
      userIds: '{LDAP:x},{Fed:y}',
      middleName: 'May',
      identifier: '99',
      email: 'x@maple.example',
      sms: '5550100',
      phone: '5550101',
      agentSourcedIds: 'parent,teacher',
      grades: '07',
      password: 'secret',
    }),
    classes: tableOf('classes', classOf('class', '1'), {
      ...classOf('class-x', '2'),
      grades: '07,08',
      classCode: 'R2',
      location: 'Room 2',
      termSourcedIds: 'term,year',
      subjects: 'Reading',
      subjectCodes: '1',
      periods: '1,2',
    }),
    enrollments: tableOf('enrollments', seat('seat', 'student'), {
      ...seat('enrollment-x', 'student'),
      primary: 'false',
      beginDate: '2026-08-15',
      endDate: '2027-06-10',
    }),
    demographics: tableOf(
      'demographics',
      { sourcedId: 'teacher', birthDate: '1980-01-31' },
      {
        sourcedId: 'student',
        birthDate: '2013-02-03',
        sex: 'female',
        ...race,
        countryOfBirthCode: 'US',
        stateOfBirthAbbreviation: 'CA',
        cityOfBirth: 'Maple',
        publicSchoolResidenceStatus: '01652',
      },
    ),
  },
};

function session(sourcedId: string, type: string, parentSourcedId: string): Row {
  const dates = { startDate: '2026-08-15', endDate: '2027-06-10', schoolYear: '2027' };
  return { sourcedId, title: 'Term', type, ...dates, parentSourcedId };
}

function classOf(sourcedId: string, number: string): Row {
  return {
    sourcedId,
    title: `Reading ${number}`,
    courseSourcedId: 'course',
    classType: 'scheduled',
    schoolSourcedId: 'school',
    termSourcedIds: 'term',
  };
}

function seat(sourcedId: string, userSourcedId: string): Row {
  return { sourcedId, classSourcedId: 'class', schoolSourcedId: 'school', userSourcedId, role: 'student' };
}

/** The table of a file; throws where the export has none. */
export function tableIn(some: SmallExport, file: RosterFile): SmallTable {
  const table = some.tables[file];
  if (table === undefined) throw new Error(`the export has no ${file}`);
  return table;
}

/** With one file written otherwise. */
export const withTable = (
  some: SmallExport,
  file: RosterFile,
  change: (table: SmallTable) => SmallTable,
): SmallExport => ({ ...some, tables: { ...some.tables, [file]: change(tableIn(some, file)) } });

/** With cells of the subject row of a file written otherwise. */
export const withCells = (some: SmallExport, file: RosterFile, cells: Row): SmallExport =>
  withTable(some, file, (table) => ({
    ...table,
    rows: table.rows.map((row, i) => (i === table.rows.length - 1 ? { ...row, ...cells } : row)),
  }));

/** With rows of the manifest written otherwise; undefined leaves one out. */
export function withManifest(some: SmallExport, rows: Readonly<Record<string, string | undefined>>): SmallExport {
  const entries = Object.entries({ ...some.manifest, ...rows }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { ...some, manifest: Object.fromEntries(entries) };
}

/** Without a file; the manifest still says what it said. */
export function withoutFile(some: SmallExport, file: RosterFile): SmallExport {
  const { [file]: _, ...tables } = some.tables;
  return { ...some, tables };
}

/** Every row of every file `active` and dated, every file a delta. */
export const asDelta = (some: SmallExport): SmallExport => ({
  manifest: { ...some.manifest, ...Object.fromEntries(FILES.map((file) => [`file.${file}`, 'delta'])) },
  tables: Object.fromEntries(
    Object.entries(some.tables).map(([file, { columns, rows }]) => [
      file,
      {
        columns,
        rows: rows.map((row) => ({ ...row, status: 'active', dateLastModified: '2026-08-01T06:30:00.000Z' })),
      },
    ]),
  ),
});

/** Physical row of the subject of a file. */
export const subjectRow = (file: RosterFile): number => tableIn(EXPORT, file).rows.length + 1;

/** The sourcedId of the subject of a file. */
export const subjectId = (file: RosterFile): string => tableIn(EXPORT, file).rows.at(-1)!['sourcedId']!;

const quoted = (cell: string): string => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** The text of a file. */
export const textOf = ({ columns, rows }: SmallTable): string =>
  [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => `${cells.map(quoted).join(',')}\r\n`)
    .join('');

/** The files of an export by name. */
export function filesOf(some: SmallExport): Record<string, string> {
  const tables = Object.entries(some.tables).map(([file, table]) => [`${file}.csv`, textOf(table)]);
  const { manifest } = some;
  const rows = manifest === null ? null : Object.entries(manifest).map((row) => `${row.join(',')}\n`);
  return {
    ...Object.fromEntries(tables),
    ...(rows === null ? {} : { 'manifest.csv': `propertyName,value\n${rows.join('')}` }),
  };
}

/** What became of an export that was planned against a table (an empty one when not given). */
export class Outcome {
  readonly result: PlanResult;
  readonly changes: readonly Change[];

  constructor(result: PlanResult, changes: readonly Change[]) {
    this.result = result;
    this.changes = changes;
  }

  /** Each finding as `severity code file row column`, blanks where there is none. */
  get said(): string[] {
    return this.result.findings.map(placeOf);
  }

  /** The record that the plan gives this sourcedId, by column; null where it is in no change. */
  record(file: RosterFile, sourcedId: string): Record<string, string> | null {
    const kind = KIND_OF_FILE[file];
    const change = this.changes.find((each) => each.kind === kind && idOfLine(each.after.line) === sourcedId);
    if (change === undefined) return null;
    const values = valuesOfLine(change.after.line);
    return Object.fromEntries(storedColumnsOf(kind).map(({ name }, i) => [name, values[i] ?? '']));
  }
}

/** A finding as `severity code file row column`. */
export const placeOf = ({ severity, code, file, row, column }: Finding): string =>
  [severity, code, file ?? '-', row ?? '-', column ?? '-'].join(' ');

/** Plans an export; demographics are stored. */
export async function planOf(some: SmallExport | Upload, table = new ModelTable()): Promise<Outcome> {
  const upload = 'entries' in some ? some : uploadOf(filesOf(some));
  const { result, changes } = await planAgainst(upload, table);
  return new Outcome(result, changes);
}
