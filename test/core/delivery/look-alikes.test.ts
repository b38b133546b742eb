import { recogniseLookAlike } from '../../../lib/core/delivery/look-alikes.ts';
import { FILE_OF_KIND, RECORD_KINDS } from '../../../lib/core/oneroster/kinds.ts';
import { headerOf } from '../../../lib/core/oneroster/tables.ts';

const product = (files: Record<string, string>) =>
  recogniseLookAlike(new Map(Object.entries(files).map(([name, header]) => [name, header.split(',')])));

test.each<[string | null, Record<string, string>]>([
  ['School Data Sync v1', { 'Student.csv': 'SIS ID,School SIS ID,Username' }],
  ['School Data Sync v1', { 'section.csv': 'SIS ID,School SIS ID,Section Name' }],
  ['School Data Sync v1', { 'TeacherRoster.csv': 'Section SIS ID,SIS ID' }],
  ['School Data Sync v2', { 'classes.csv': 'sourcedId,orgSourcedId,title' }],
  [
    'School Data Sync v2.1',
    {
      'classes.csv': 'sourcedId,orgSourcedId,title,sessionSourcedIds',
      'roles.csv': 'userSourcedId,orgSourcedId,role,sessionSourcedId',
    },
  ],
  ['School Data Sync v2.1', { 'users.csv': 'sourcedId,username,givenName,activeDirectoryMatchId' }],
  ['a Clever export', { 'students.csv': 'School_id,Student_id,Last_name' }],
  ['a Clever export', { 'students.csv': ' school_ID , student_ID ' }],
  ['a Canvas SIS export', { 'users.csv': 'user_id,login_id,status' }],
  ['a Canvas SIS export', { 'terms.csv': 'term_id,name,status' }],
  [null, { 'students.csv': 'name,class' }],
  [null, { 'users.csv': 'sourcedId,username' }],
  [null, {}],
])('R9: %s from %j', (expected, files) => {
  expect(product(files)).toBe(expected);
});

test('R9: OneRoster itself looks like nothing else, in 1.0 and 1.1', () => {
  const files = Object.fromEntries(RECORD_KINDS.map((kind) => [`${FILE_OF_KIND[kind]}.csv`, headerOf(kind).join(',')]));
  expect(product(files)).toBeNull();
  const users = 'sourcedId,status,dateLastModified,orgSourcedIds,role,username,userId,givenName,familyName,agents';
  expect(product({ 'users.csv': users })).toBeNull();
});
