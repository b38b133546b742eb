import { byColumn, error, type FindingKind, warning } from './finding-kind.ts';

/** The text of one cell (R8b). */
export const CELL_FINDINGS = {
  'required-missing': error({
    says: 'The required {column} is blank.',
    cause: 'The field is empty in the student information system, or the export does not map it.',
    example: 'A user without a username.',
    hint: 'Fill it in the student information system.',
  }),
  'control-character': byColumn({
    says: 'The cell holds a control character.',
    cause: 'A tab or another invisible character was pasted into the field.',
    example: 'A class title with a tab in it.',
    hint: 'Remove it in the student information system.',
  }),
  'bad-enumeration': byColumn({
    says: '{column} is not one of the words that the standard allows.',
    cause: 'The export writes words of its own, or the word is misspelt.',
    example: 'learner as the role of a user.',
    hint: 'Use one of: {values}.',
  }),
  'bad-boolean': byColumn({
    says: '{column} is neither true nor false.',
    cause: 'The export writes yes and no, or 1 and 0.',
    example: 'yes under enabledUser.',
    hint: 'Write true or false.',
  }),
  'bad-date': byColumn({
    says: '{column} is not a date as YYYY-MM-DD.',
    cause: 'A spreadsheet or the export wrote the date in the way of its country, or the day does not exist.',
    example: '8/15/2026, or 2026-02-30.',
    hint: 'Write dates as YYYY-MM-DD.',
  }),
  'bad-date-time': byColumn({
    says: '{column} is not an ISO 8601 date and time.',
    cause: 'A spreadsheet rewrote the value, or the export has its own way to write times.',
    example: '11/22/26 2:00 under dateLastModified.',
    hint: 'Write it as 2026-08-15T06:30:00.000Z.',
  }),
  'bad-year': byColumn({
    says: '{column} is not a year as YYYY.',
    cause: 'The export writes both years, or only two digits.',
    example: '2026-27 under schoolYear.',
    hint: 'Write the year in which the school year ends.',
  }),
  'bad-list': byColumn({
    says: '{column} has an empty item.',
    cause: 'There is a comma too many, often where a part of the list is blank.',
    example: '"term-1,,term-2" under termSourcedIds.',
    hint: 'Separate items by single commas.',
  }),
  'bad-reference': byColumn({
    says: '{column} is no usable sourcedId.',
    cause: 'The id has blanks or invisible characters around it, is too long, or was shortened by a spreadsheet.',
    example: '" school-3" under orgSourcedId.',
    hint: 'Write the id as it stands in the other file.',
  }),
  'bad-user-id': byColumn({
    says: '{column} has an item that is not {Type:Id}.',
    cause: 'The export writes the bare id. The standard wants to know what kind of id it is.',
    example: '104233 instead of {LDAP:104233}.',
    hint: 'Write items as {Type:Id}.',
  }),
  'wrong-case': warning({
    says: '{column} is written in another case than the standard has; read as meant.',
    cause: 'The export or a spreadsheet writes capitals.',
    example: 'TRUE under enabledUser, or Student under role.',
    hint: 'Use the standard spelling.',
  }),
  'date-with-time': warning({
    says: '{column} has a midnight time after the date; read as the date.',
    cause: 'The export writes a time where the standard wants a day.',
    example: '2026-08-15 00:00:00 under startDate.',
    hint: 'Write dates as YYYY-MM-DD.',
  }),
  'grade-vocabulary': warning({
    says: '{column} has a grade outside the CEDS list (such as 7 for 07); kept as it is.',
    cause: 'A spreadsheet dropped the zero, or the district has grades of its own.',
    example: '7 instead of 07, or 3rd.',
    hint: 'Use KG, 01 to 12, …',
  }),
  'literal-null': warning({
    says: '{column} holds the word NULL; read as blank.',
    cause: 'The export writes the word for an empty field of its database.',
    example: 'NULL under middleName.',
    hint: 'Leave blank cells empty.',
  }),
} as const satisfies Record<string, FindingKind>;
