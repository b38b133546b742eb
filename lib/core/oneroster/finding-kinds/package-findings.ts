import { error, type FindingKind, info, RE_EXPORT } from './finding-kind.ts';

/** The upload as a whole (R7, R16). */
export const PACKAGE_FINDINGS = {
  'same-bytes-as': info({
    says: 'The export says just what the delivery {delivery} said.',
    cause: 'The same export was sent again, or nothing changed since. It is planned as any other.',
    example: 'An export of last week is uploaded once more.',
  }),
  'zip-broken': error({
    says: 'The zip file is cut or damaged.',
    cause: 'The upload broke off, or was written over an older and longer file. Nothing in the zip is read.',
    example: 'A zip of 12 MB of which only the first 7 MB arrived.',
    hint: RE_EXPORT,
  }),
  'upload-failed': error({
    says: 'The SFTP server reports that the upload of this file failed.',
    cause: 'The connection was lost before the file was complete. What has come may look whole and still lack its end.',
    example: 'A users.csv of which the last 400 rows never arrived, cut just between two rows.',
    hint: RE_EXPORT,
  }),
  'zip-encrypted': error({
    says: 'The zip file is protected by a password.',
    cause: 'The zip was made by hand, or by a job that protects its files. There is no place to type the password.',
    example: 'export.zip that asks for a password when you open it.',
    hint: 'Send it without a password; SFTP encrypts it.',
  }),
  'zip-too-many-entries': error({
    says: 'The zip file holds more files than an export has.',
    cause:
      'The zip holds a whole folder of old exports, or something that is no export. The limit is a setting, 200 files unless changed.',
    example: 'A zip of a year of nightly exports, 365 folders of nine files each.',
    hint: 'Send only the OneRoster files.',
  }),
  'zip-too-large': error({
    says: 'The zip file would unpack to more than the limit.',
    cause:
      'The files inside are together larger than the limit, 8 GB unless changed. Often a backup was packed with them.',
    example: 'users.csv beside a database backup of 40 GB.',
    hint: 'Send only the OneRoster files.',
  }),
  'zip-ratio': error({
    says: 'The zip file unpacks to far more than its size.',
    cause: 'Text never packs this tightly, so the zip is damaged or was made to do harm. It is not unpacked.',
    example: 'A zip of 40 KB that says it holds 2 GB.',
    hint: 'Make the zip again with an ordinary tool.',
  }),
  'zip-unsafe-path': error({
    says: 'The zip file holds a path that leaves its folder.',
    cause: 'A name in the zip starts at a drive or at the root, goes up a folder, has a backslash, or is a link.',
    example: 'C:\\exports\\users.csv, or ../users.csv.',
    hint: 'Make the zip again with an ordinary tool.',
  }),
  'zip-duplicate-entry': error({
    says: 'The zip file holds one name twice.',
    cause: 'New files were added to an old zip instead of replacing it. Nobody can say which of the two counts.',
    example: 'users.csv and Users.CSV in one zip.',
    hint: 'Make the zip again from an empty folder.',
  }),
  'zip-method': error({
    says: 'The zip file uses a compression other than deflate.',
    cause: 'The tool that made the zip was set to its strongest compression, which few other tools can read.',
    example: 'A zip made with the LZMA method.',
    hint: 'Make the zip again with an ordinary tool.',
  }),
  'duplicate-file': error({
    says: 'Two files of the upload are the same OneRoster file.',
    cause: 'The same file is there under two names. Nobody can say which of them is the newer one.',
    example: 'users.csv and 20261123_users.csv.',
    hint: 'Send each file once.',
  }),
  'look-alike': error({
    says: 'This is {product}, not OneRoster.',
    cause: 'Another template was chosen in the export. The columns are those of that product.',
    example: 'students.csv with the columns School_id and Student_id.',
    hint: 'Choose the OneRoster 1.1 template in the export.',
  }),
  'no-roster-file': error({
    says: 'The upload holds no OneRoster file.',
    cause: 'None of the files has a name of the standard, or they lie in two or more folders.',
    example: 'Only readme.txt and students.xlsx.',
    hint: 'Choose the OneRoster 1.1 template in the export.',
  }),
  'enclosing-folder': info({
    says: 'The files lie in one enclosing folder.',
    cause: 'The folder was packed instead of the files in it. They are read all the same.',
    example: 'Export/users.csv instead of users.csv.',
  }),
  'stray-file': info({
    says: 'The file is not part of OneRoster and was not read.',
    cause: 'A note, a log or a table of another program lies beside the export.',
    example: 'readme.txt, or lunch-codes.csv.',
  }),
  'not-stored-file': info({
    says: 'The file is part of OneRoster, but this product does not keep it.',
    cause: 'The export has files for gradebooks or resources. Only people, schools, classes and their like are read.',
    example: 'results.csv, or lineItems.csv.',
  }),
  'file-name-dialect': info({
    says: 'The file name differs from the standard ({expected}) in case or by a date.',
    cause: 'The export names its files in its own way. They are read as if they were called as the standard has it.',
    example: 'Users.CSV, or 20261123_users.csv.',
  }),
} as const satisfies Record<string, FindingKind>;
