import type { Severity } from './finding.ts';

/**
 * One kind of finding. `severity` is `by column` where R8b decides it: an error in a required column, a warning in an
 * optional one. `says` is the message; `{…}` are counts, column names, record kinds and code words, never cell text.
 */
export interface FindingKind {
  readonly severity: Severity | 'by column';
  readonly says: string;
  readonly hint: string;
}

const error = (says: string, hint: string) => ({ severity: 'error', says, hint }) as const;
const warning = (says: string, hint: string) => ({ severity: 'warning', says, hint }) as const;
const info = (says: string, hint = 'Nothing needs to be done.') => ({ severity: 'info', says, hint }) as const;
const byColumn = (says: string, hint: string) => ({ severity: 'by column', says, hint }) as const;

const RE_EXPORT = 'Export again and send the whole set.';

/** Every code, in the order: package, manifest, file, header, row, references, delivery. */
export const FINDING_KINDS = {
  // The package as a whole (R7, R16).
  'zip-broken': error('The zip file is cut or damaged.', RE_EXPORT),
  'zip-encrypted': error('The zip file is protected by a password.', 'Send it without a password; SFTP encrypts it.'),
  'zip-too-many-entries': error('The zip file holds more files than an export has.', 'Send only the OneRoster files.'),
  'zip-too-large': error('The zip file would unpack to more than the limit.', 'Send only the OneRoster files.'),
  'zip-ratio': error('The zip file unpacks to far more than its size.', 'Make the zip again with an ordinary tool.'),
  'zip-unsafe-path': error(
    'The zip file holds a path that leaves its folder.',
    'Make the zip again with an ordinary tool.',
  ),
  'zip-duplicate-entry': error('The zip file holds one name twice.', 'Make the zip again from an empty folder.'),
  'zip-method': error(
    'The zip file uses a compression other than deflate.',
    'Make the zip again with an ordinary tool.',
  ),
  'duplicate-file': error('Two files of the upload are the same OneRoster file.', 'Send each file once.'),
  'look-alike': error('This is {product}, not OneRoster.', 'Choose the OneRoster 1.1 template in the export.'),
  'no-roster-file': error('The upload holds no OneRoster file.', 'Choose the OneRoster 1.1 template in the export.'),
  'enclosing-folder': info('The files lie in one enclosing folder.'),
  'stray-file': info('The file is not part of OneRoster and was not read.'),
  'not-stored-file': info('The file is part of OneRoster, but this product does not keep it.'),
  'file-name-dialect': info('The file name differs from the standard ({expected}) in case or by a date.'),

  // manifest.csv (facts §3).
  'manifest-missing': warning(
    'There is no manifest.csv; every file is read as a full (bulk) file.',
    'Choose the OneRoster 1.1 template, which has a manifest.',
  ),
  'manifest-header': warning(
    'manifest.csv lacks its header propertyName,value.',
    'Export again without editing the file.',
  ),
  'manifest-unreadable': error('manifest.csv cannot be read.', 'Export again without editing the file.'),
  'manifest-bad-mode': error('The mode of {file} is none of absent, bulk, delta.', 'Correct the mode in manifest.csv.'),
  'manifest-blank-mode': info('manifest.csv has no mode for {file}.', 'Write absent, bulk or delta.'),
  'manifest-conflict': error('manifest.csv names {property} twice with different values.', 'Keep one of the rows.'),
  'manifest-repeated': info('manifest.csv repeats a row.'),
  'manifest-unlisted': warning(
    'manifest.csv does not say how to read the file; it is read as bulk.',
    'Add the row to manifest.csv.',
  ),
  'manifest-unknown-property': info('manifest.csv has a property that OneRoster does not know.'),
  'manifest-version': info('manifest.version is not written as 1.0.'),
  'manifest-no-version': warning(
    'manifest.csv does not name the OneRoster version; it is read as 1.1.',
    'Add oneroster.version.',
  ),
  'unsupported-version': error(
    'This OneRoster version is not supported.',
    'Choose the OneRoster 1.1 template in the export.',
  ),
  'file-missing': error('manifest.csv lists {file} as {mode}, but the file is not there.', 'Send the whole set.'),
  'rostering-file-missing': error(
    '{file} is not there, and without a manifest all six rostering files are needed.',
    'Send the whole set.',
  ),
  'listed-absent': warning(
    'manifest.csv lists the file as absent, so it was not read.',
    'List it as bulk if it should count.',
  ),
  'version-1.0': info('The columns are those of OneRoster 1.0.', 'Choose the OneRoster 1.1 template in the export.'),

  // A file as a whole (R7, R8, R16).
  'not-utf8': error('The file is not UTF-8{likely}.', 'Save it as UTF-8, or export it again without a spreadsheet.'),
  'unclosed-quote': error(
    'A quoted cell does not end in its row.',
    'Add the missing quote, or take the line break out of the cell.',
  ),
  'empty-file': error('The file is empty: not even a header.', RE_EXPORT),
  'nul-byte': error('The file holds NUL bytes: it is binary, or UTF-16 without a mark.', 'Save it as UTF-8.'),
  'bare-carriage-return': error('Lines end in a lone carriage return (old Mac).', 'Save it with LF or CRLF line ends.'),
  'broken-entry': error('The file inside the zip is damaged.', RE_EXPORT),
  'file-cut': error('The file ends in the middle of its last row.', RE_EXPORT),
  'wrong-separator': error(
    'The cells are separated by {separator} instead of commas.',
    'Save the file as comma-separated values.',
  ),
  'header-only': warning(
    'The file has a header and no rows; its records are left alone.',
    'If that is not meant, export again.',
  ),
  'byte-order-mark': info('The file starts with a byte order mark.'),
  'utf-16': info('The file is UTF-16.', 'UTF-8 is half the size.'),
  'mixed-line-ends': info('The file mixes LF and CRLF line ends.'),
  'blank-lines': info('The file has blank lines; they were skipped.'),

  // Its header (R7, R8).
  'column-missing': error(
    'The required column {column} is missing{alias}.',
    'Choose the OneRoster 1.1 template in the export.',
  ),
  'duplicate-column': error('Two columns are named {column}.', 'Keep one of them, or export again.'),
  'blank-column': error('{count} columns have no name.', 'Delete the empty columns, or export again.'),
  'optional-columns-missing': info('Optional columns are missing: {columns}.'),
  'unknown-columns': info('Columns that OneRoster does not know were not read: {columns}.'),
  'metadata-columns': info('{count} metadata columns were not read.'),
  'column-order': info('The columns are in another order than the standard has.'),
  'header-case': warning(
    'Column names differ in case or blanks from the standard: {columns}.',
    'Write them as the standard does.',
  ),
  'filled-in-bulk': info('status or dateLastModified is filled in a bulk file.'),

  // Rows (R5, R8b).
  'bad-quote': error('A quote stands in the wrong place.', 'Put the cell in quotes and double the quotes inside it.'),
  'row-too-long': error('The row is longer than the limit.', 'Look for a missing line break or quote.'),
  'row-width': error('The row has {count} cells; the header has {expected}.', 'Put cells that hold a comma in quotes.'),
  'id-missing': error('sourcedId is blank.', 'Give the record its id.'),
  'id-blanks': error(
    'sourcedId starts or ends with blanks.',
    'Remove them: the id must equal the one that ClassLink sends.',
  ),
  'id-too-long': error('sourcedId is longer than 255 characters.', 'Use a shorter id.'),
  'id-control-character': error('sourcedId holds a control character.', 'Remove it.'),
  'id-scientific': error(
    'sourcedId looks like a number that a spreadsheet has shortened.',
    'Export again and do not open the file in a spreadsheet.',
  ),
  'bad-status': error('status is none of active, tobedeleted.', 'Leave it blank in a bulk file.'),
  'inactive-status': warning('status is inactive (OneRoster 1.0); read as tobedeleted.', 'Write tobedeleted.'),
  'delta-status-blank': warning('status is blank in a delta file; read as active.', 'Fill status in delta files.'),
  'required-missing': error('The required {column} is blank.', 'Fill it in the student information system.'),
  'control-character': byColumn('The cell holds a control character.', 'Remove it in the student information system.'),
  'bad-enumeration': byColumn('{column} is not one of the words that the standard allows.', 'Use one of: {values}.'),
  'bad-boolean': byColumn('{column} is neither true nor false.', 'Write true or false.'),
  'bad-date': byColumn('{column} is not a date as YYYY-MM-DD.', 'Write dates as YYYY-MM-DD.'),
  'bad-date-time': byColumn('{column} is not an ISO 8601 date and time.', 'Write it as 2026-08-15T06:30:00.000Z.'),
  'bad-year': byColumn('{column} is not a year as YYYY.', 'Write the year in which the school year ends.'),
  'bad-list': byColumn('{column} has an empty item.', 'Separate items by single commas.'),
  'bad-reference': byColumn('{column} is no usable sourcedId.', 'Write the id as it stands in the other file.'),
  'bad-user-id': byColumn('{column} has an item that is not {Type:Id}.', 'Write items as {Type:Id}.'),
  'wrong-case': warning(
    '{column} is written in another case than the standard has; read as meant.',
    'Use the standard spelling.',
  ),
  'date-with-time': warning(
    '{column} has a midnight time after the date; read as the date.',
    'Write dates as YYYY-MM-DD.',
  ),
  'grade-vocabulary': warning(
    '{column} has a grade outside the CEDS list (such as 7 for 07); kept as it is.',
    'Use KG, 01 to 12, …',
  ),
  'literal-null': warning('{column} holds the word NULL; read as blank.', 'Leave blank cells empty.'),
  'role-row-damaged': error(
    'A row of roles.csv for this user has an error, so the user is left as they are.',
    'Correct the row in roles.csv.',
  ),
  'role-missing': error(
    'No usable row of roles.csv gives the user a role at an org.',
    'Give the user a role in the student information system.',
  ),
  'role-not-mapped': warning(
    'A role is a word that OneRoster 1.1 does not have (counselor, ext:…); it is kept, and gives no rights here.',
    'Give these users one of the roles of OneRoster 1.1 as their primary role.',
  ),
  'several-primary-roles': warning(
    'The user has two different primary roles; the first of teacher, administrator, aide, proctor, student counts.',
    'Mark one role as primary.',
  ),
  'role-without-user-row': warning(
    'The role belongs to a user who has no row in users.csv, so it changes nothing.',
    'Send the row of the user, too, or both files as bulk.',
  ),
  'role-end-unknown': warning(
    'The row ends a role, but a delta does not say which roles the user keeps; their orgs stay as they are.',
    'Send users.csv and roles.csv as bulk.',
  ),
  'roles-withheld': warning(
    '{count} rows of roles.csv do not say whose role they are, so no user loses an org in this sync.',
    'Correct those rows.',
  ),
  'duplicate-row': warning('The row repeats an earlier row of the same sourcedId.', 'Send each record once.'),
  'duplicate-id': error('Another row has the same sourcedId and says something else.', 'Keep one of the rows.'),
  'school-year-start': warning(
    'schoolYear of a school year is not the year in which it ends.',
    'Write the year of endDate; Rollcall goes by the dates.',
  ),
  'several-primary-teachers': warning('A class has more than one primary teacher.', 'Keep primary for one teacher.'),
  'ids-differ-in-case': info(
    'The sourcedId differs from an earlier one in upper and lower case only; both records are kept.',
    'Nothing needs to be done if they are two records.',
  ),
  'duplicate-username': warning(
    'An earlier user has the same username; both are kept.',
    'Give each person one username; a person with two roles may keep one for both.',
  ),
  'own-parent': warning('The record names itself as its parent.', 'Leave parentSourcedId blank.'),
  'parent-cycle': warning(
    'The parents of {count} records lead in a circle; they are kept as they are.',
    'Correct parentSourcedId of one of them.',
  ),
  'wrong-target-type': warning('{column} refers to {kind} that is not {wanted}.', 'Correct the id, or its type.'),
  'delta-modified-blank': warning(
    'dateLastModified is blank in a delta file.',
    'Fill dateLastModified in delta files.',
  ),
  'delta-unknown-id': info('The row deletes a record that is not here.'),

  // References (R5b) and the delivery as a whole (R4, R5, R6).
  'unresolved-reference': byColumn(
    '{column} refers to {kind} that is not here.',
    'Send that record, or correct the id.',
  ),
  'user-removed': error(
    'The row belongs to a user who is no longer in users.csv; it is removed with them.',
    'If that is not meant, look at the filter of the export.',
  ),
  'references-not-checked': info('{column} refers to records that are not part of this check.'),
  'kept-because-referred': warning(
    'The {kind} is missing from its file, but rows still refer to it; it is kept.',
    'Send the record, or take it out of the rows that refer to it.',
  ),
  'removals-withheld': warning(
    '{count} rows have no readable sourcedId, so nobody is removed from {file} in this sync.',
    'Correct those rows.',
  ),
  'manual-lookalike': info(
    'A user made by hand in the product has the same username or e-mail; it stays untouched.',
    'Remove the manual user in the product if it is the same person.',
  ),
} as const satisfies Record<string, FindingKind>;

export type FindingCode = keyof typeof FINDING_KINDS;

/** Fills `{…}` of a message. */
export function fill(text: string, params: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{([a-z]+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
}
