import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { isTransient, PATIENT, sayBusy } from '../../../lib/adapters/aws/patient-client.ts';
import { ServiceBusy } from '../../../lib/ports/failure.ts';

const error = (name: string, more: object = {}) => Object.assign(new Error(name), { name }, more);

test.each([
  [error('SlowDown'), true],
  [error('ThrottlingException'), true],
  [error('KmsThrottled'), true],
  [error('Error', { code: 'ECONNRESET' }), true],
  [error('Whatever', { $metadata: { httpStatusCode: 503 } }), true],
  [error('Whatever', { $metadata: { httpStatusCode: 429 } }), true],
  [error('NoSuchKey', { $metadata: { httpStatusCode: 404 } }), false],
  [error('PreconditionFailed', { $metadata: { httpStatusCode: 412 } }), false],
  [error('AccessDenied', { $metadata: { httpStatusCode: 403 } }), false],
  ['a string', false],
])('%s: %s', (thrown, expected) => {
  expect(isTransient(thrown)).toBe(expected);
});

describe('a client', () => {
  let server: Server;
  let status = 503;
  let calls = 0;
  beforeAll(async () => {
    server = createServer((_request, response) => {
      calls++;
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(`<Error><Code>${status === 503 ? 'SlowDown' : 'AccessDenied'}</Code></Error>`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const get = () => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const client = sayBusy(
      new S3Client({ ...PATIENT, maxAttempts: 2, endpoint, credentials, region: 'us-east-1', forcePathStyle: true }),
    );
    return client.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'key' })).finally(() => client.destroy());
  };

  test('that is told to slow down tries again, then says that the service is busy', async () => {
    calls = 0;
    status = 503;
    await expect(get()).rejects.toBeInstanceOf(ServiceBusy);
    expect(calls).toBe(2);
  });

  test('that is refused says so at once', async () => {
    calls = 0;
    status = 403;
    await expect(get()).rejects.toMatchObject({ name: 'AccessDenied' });
    expect(calls).toBe(1);
  });
});
