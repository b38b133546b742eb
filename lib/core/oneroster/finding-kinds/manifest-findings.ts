import { error, type FindingKind, info, warning } from './finding-kind.ts';

/** manifest.csv and the set of files (R4, R7, R16; facts: OneRoster §3). */
export const MANIFEST_FINDINGS = {
  'manifest-missing': warning({
    says: 'There is no manifest.csv; every file is read as a full (bulk) file.',
    cause: 'The template is older than OneRoster 1.1, or the file was left out. Whoever is missing is deactivated.',
    example: 'Six files, and none of them is manifest.csv.',
    hint: 'Choose the OneRoster 1.1 template, which has a manifest.',
  }),
  'manifest-header': warning({
    says: 'manifest.csv lacks its header propertyName,value.',
    cause: 'The first line was deleted or renamed. The rows are read all the same.',
    example: 'The first line is manifest.version,1.0.',
    hint: 'Export again without editing the file.',
  }),
  'manifest-unreadable': error({
    says: 'manifest.csv cannot be read.',
    cause: 'The file is damaged, empty or no text. Without it nobody knows which files are full and which are changes.',
    example: 'manifest.csv of zero bytes.',
    hint: 'Export again without editing the file.',
  }),
  'manifest-bad-mode': error({
    says: 'The mode of {file} is none of absent, bulk, delta.',
    cause: 'The value was edited, or the export writes words of its own. A guess could remove people.',
    example: 'file.users,full.',
    hint: 'Correct the mode in manifest.csv.',
  }),
  'manifest-blank-mode': info({
    says: 'manifest.csv has no mode for {file}.',
    cause: 'The value is blank. It counts as if the row were not there: the file is read as bulk if it was sent.',
    example: 'file.demographics, with nothing after the comma.',
    hint: 'Write absent, bulk or delta.',
  }),
  'manifest-conflict': error({
    says: 'manifest.csv names {property} twice with different values.',
    cause: 'Two exports were joined, or a row was added by hand. Nobody can say which of the two is meant.',
    example: 'file.users,bulk and further down file.users,delta.',
    hint: 'Keep one of the rows.',
  }),
  'manifest-repeated': info({
    says: 'manifest.csv repeats a row.',
    cause: 'A row, or the header, is there twice and says the same both times.',
    example: 'file.users,bulk in two lines.',
  }),
  'manifest-mode-missing': error({
    says: 'manifest.csv lists delta files but does not say how to read this one.',
    cause:
      'Its row is missing or blank. Read as a full file, a file of changes would remove everybody whom it does not name.',
    example: 'file.enrollments,delta is there, file.users is not, and users.csv was sent.',
    hint: 'Add the row with bulk or delta to manifest.csv.',
  }),
  'manifest-unlisted': warning({
    says: 'manifest.csv does not say how to read the file; it is read as bulk.',
    cause: 'A file was added to the export by hand, or its row in the manifest is misspelt.',
    example: 'demographics.csv is there, but no row file.demographics.',
    hint: 'Add the row to manifest.csv.',
  }),
  'manifest-unknown-property': info({
    says: 'manifest.csv has a property that OneRoster does not know.',
    cause: 'The export writes a note of its own, or a name is misspelt.',
    example: 'file.student,bulk.',
  }),
  'manifest-version': info({
    says: 'manifest.version is not written as 1.0.',
    cause: 'A spreadsheet has shortened the number, or the row is missing.',
    example: 'manifest.version,1.',
  }),
  'manifest-no-version': warning({
    says: 'manifest.csv does not name the OneRoster version; it is read as 1.1.',
    cause: 'The row is missing or blank. Of the three versions that are in use, 1.1 is by far the most frequent.',
    example: 'oneroster.version, with nothing after the comma.',
    hint: 'Add oneroster.version.',
  }),
  'unsupported-version': error({
    says: 'This OneRoster version is not supported.',
    cause: 'The export writes a version that does not exist, or one that is newer than this product.',
    example: 'oneroster.version,2.0.',
    hint: 'Choose the OneRoster 1.1 template in the export.',
  }),
  'file-missing': error({
    says: 'manifest.csv lists {file} as {mode}, but the file is not there.',
    cause:
      'The upload was not finished, or one file failed to export. Nothing is changed until the whole set is there.',
    example: 'file.enrollments,bulk, and no enrollments.csv.',
    hint: 'Send the whole set.',
  }),
  'rostering-file-missing': error({
    says: '{file} is not there, and without a manifest all six rostering files are needed.',
    cause: 'The upload was not finished, or the template leaves the file out without saying so in a manifest.',
    example: 'orgs.csv, users.csv and classes.csv only.',
    hint: 'Send the whole set.',
  }),
  'listed-absent': warning({
    says: 'manifest.csv lists the file as absent, so it was not read.',
    cause: 'The file is there although the manifest says that it is not. Its records are left alone.',
    example: 'file.demographics,absent beside a demographics.csv with rows.',
    hint: 'List it as bulk if it should count.',
  }),
  'version-1.0': info({
    says: 'The columns are those of OneRoster 1.0.',
    cause: 'The template is the oldest one. It is read as far as it goes; some of its columns have other names today.',
    example: 'users.csv with the column agents instead of agentSourcedIds.',
    hint: 'Choose the OneRoster 1.1 template in the export.',
  }),
} as const satisfies Record<string, FindingKind>;
