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

test.each<[string, unknown, string]>([
  ['an upload', failed(`home/${DISTRICT}/Secret.zip`), 'barred'],
  ['an upload of nobody', failed('home/oak-hill/Secret.zip'), 'unknown-district'],
  ['an upload without a tag', failed(`home/${DISTRICT}/Secret.zip`, ''), 'not-an-upload'],
  [
    'a file in another bucket',
    uploadFailedEvent('other', { key: `home/${DISTRICT}/Secret.zip`, eTag: 'abc', endedAt: AT }),
    'not-an-upload',
  ],
])(
  "Transfer's word that %s failed: one line that says what came of it, and nothing of the file (R22)",
  async (_name, body, outcome) => {
    const { lines, failures } = await receive(body);
    expect(failures).toBe(0);
    expect(lines).toEqual([JSON.stringify({ message: 'upload-failed', outcome })]);
  },
);

test('an upload-failed event is no object of S3: no message comes back for it', async () => {
  const { world } = await receive(failed(`home/${DISTRICT}/export.zip`));
  expect(world.queues.uploads).toEqual([]);
});
