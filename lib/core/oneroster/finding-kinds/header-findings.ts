import { error, type FindingKind, info, warning } from './finding-kind.ts';

/** The header of a file (R7, R8). */
export const HEADER_FINDINGS = {
  'column-missing': error({
    says: 'The required column {column} is missing{alias}.',
    cause: 'Another template was chosen, or the column was deleted or renamed.',
    example: 'users.csv with login instead of username.',
    hint: 'Choose the OneRoster 1.1 template in the export.',
  }),
  'duplicate-column': error({
    says: 'Two columns are named {column}.',
    cause: 'A column was copied in a spreadsheet. Nobody can say which of the two counts.',
    example: 'sourcedId,status,dateLastModified,title,title.',
    hint: 'Keep one of them, or export again.',
  }),
  'blank-column': error({
    says: 'Columns without a name: {count}.',
    cause: 'A spreadsheet has saved empty columns, or the header has run into the first row.',
    example: 'A header that ends with ,,,.',
    hint: 'Delete the empty columns, or export again.',
  }),
  'optional-columns-missing': info({
    says: 'Optional columns are missing: {columns}.',
    cause: 'The export leaves out what the district does not use. Those cells count as blank.',
    example: 'orgs.csv without identifier.',
  }),
  'unknown-columns': info({
    says: 'Columns that OneRoster does not know were not read: {columns}.',
    cause: 'The export adds columns of its own. Names that look like data are not shown.',
    example: 'A column homeroomTeacher in users.csv.',
  }),
  'metadata-columns': info({
    says: 'Metadata columns that were not read: {count}.',
    cause: 'OneRoster lets every exporter add columns whose names start with metadata.',
    example: 'metadata.bus-route.',
  }),
  'column-order': info({
    says: 'The columns are in another order than the standard has.',
    cause: 'The export has its own order. Columns are found by their names.',
    example: 'familyName before givenName.',
  }),
  'header-case': warning({
    says: 'Column names differ in case or blanks from the standard: {columns}.',
    cause: 'The names were typed by hand, or the export has its own spelling. They are read as meant.',
    example: 'SourcedID instead of sourcedId.',
    hint: 'Write them as the standard does.',
  }),
  'filled-in-bulk': info({
    says: 'status or dateLastModified is filled in a bulk file.',
    cause: 'The standard wants them blank in a full file; many exporters fill them. They are read as they are.',
    example: 'active in every row.',
  }),
} as const satisfies Record<string, FindingKind>;
