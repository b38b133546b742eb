import { failedObject, isUploadFailed, uploadFailedEvent } from '../../lib/contracts/transfer-events.ts';

const ENDED = '2026-11-23T18:00:07.540Z';
const TAG = '4096a4bd94a1b4b3b1b1c1d1e1f1a1b1';

/** As Transfer writes it (Transfer Family user guide, "SFTP server events"). */
const event = (detail: object = {}, envelope: object = {}) => ({
  version: '0',
  id: '1',
  'detail-type': 'SFTP Server File Upload Failed',
  source: 'aws.transfer',
  account: '111122223333',
  time: '2026-11-23T18:00:09Z',
  region: 'us-east-1',
  resources: ['arn:aws:transfer:us-east-1:111122223333:server/s-1234567890abcdef0'],
  ...envelope,
  detail: {
    'failure-code': 'PARTIAL_UPLOAD',
    'status-code': 'FAILED',
    protocol: 'SFTP',
    bytes: 8192,
    'client-ip': '203.0.113.7',
    'failure-message': 'The session ended',
    'end-timestamp': ENDED,
    etag: TAG,
    'file-path': '/landing/home/maple-unified/export.zip',
    'server-id': 's-1234567890abcdef0',
    username: 'maple-unified',
    'session-id': 'abc',
    ...detail,
  },
});

const KEY = 'home/maple-unified/export.zip';

test.each<[string, unknown, ReturnType<typeof failedObject>]>([
  ['a partial upload', event(), { key: KEY, eTag: TAG, endedAt: ENDED }],
  ['an unknown error', event({ 'failure-code': 'UNKNOWN_ERROR' }), { key: KEY, eTag: TAG, endedAt: ENDED }],
  ['a tag in quotes', event({ etag: `"${TAG}"` }), { key: KEY, eTag: TAG, endedAt: ENDED }],
  [
    'a name that looks encoded: nothing is decoded',
    event({ 'file-path': '/landing/home/maple-unified/a+b%20c/users.csv' }),
    { key: 'home/maple-unified/a+b%20c/users.csv', eTag: TAG, endedAt: ENDED },
  ],
  [
    'the user of another district: the key alone says whose it is (R3)',
    event({ username: 'oak-hill' }),
    { key: KEY, eTag: TAG, endedAt: ENDED },
  ],
  [
    'an end in another zone',
    event({ 'end-timestamp': '2026-11-23T13:00:07.540-05:00' }),
    { key: KEY, eTag: TAG, endedAt: ENDED },
  ],
  [
    'no end: the time of the event',
    event({ 'end-timestamp': undefined }),
    { key: KEY, eTag: TAG, endedAt: '2026-11-23T18:00:09.000Z' },
  ],
  ['no time at all', event({ 'end-timestamp': 'soon' }, { time: undefined }), { key: KEY, eTag: TAG, endedAt: null }],
  ['no tag', event({ etag: undefined }), null],
  ['an empty tag', event({ etag: '""' }), null],
  ['no path', event({ 'file-path': undefined }), null],
  ['another bucket', event({ 'file-path': '/landing-2/home/maple-unified/export.zip' }), null],
  ['a path without its first slash', event({ 'file-path': 'landing/home/maple-unified/export.zip' }), null],
  ['no detail', { ...event(), detail: null }, null],
  ['an upload that is complete', event({}, { 'detail-type': 'SFTP Server File Upload Completed' }), null],
  ['a failed download', event({}, { 'detail-type': 'SFTP Server File Download Failed' }), null],
  ['the words of somebody else', event({}, { source: 'maple.transfer' }), null],
  ["S3's own event", { Records: [] }, null],
  ['nothing', null, null],
])('%s', (_name, body, expected) => {
  expect(failedObject(body, 'landing')).toEqual(expected);
});

test.each<[string, unknown, boolean]>([
  ['an event that names nothing is still the word of Transfer', event({ etag: undefined }), true],
  ['a message of our own is not', { type: 'settle', key: KEY, versionId: 'v1' }, false],
])('%s', (_name, body, expected) => {
  expect(isUploadFailed(body)).toBe(expected);
});

test('what is built is what is read', () => {
  const failed = { key: KEY, eTag: TAG, endedAt: ENDED };
  expect(failedObject(JSON.parse(JSON.stringify(uploadFailedEvent('landing', failed))), 'landing')).toEqual(failed);
});
