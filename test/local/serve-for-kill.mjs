/**
 * Runs both servers in a process of their own, so that a test can kill it without warning.
 * Usage: node serve-for-kill.mjs <data directory>. Prints one line of JSON with the endpoints.
 */
import { join } from 'node:path';
import { register } from 'tsx/esm/api';

register();
const { startS3Server } = await import('../../lib/local/s3/server.ts');
const { startSqsServer } = await import('../../lib/local/sqs/server.ts');
const directory = process.argv[2];
const s3 = await startS3Server({ dataDir: join(directory, 's3') });
const sqs = await startSqsServer({ dataDir: join(directory, 'sqs') });
console.log(JSON.stringify({ s3: s3.endpoint, sqs: sqs.endpoint }));
