import { sessionPolicy } from '../../../lib/core/district/sftp-login.ts';
import { parseSessionPolicy, type S3Access } from '../../../lib/local/sftp/session-policy.ts';

const ROLE = 'arn:aws-us-gov:iam::000000000000:role/sftp';
const KEY = 'arn:aws-us-gov:kms:us-gov-west-1:000000000000:key/mrk-1234abcd12ab34cd56ef1234567890ab';
const OURS = sessionPolicy({ bucket: 'landing', keyArn: KEY, prefix: 'home/acme/', roleArn: ROLE });

test.each<[string, S3Access['action'], string, boolean]>([
  ['reads its files', 's3:GetObject', 'home/acme/users.csv', true],
  ['writes its files', 's3:PutObject', 'home/acme/fall/users.csv', true],
  ['deletes its files', 's3:DeleteObject', 'home/acme/users.csv', true],
  ['reads reports', 's3:GetObject', 'home/acme/reports/r.html', true],
  ['does not write reports', 's3:PutObject', 'home/acme/reports/r.html', false],
  ['does not delete reports', 's3:DeleteObject', 'home/acme/reports/', false],
  ['writes what only begins like reports', 's3:PutObject', 'home/acme/reports2/x.csv', true],
  ['does not read the district next to it', 's3:GetObject', 'home/acme2/users.csv', false],
  ['does not write outside', 's3:PutObject', 'deliveries/acme/x', false],
  ['lists its home', 's3:ListBucket', 'home/acme/', true],
  ['lists below its home', 's3:ListBucket', 'home/acme/fall/', true],
  ['does not list the district next to it', 's3:ListBucket', 'home/acme2/', false],
  ['does not list everything', 's3:ListBucket', '', false],
])('the policy of a district: %s', (_name, action, key, expected) => {
  expect(parseSessionPolicy(OURS)?.({ action, bucket: 'landing', key })).toBe(expected);
  expect(parseSessionPolicy(OURS)?.({ action, bucket: 'archive', key })).toBe(false);
});

test('fits what STS takes, with the longest names there are', () => {
  const longest = sessionPolicy({
    bucket: 'b'.repeat(63),
    keyArn: KEY,
    prefix: `home/${'d'.repeat(40)}/`,
    roleArn: ROLE,
  });
  expect(longest.length).toBeLessThanOrEqual(2048);
});

test('names the key of the bucket and no other', () => {
  const { Statement } = JSON.parse(OURS) as { Statement: { Action: string | string[]; Resource: string }[] };
  const keys = Statement.filter(({ Action }) => [Action].flat().some((action) => action.startsWith('kms:')));
  expect(keys.map(({ Resource }) => Resource)).toEqual([KEY]);
  expect(OURS).not.toContain('"Resource":"*"');
});

test('no policy leaves the rights of the role', () => {
  expect(parseSessionPolicy(undefined)?.({ action: 's3:PutObject', bucket: 'b', key: 'k' })).toBe(true);
});

const statement = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
test.each<[string, string]>([
  ['not JSON', 'yes'],
  ['too long for STS', JSON.stringify({ Version: '2012-10-17', Statement: Array(50).fill(statement) })],
  ['without statements', '{"Version":"2012-10-17","Statement":[]}'],
  [
    'with an element that is not known here',
    JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, NotResource: 'x' }] }),
  ],
  [
    'with a condition that is not known here',
    JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, Condition: { Bool: { 'aws:x': 'true' } } }] }),
  ],
])('a policy %s is refused whole', (_name, policy) => {
  expect(parseSessionPolicy(policy)).toBeNull();
});
