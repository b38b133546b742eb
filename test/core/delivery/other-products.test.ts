import { uploadOf } from '../../support/small-delivery.ts';
import { planOf } from '../../support/small-upload.ts';

/** Exports of other products, as their documentation shows them: header and one row for each file. */
const SDS_V1 = {
  'School.csv': 'SIS ID,Name\n1,Maple High\n',
  'Section.csv': 'SIS ID,School SIS ID,Section Name\n10,1,Reading 1\n',
  'Student.csv': 'SIS ID,School SIS ID,Username,First Name,Last Name,Grade\n100,1,ann,Ann,Lee,7\n',
  'Teacher.csv': 'SIS ID,School SIS ID,Username,First Name,Last Name\n200,1,bob,Bob,Day\n',
  'StudentEnrollment.csv': 'Section SIS ID,SIS ID\n10,100\n',
  'TeacherRoster.csv': 'Section SIS ID,SIS ID\n10,200\n',
};

const SDS_V2 = {
  'orgs.csv': 'sourcedId,name,type,parentSourcedId\n1,Maple High,school,\n',
  'users.csv':
    'sourcedId,orgSourcedIds,givenName,familyName,username,password,role,grade\n100,1,Ann,Lee,ann,,student,7\n',
  'classes.csv': 'sourcedId,orgSourcedId,title\n10,1,Reading 1\n',
  'enrollments.csv': 'classSourcedId,userSourcedId,role\n10,100,student\n',
};

const SDS_V2_1 = {
  'orgs.csv': 'sourcedId,name,type,parentSourcedId\n1,Maple High,school,\n',
  'users.csv':
    'sourcedId,username,givenName,familyName,password,activeDirectoryMatchId,email,phone,sms\n100,ann,,,,,,,\n',
  'roles.csv':
    'userSourcedId,orgSourcedId,role,sessionSourcedId,grade,isPrimary,roleStartDate,roleEndDate\n100,1,student,,,,,\n',
  'classes.csv': 'sourcedId,orgSourcedId,title,sessionSourcedIds,courseSourcedId\n10,1,Reading 1,,\n',
  'enrollments.csv': 'classSourcedId,userSourcedId,role\n10,100,student\n',
  'academicSessions.csv': 'sourcedId,title,type,schoolYear,startDate,endDate\n1,2027,schoolYear,2027,,\n',
  'courses.csv': 'sourcedId,orgSourcedId,title,code,schoolYearSourcedId,subject,grade\n5,1,Reading,,,,\n',
  'demographics.csv':
    'userSourcedId,sex,birthDate,birthCity,birthState,birthCountry,ethnicityCodes,raceCodes\n100,,,,,,,\n',
  'userFlags.csv': 'userSourcedId,flag\n100,iep\n',
  'relationships.csv': 'userSourcedId,relationshipUserSourcedId,relationshipRole\n100,101,parent\n',
};

const CLEVER = {
  'schools.csv': 'School_id,School_name,School_number\n1,Maple High,1\n',
  'students.csv': 'School_id,Student_id,Student_number,Last_name,First_name,Grade\n1,100,100,Lee,Ann,7\n',
  'teachers.csv': 'School_id,Teacher_id,Teacher_number,Teacher_email,First_name,Last_name\n1,200,200,,Bob,Day\n',
  'sections.csv': 'School_id,Section_id,Teacher_id,Name,Grade\n1,10,200,Reading 1,7\n',
  'enrollments.csv': 'School_id,Section_id,Student_id\n1,10,100\n',
};

const CANVAS = {
  'accounts.csv': 'account_id,parent_account_id,name,status\nA1,,Maple,active\n',
  'terms.csv': 'term_id,name,status,start_date,end_date\nT1,Fall,active,,\n',
  'users.csv': 'user_id,login_id,first_name,last_name,email,status\n100,ann,Ann,Lee,,active\n',
  'courses.csv': 'course_id,short_name,long_name,account_id,term_id,status\n5,R7,Reading 7,A1,T1,active\n',
  'sections.csv': 'section_id,course_id,name,status\n10,5,Reading 1,active\n',
  'enrollments.csv': 'course_id,user_id,role,section_id,status\n5,100,student,10,active\n',
};

const PRODUCTS: [string, Record<string, string>][] = [
  ['School Data Sync v1', SDS_V1],
  ['School Data Sync v2', SDS_V2],
  ['School Data Sync v2.1', SDS_V2_1],
  ['a Clever export', CLEVER],
  ['a Canvas SIS export', CANVAS],
];

describe.each(PRODUCTS)('R9: %s', (product, files) => {
  test.each(['zip', 'folder'] as const)(
    'as a %s is rejected by name, with the remedy, and no file of it is read',
    async (packaging) => {
      const { result, changes } = await planOf(uploadOf(files, packaging));
      expect(result.verdict).toBe('rejected');
      expect(changes).toEqual([]);
      expect(result.files).toEqual({});
      const faults = result.findings.filter(({ severity }) => severity === 'error');
      expect(faults).toEqual([
        expect.objectContaining({
          code: 'look-alike',
          file: null,
          message: `This is ${product}, not OneRoster.`,
          hint: 'Choose the OneRoster 1.1 template in the export.',
        }),
      ]);
    },
  );

  test('is known in any case of its file and column names', async () => {
    const shouted = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name.toUpperCase(), text.toUpperCase()]),
    );
    const { result } = await planOf(uploadOf(shouted));
    expect(result.findings).toContainEqual(expect.objectContaining({ message: `This is ${product}, not OneRoster.` }));
  });
});

/** Files whose few columns are also OneRoster's or say nothing: only beside the others are they known. */
const AMBIGUOUS: ReadonlySet<string> = new Set([
  ...['orgs', 'users', 'enrollments'].map((file) => `School Data Sync v2 ${file}.csv`),
  ...['orgs', 'enrollments', 'academicSessions', 'courses', 'demographics', 'relationships'].map(
    (file) => `School Data Sync v2.1 ${file}.csv`,
  ),
  'a Canvas SIS export accounts.csv',
]);

/** Files that have no OneRoster file of the same columns: each is recognised on its own. */
const ALONE: [string, string, string][] = PRODUCTS.flatMap(([product, files]) =>
  Object.entries(files)
    .filter(([name]) => !AMBIGUOUS.has(`${product} ${name}`))
    .map(([name, text]): [string, string, string] => [product, name, text]),
);

test.each(ALONE)('R9: check of %s, %s alone', async (product, name, text) => {
  const { result } = await planOf(uploadOf({ [name]: text }, 'file'));
  expect(result.verdict).toBe('rejected');
  expect(result.findings).toContainEqual(expect.objectContaining({ message: `This is ${product}, not OneRoster.` }));
});

test('R9: a OneRoster manifest beside such files says what they should be', async () => {
  const modes = Object.keys(SDS_V2).map((name) => `file.${name.replace('.csv', '')},bulk\n`);
  const manifest = `propertyName,value\noneroster.version,1.1\n${modes.join('')}`;
  const { result } = await planOf(uploadOf({ ...SDS_V2, 'manifest.csv': manifest }));
  expect(result.verdict).toBe('rejected');
  expect(result.findingCounts.byCode['look-alike']).toBeUndefined();
  expect(result.findingCounts.byCode['column-missing']).toBeGreaterThan(0);
});
