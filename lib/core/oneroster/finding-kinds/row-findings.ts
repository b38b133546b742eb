import { error, type FindingKind, info, warning } from './finding-kind.ts';

/** The shape, id and status of a row (R4, R5). */
export const ROW_FINDINGS = {
  'bad-quote': error({
    says: 'A quote stands in the wrong place.',
    cause: 'A cell holds a quote without being quoted itself, or goes on after its closing quote.',
    example: 'c-12,Reading "A".',
    hint: 'Put the cell in quotes and double the quotes inside it.',
  }),
  'row-too-long': error({
    says: 'The row is longer than the limit.',
    cause: 'A line break is missing, so that many rows are one, or a cell holds a document.',
    example: 'One line of 9 MB.',
    hint: 'Look for a missing line break or quote.',
  }),
  'row-width': error({
    says: 'The row has {count} cells; the header has {expected}.',
    cause: 'A name with a comma is not in quotes, or the row was cut. The cells may stand under wrong columns.',
    example: 'c-12,Reading, Grade 1.',
    hint: 'Put cells that hold a comma in quotes.',
  }),
  'id-missing': error({
    says: 'sourcedId is blank.',
    cause: 'The record has no id in the student information system, or the line is a total or a remark.',
    example: 'A last line ,,Total: 5120.',
    hint: 'Give the record its id.',
  }),
  'id-blanks': error({
    says: 'sourcedId starts or ends with blanks.',
    cause: 'The id was typed or joined with a blank. It must equal the id that single sign-on sends, to the letter.',
    example: '"u-104 " instead of u-104.',
    hint: 'Remove them: the id must equal the one that ClassLink sends.',
  }),
  'id-too-long': error({
    says: 'sourcedId is longer than 255 characters.',
    cause: 'The standard allows no longer ids. Often the cells of a row have run together.',
    example: 'A sourcedId of 400 letters.',
    hint: 'Use a shorter id.',
  }),
  'id-control-character': error({
    says: 'sourcedId holds a control character.',
    cause: 'A tab or another invisible character was copied into the id.',
    example: 'u-104 with a tab at its end.',
    hint: 'Remove it.',
  }),
  'id-scientific': error({
    says: 'sourcedId looks like a number that a spreadsheet has shortened.',
    cause: 'A spreadsheet shows long numbers in short form and saves them like that. The rest of the digits is lost.',
    example: '1.23E+11 instead of 123000456789.',
    hint: 'Export again and do not open the file in a spreadsheet.',
  }),
  'bad-status': error({
    says: 'status is none of active, tobedeleted.',
    cause: 'The export writes words of its own. A guess could remove somebody.',
    example: 'withdrawn.',
    hint: 'Leave it blank in a bulk file.',
  }),
  'inactive-status': warning({
    says: 'status is inactive (OneRoster 1.0); read as tobedeleted.',
    cause: 'OneRoster 1.0 called it inactive. The record is deactivated.',
    example: 'u-104,inactive.',
    hint: 'Write tobedeleted.',
  }),
  'delta-status-blank': warning({
    says: 'status is blank in a delta file; read as active.',
    cause: 'A file of changes has to say what each row does. Without a word the row adds or changes its record.',
    example: 'u-104,,2026-11-22T02:00:00.000Z.',
    hint: 'Fill status in delta files.',
  }),
  'delta-modified-blank': warning({
    says: 'dateLastModified is blank in a delta file.',
    cause: 'The standard requires it in a file of changes. The row counts all the same.',
    example: 'u-104,active,.',
    hint: 'Fill dateLastModified in delta files.',
  }),
  'duplicate-row': warning({
    says: 'The row repeats an earlier row of the same sourcedId.',
    cause: 'The export joins tables and lists a record once for each match. It counts once.',
    example: 'The same line for u-104 twice.',
    hint: 'Send each record once.',
  }),
  'duplicate-id': error({
    says: 'Another row has the same sourcedId and says something else.',
    cause: 'One record is listed twice with different data. Both rows are left out, and the record stays as it is.',
    example: 'u-104 once as a student of school A and once of school B.',
    hint: 'Keep one of the rows.',
  }),
  'ids-differ-in-case': info({
    says: 'The sourcedId differs from an earlier one in upper and lower case only; both records are kept.',
    cause: 'Ids are compared to the letter, so these are two records. Often they are two; sometimes one was retyped.',
    example: 'u-104a and u-104A.',
    hint: 'Nothing needs to be done if they are two records.',
  }),
  'delta-unknown-id': info({
    says: 'The row deletes a record that is not here.',
    cause: 'The record was never sent, or a full export came meanwhile.',
    example: 'x-9,tobedeleted, and nobody knows x-9.',
  }),
} as const satisfies Record<string, FindingKind>;
