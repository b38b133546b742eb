import { findingsOfUser, isAboutFile } from '../../../lib/core/explain/findings-of-user.ts';
import type { Finding } from '../../../lib/core/oneroster/finding.ts';
import { finding } from './made-up-facts.ts';

const ROWS = [
  { name: 'Users.csv', row: 17 },
  { name: 'enrollments.csv', row: 5 },
];

describe('which findings are about a user', () => {
  test.each<[string, Partial<Finding>, boolean]>([
    ['of their row', { file: 'Users.csv', row: 17, sourcedId: null }, true],
    ['of an enrollment of theirs', { file: 'enrollments.csv', row: 5, sourcedId: 'e-1' }, true],
    ['of their sourcedId, the row unknown', { file: 'Users.csv', row: null, sourcedId: 'u-104' }, true],
    ['of their demographics', { file: '20261123_demographics.csv', row: 9, sourcedId: 'u-104' }, true],
    ['of a re-key to them', { code: 'rekey-pair', file: null, row: null, sourcedId: 'u-104' }, true],
    ['of the same row of another file', { file: 'orgs.csv', row: 17, sourcedId: null }, false],
    ['of a class with the same id', { file: 'classes.csv', row: 3, sourcedId: 'u-104' }, false],
    ['of another user', { file: 'Users.csv', row: 18, sourcedId: 'u-105' }, false],
    ['of the whole file', { file: 'Users.csv', row: null, sourcedId: null }, false],
    ['of the delivery', { code: 'manifest-missing', file: null, row: null, sourcedId: null }, false],
  ])('%s: %j', (_, more, expected) => {
    expect(findingsOfUser([finding(more)], 'u-104', ROWS)).toHaveLength(expected ? 1 : 0);
  });
});

test.each<[Partial<Finding>, boolean]>([
  [{ code: 'not-utf8' }, true],
  [{ code: 'column-missing' }, true],
  [{ code: 'zip-broken' }, true],
  [{ code: 'byte-order-mark', severity: 'info' }, false],
  [{ code: 'required-missing' }, false],
  [{ code: 'unresolved-reference' }, false],
])('why a delivery does not count: %j is %s', (more, expected) => {
  expect(isAboutFile(finding(more))).toBe(expected);
});
