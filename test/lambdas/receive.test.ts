import { makeReceiveHandler } from '../../lambdas/receive/handler.ts';
import { uploadFailedEvent } from '../../lib/contracts/transfer-events.ts';
import { DISTRICT, FlowWorld } from '../flows/flow-world.ts';

const LANDING = 'landing';
const AT = '2026-11-23T18:00:00.000Z';

async function receive(body: unknown) {
  const world = await FlowWorld.open();
  const lines: string[] = [];
  const logger = {
    info: (message: string, fields?: object) => void lines.push(JSON.stringify({ message, ...fields })),
    error: (message: string) => void lines.push(message),
  };
  const handler = makeReceiveHandler({ ...world.ports, landingBucket: LANDING, logger });
  const result = await handler({ Records: [{ messageId: 'm', body: JSON.stringify(body) }] });
  return { world, lines, failures: result.batchItemFailures.length };
}

const failed = (key: string, eTag = 'abc') => uploadFailedEvent(LANDING, { key, eTag, endedAt: AT });

test.each<[string, unknown, string, string | null]>([
  ['an upload', failed(`home/${DISTRICT}/Secret.zip`), 'barred', DISTRICT],
  ['an upload of nobody', failed('home/oak-hill/Secret.zip'), 'unknown-district', 'oak-hill'],
  ['an upload without a tag', failed(`home/${DISTRICT}/Secret.zip`, ''), 'not-an-upload', null],
  [
    'a file in another bucket',
    uploadFailedEvent('other', { key: `home/${DISTRICT}/Secret.zip`, eTag: 'abc', endedAt: AT }),
    'not-an-upload',
    null,
  ],
])(
  "Transfer's word that %s failed: one line that says whose it was and what came of it, and nothing of the file (R22)",
  async (_name, body, outcome, districtId) => {
    const { lines, failures } = await receive(body);
    expect(failures).toBe(0);
    expect(lines).toEqual([
      JSON.stringify({ message: 'upload-failed', ...(districtId === null ? {} : { districtId }), outcome }),
    ]);
  },
);

const name = 'Secret.csv';
const created = (key: string) => ({
  Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key, versionId: 'v1', size: 1 } } }],
});

test.each<[string, unknown, string]>([
  ['upload', created(`home/${DISTRICT}/${name}`), DISTRICT],
  ['claim', { type: 'settle', key: `home/${DISTRICT}/${name}`, versionId: 'v1' }, DISTRICT],
  ['consider-set', { type: 'consider-set', districtId: DISTRICT, folder: '', deliveryId: 'd-1' }, DISTRICT],
])('the line "%s" says whose upload it was, and nothing of the file (R22)', async (message, body, districtId) => {
  const { lines, failures } = await receive(body);
  expect(failures).toBe(0);
  expect(lines.map((line) => JSON.parse(line))).toEqual([{ message, districtId, outcome: expect.any(String) }]);
});

test('an upload-failed event is no object of S3: no message comes back for it', async () => {
  const { world } = await receive(failed(`home/${DISTRICT}/export.zip`));
  expect(world.queues.uploads).toEqual([]);
});
