import type { RecordKind } from './kinds.ts';

/** How a cell is read. Lists are comma separated inside one quoted cell (OneRoster CSV §3, data types). */
export type ColumnType =
  | 'id'
  | 'reference'
  | 'referenceList'
  | 'string'
  | 'stringList'
  | 'grade'
  | 'gradeList'
  | 'userIdList'
  | 'enumeration'
  | 'boolean'
  | 'date'
  | 'dateTime'
  | 'year';

/** One column of a OneRoster table, as data. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** Marked R in the standard: the column must be there (R7) and a blank or bad cell is an error of its row (R8b). */
  readonly required: boolean;
  /** Kept in the table (R10). What is not stored is read for nothing and appears nowhere. */
  readonly stored: boolean;
  /** The closed vocabulary of an `enumeration`. */
  readonly values?: readonly string[];
  /** The vocabulary also takes a vendor's own words, `ext:…` (OneRoster 1.2). */
  readonly open?: true;
  /** The kind that a `reference` or `referenceList` points at. */
  readonly target?: RecordKind;
}

/** One OneRoster 1.1 table: its columns after sourcedId, status and dateLastModified, in the standard's order. */
export interface Table {
  readonly kind: RecordKind;
  readonly columns: readonly Column[];
}

type Extra = Partial<Pick<Column, 'stored' | 'values' | 'target'>>;
const column = (name: string, type: ColumnType, required: boolean, extra: Extra): Column => ({
  name,
  type,
  required,
  stored: true,
  ...extra,
});
const must = (name: string, type: ColumnType, extra: Extra = {}) => column(name, type, true, extra);
const may = (name: string, type: ColumnType, extra: Extra = {}) => column(name, type, false, extra);

/** R10: read for nothing, kept nowhere. */
const NOT_STORED = { stored: false } as const;

/** The three columns that every OneRoster table starts with. */
export const LEADING_COLUMNS = ['sourcedId', 'status', 'dateLastModified'] as const;

export const USER_ROLES = [
  'administrator',
  'aide',
  'guardian',
  'parent',
  'proctor',
  'relative',
  'student',
  'teacher',
] as const;

/** CEDS v5 "Entry Grade Level", the vocabulary that OneRoster 1.1 names for grades. */
export const GRADES = [
  ...['IT', 'PR', 'PK', 'TK', 'KG', '01', '02', '03', '04', '05', '06', '07'],
  ...['08', '09', '10', '11', '12', '13', 'PS', 'UG', 'Other'],
];

/** OneRoster 1.1 CSV, the tables that Rollcall stores (facts: OneRoster §5). */
export const TABLES: Readonly<Record<RecordKind, Table>> = {
  academicSession: {
    kind: 'academicSession',
    columns: [
      must('title', 'string'),
      must('type', 'enumeration', { values: ['gradingPeriod', 'semester', 'schoolYear', 'term'] }),
      must('startDate', 'date'),
      must('endDate', 'date'),
      may('parentSourcedId', 'reference', { target: 'academicSession' }),
      must('schoolYear', 'year'),
    ],
  },
  org: {
    kind: 'org',
    columns: [
      must('name', 'string'),
      must('type', 'enumeration', { values: ['department', 'school', 'district', 'local', 'state', 'national'] }),
      may('identifier', 'string'),
      may('parentSourcedId', 'reference', { target: 'org' }),
    ],
  },
  course: {
    kind: 'course',
    columns: [
      may('schoolYearSourcedId', 'reference', { target: 'academicSession' }),
      must('title', 'string'),
      may('courseCode', 'string'),
      may('grades', 'gradeList'),
      must('orgSourcedId', 'reference', { target: 'org' }),
      may('subjects', 'stringList'),
      may('subjectCodes', 'stringList'),
    ],
  },
  class: {
    kind: 'class',
    columns: [
      must('title', 'string'),
      may('grades', 'gradeList'),
      must('courseSourcedId', 'reference', { target: 'course' }),
      may('classCode', 'string'),
      must('classType', 'enumeration', { values: ['homeroom', 'scheduled'] }),
      may('location', 'string'),
      must('schoolSourcedId', 'reference', { target: 'org' }),
      must('termSourcedIds', 'referenceList', { target: 'academicSession' }),
      may('subjects', 'stringList'),
      may('subjectCodes', 'stringList'),
      may('periods', 'stringList'),
    ],
  },
  user: {
    kind: 'user',
    columns: [
      must('enabledUser', 'boolean'),
      must('orgSourcedIds', 'referenceList', { target: 'org' }),
      must('role', 'enumeration', { values: USER_ROLES }),
      must('username', 'string'),
      may('userIds', 'userIdList'),
      must('givenName', 'string'),
      must('familyName', 'string'),
      may('middleName', 'string'),
      may('identifier', 'string'),
      may('email', 'string'),
      may('sms', 'string', NOT_STORED),
      may('phone', 'string', NOT_STORED),
      may('agentSourcedIds', 'referenceList', { target: 'user' }),
      may('grades', 'grade'),
      may('password', 'string', NOT_STORED),
    ],
  },
  enrollment: {
    kind: 'enrollment',
    columns: [
      must('classSourcedId', 'reference', { target: 'class' }),
      must('schoolSourcedId', 'reference', { target: 'org' }),
      must('userSourcedId', 'reference', { target: 'user' }),
      must('role', 'enumeration', { values: ['administrator', 'proctor', 'student', 'teacher'] }),
      may('primary', 'boolean'),
      may('beginDate', 'date'),
      may('endDate', 'date'),
    ],
  },
  demographics: {
    kind: 'demographics',
    columns: [
      may('birthDate', 'date'),
      may('sex', 'enumeration', { values: ['male', 'female'] }),
      may('americanIndianOrAlaskaNative', 'boolean'),
      may('asian', 'boolean'),
      may('blackOrAfricanAmerican', 'boolean'),
      may('nativeHawaiianOrOtherPacificIslander', 'boolean'),
      may('white', 'boolean'),
      may('demographicRaceTwoOrMoreRaces', 'boolean'),
      may('hispanicOrLatinoEthnicity', 'boolean'),
      may('countryOfBirthCode', 'string'),
      may('stateOfBirthAbbreviation', 'string'),
      may('cityOfBirth', 'string'),
      may('publicSchoolResidenceStatus', 'string'),
    ],
  },
};

/** The full header of a table in the standard's order, `sourcedId` first. */
export function headerOf(kind: RecordKind): readonly string[] {
  return [...LEADING_COLUMNS, ...TABLES[kind].columns.map((each) => each.name)];
}

/** The columns whose text a record keeps, in order: `dateLastModified`, then the stored columns of the table (R10). */
export function storedColumnsOf(kind: RecordKind): readonly Column[] {
  return STORED_COLUMNS[kind];
}

const DATE_LAST_MODIFIED = may('dateLastModified', 'dateTime');
const storedColumns = (kind: RecordKind) => [DATE_LAST_MODIFIED, ...TABLES[kind].columns.filter((each) => each.stored)];
const STORED_COLUMNS: Readonly<Record<RecordKind, readonly Column[]>> = {
  org: storedColumns('org'),
  academicSession: storedColumns('academicSession'),
  course: storedColumns('course'),
  user: storedColumns('user'),
  class: storedColumns('class'),
  enrollment: storedColumns('enrollment'),
  demographics: storedColumns('demographics'),
};
