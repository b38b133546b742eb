/**
 * OneRoster 1.1 CSV as this corpus knows it, written down a second time on purpose: the judge must not learn from the
 * engine what a column is.
 */
export const KINDS = ['org', 'academicSession', 'course', 'user', 'class', 'enrollment', 'demographics'] as const;

export type Kind = (typeof KINDS)[number];

export const FILE_OF = {
  org: 'orgs',
  academicSession: 'academicSessions',
  course: 'courses',
  user: 'users',
  class: 'classes',
  enrollment: 'enrollments',
  demographics: 'demographics',
} as const satisfies Record<Kind, string>;

export type RosterName = (typeof FILE_OF)[Kind];
export type FileName = RosterName | 'manifest';

export const ROSTER_NAMES: readonly RosterName[] = KINDS.map((kind) => FILE_OF[kind]);
export const FILE_NAMES: readonly FileName[] = ['manifest', ...ROSTER_NAMES];

/** What must be true of a cell that is not blank. */
type Shape = 'text' | 'list' | 'boolean' | 'date' | 'moment' | 'year' | 'userIds' | readonly string[];

/** One column as the standard has it. */
export interface CorpusColumn {
  readonly name: string;
  readonly required: boolean;
  readonly shape: Shape;
  readonly refersTo: Kind | null;
  /** Several ids, parted by commas. */
  readonly many: boolean;
  /** R10: some columns are kept nowhere. */
  readonly kept: boolean;
}

/** `name! shape`: `!` required, `>kind` a reference, `>>kind` a list of them, `-` not kept. */
const COLUMNS: Readonly<Record<Kind, string>> = {
  org: 'name!, type!:department|school|district|local|state|national, identifier, parentSourcedId>org',
  academicSession:
    'title!, type!:gradingPeriod|semester|schoolYear|term, startDate!:date, endDate!:date,' +
    'parentSourcedId>academicSession, schoolYear!:year',
  course:
    'schoolYearSourcedId>academicSession, title!, courseCode, grades:list, orgSourcedId!>org, subjects:list,' +
    'subjectCodes:list',
  class:
    'title!, grades:list, courseSourcedId!>course, classCode, classType!:homeroom|scheduled, location,' +
    'schoolSourcedId!>org, termSourcedIds!>>academicSession, subjects:list, subjectCodes:list, periods:list',
  user:
    'enabledUser!:boolean, orgSourcedIds!>>org,' +
    'role!:administrator|aide|guardian|parent|proctor|relative|student|teacher, username!, userIds:userIds,' +
    'givenName!, familyName!, middleName, identifier, email, sms-, phone-, agentSourcedIds>>user, grades:list,' +
    'password-',
  enrollment:
    'classSourcedId!>class, schoolSourcedId!>org, userSourcedId!>user,' +
    'role!:administrator|proctor|student|teacher, primary:boolean, beginDate:date, endDate:date',
  demographics:
    'birthDate:date, sex:male|female, americanIndianOrAlaskaNative:boolean, asian:boolean,' +
    'blackOrAfricanAmerican:boolean, nativeHawaiianOrOtherPacificIslander:boolean, white:boolean,' +
    'demographicRaceTwoOrMoreRaces:boolean, hispanicOrLatinoEthnicity:boolean, countryOfBirthCode,' +
    'stateOfBirthAbbreviation, cityOfBirth, publicSchoolResidenceStatus',
};

const SHAPES = ['text', 'list', 'boolean', 'date', 'moment', 'year', 'userIds'] as const;

function columnOf(text: string): CorpusColumn {
  const [, name = '', must, , arrows = '', target, , shape = 'text', lost] =
    /^(\w+)(!)?((>{1,2})(\w+))?(:([\w|]+))?(-)?$/.exec(text.trim()) ?? [];
  const known = SHAPES.find((each) => each === shape);
  return {
    name,
    required: must !== undefined,
    shape: known ?? shape.split('|'),
    refersTo: KINDS.find((kind) => kind === target) ?? null,
    many: arrows === '>>',
    kept: lost === undefined,
  };
}

const LEADING = ['sourcedId', 'status', 'dateLastModified'];
const MODIFIED: CorpusColumn = { ...columnOf('dateLastModified'), shape: 'moment' };

/** The columns after the three that every file starts with. */
export const COLUMNS_OF: Readonly<Record<Kind, readonly CorpusColumn[]>> = byKind((kind) =>
  COLUMNS[kind].split(',').map(columnOf),
);

/** The columns whose value a record keeps. */
export const KEPT_COLUMNS: Readonly<Record<Kind, readonly CorpusColumn[]>> = byKind((kind) => [
  MODIFIED,
  ...COLUMNS_OF[kind].filter(({ kept }) => kept),
]);

/** The whole header of a kind's file. */
export const HEADERS: Readonly<Record<Kind, readonly string[]>> = byKind((kind) => [
  ...LEADING,
  ...COLUMNS_OF[kind].map(({ name }) => name),
]);

/** Something for each kind. */
export function byKind<T>(make: (kind: Kind) => T): Record<Kind, T> {
  return Object.fromEntries(KINDS.map((kind) => [kind, make(kind)])) as Record<Kind, T>;
}

const SHAPE_TESTS: Readonly<Record<Extract<Shape, string>, RegExp>> = {
  text: /^/,
  list: /^\s*[^,\s][^,]*(,\s*[^,\s][^,]*)*$/,
  boolean: /^(true|false)$/i,
  date: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
  moment: /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?)?$/,
  year: /^\d{4}$/,
  userIds: /^\{[^{}:]*:[^{}]*\}(,\s*\{[^{}:]*:[^{}]*\})*$/,
};

/** What a filled cell means, as text (lists joined by a comma alone); null where it cannot be read. */
export function meaningOf({ shape, many, refersTo }: CorpusColumn, cell: string): string | null {
  if (/[\u0000-\u001f\u007f]/.test(cell)) return null;
  if (typeof shape !== 'string') {
    return shape.find((word) => word.toLowerCase() === cell.trim().toLowerCase()) ?? null;
  }
  if (!SHAPE_TESTS[many ? 'list' : shape].test(cell)) return null;
  if (shape === 'boolean') return cell.toLowerCase();
  if (refersTo !== null && !many && cell !== cell.trim()) return null;
  return many || shape === 'list' || shape === 'userIds'
    ? cell
        .split(',')
        .map((item) => item.trim())
        .join(',')
    : cell;
}
