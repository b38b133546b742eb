import { error, type FindingKind, info, RE_EXPORT, warning } from './finding-kind.ts';

/** One file as a whole (R6, R7, R8, R16). */
export const FILE_FINDINGS = {
  'not-utf8': error({
    says: 'The file is not UTF-8{likely}.',
    cause: 'A spreadsheet or an older program saved the file in its own encoding. Names would be read wrongly.',
    example: 'Zoë is stored as the byte of Windows-1252, which is no UTF-8.',
    hint: 'Save it as UTF-8, or export it again without a spreadsheet.',
  }),
  'unclosed-quote': error({
    says: 'A quoted cell does not end in its row.',
    cause: 'A quote is missing, or a cell holds a line break. From there on nobody can tell where a cell ends.',
    example: 'k-7,"Reading 1,scheduled with no second quote.',
    hint: 'Add the missing quote, or take the line break out of the cell.',
  }),
  'empty-file': error({
    says: 'The file is empty: not even a header.',
    cause: 'The export failed for this file, or the upload broke off before its first byte.',
    example: 'classes.csv of zero bytes.',
    hint: RE_EXPORT,
  }),
  'nul-byte': error({
    says: 'The file holds NUL bytes: it is binary, or UTF-16 without a mark.',
    cause: 'The file is no text, a disk error has left a hole in it, or it was saved as "Unicode" without its mark.',
    example: 'An Excel workbook that was renamed to users.csv.',
    hint: 'Save it as UTF-8.',
  }),
  'bare-carriage-return': error({
    says: 'Lines end in a lone carriage return (old Mac).',
    cause: 'The file was saved as "CSV (Macintosh)". The whole file looks like one line.',
    example: 'A users.csv that some editors show as a single line.',
    hint: 'Save it with LF or CRLF line ends.',
  }),
  'broken-entry': error({
    says: 'The file inside the zip is damaged.',
    cause: 'Its length or checksum is not what the zip says: the zip was damaged on its way, or while it was made.',
    example: 'enrollments.csv ends after half of its rows.',
    hint: RE_EXPORT,
  }),
  'file-cut': error({
    says: 'The file ends in the middle of its last row.',
    cause: 'The upload broke off, or the export was stopped. The rows that are missing would count as removed.',
    example: 'The last line is e-90112,k-17,sch and then nothing.',
    hint: RE_EXPORT,
  }),
  'wrong-separator': error({
    says: 'The cells are separated by {separator} instead of commas.',
    cause: 'A spreadsheet of another country, or another template, wrote the file.',
    example: 'sourcedId;status;dateLastModified;name.',
    hint: 'Save the file as comma-separated values.',
  }),
  'header-only': warning({
    says: 'The file has a header and no rows; its records are left alone.',
    cause: 'The filter of the export lets nothing through, or the district has no such data.',
    example: 'classes.csv with its header line only.',
    hint: 'If that is not meant, export again.',
  }),
  'byte-order-mark': info({
    says: 'The file starts with a byte order mark.',
    cause: 'Windows programs write three invisible bytes at the start of a UTF-8 file. They are skipped.',
    example: 'A file saved as "CSV UTF-8".',
  }),
  'utf-16': info({
    says: 'The file is UTF-16.',
    cause: 'The file was saved as "Unicode text". It has the mark that makes this certain, so it is read.',
    example: 'A users.csv of twice its usual size.',
    hint: 'UTF-8 is half the size.',
  }),
  'mixed-line-ends': info({
    says: 'The file mixes LF and CRLF line ends.',
    cause: 'Two files were joined, or a line was added in another program.',
    example: 'The last row was typed in a text editor.',
  }),
  'blank-lines': info({
    says: 'The file has blank lines; they were skipped.',
    cause: 'The export ends its files with an empty line, or somebody pressed Enter.',
    example: 'An empty line after the last row.',
  }),
} as const satisfies Record<string, FindingKind>;
