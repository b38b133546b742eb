import type { BatchResult, QueueRecord } from '../../lib/contracts/batch-result.ts';
import { forEachMessage } from '../../lib/contracts/batch-result.ts';
import type { ConsiderSetMessage, UploadsMessage } from '../../lib/contracts/messages.ts';
import { ownerOfUpload } from '../../lib/contracts/object-keys.ts';
import { createdObjects } from '../../lib/contracts/s3-events.ts';
import { failedObject, isUploadFailed } from '../../lib/contracts/transfer-events.ts';
import { barUpload } from '../../lib/flows/bar-upload.ts';
import type { ClaimPorts } from '../../lib/flows/claim-ports.ts';
import { claimUpload } from '../../lib/flows/claim-upload.ts';
import { considerSet } from '../../lib/flows/consider-set.ts';
import { receiveUpload } from '../../lib/flows/receive-upload.ts';
import type { Logger } from '../../lib/ports/logger.ts';
import { wireReceive } from './wire.ts';

/** What the function works with. */
export type ReceivePorts = ClaimPorts & { readonly landingBucket: string; readonly logger: Logger };

/** The uploads queue: S3's own events, Transfer's upload-failed events, and the messages that come back after a quiet time. */
export const makeReceiveHandler =
  (ports: ReceivePorts) =>
  (event: { readonly Records: readonly QueueRecord[] }): Promise<BatchResult> =>
    forEachMessage(
      event.Records,
      (body) => receive(ports, body),
      (thrown) => ports.logger.error('receive', thrown),
    );

async function receive(ports: ReceivePorts, body: unknown): Promise<void> {
  const message = body as Partial<UploadsMessage>;
  switch (message.type) {
    case 'settle': {
      const outcome = await claimUpload(ports, message as never);
      return ports.logger.info('claim', { ...ownerOfUpload(message.key), outcome });
    }
    case 'consider-set': {
      const { districtId } = message as ConsiderSetMessage;
      const outcome = await considerSet(ports, message as never);
      return ports.logger.info('consider-set', { districtId, outcome });
    }
    default:
      if (isUploadFailed(body)) {
        const failed = failedObject(body, ports.landingBucket);
        const outcome = await barUpload(ports, failed);
        return ports.logger.info('upload-failed', { ...ownerOfUpload(failed?.key), outcome });
      }
      for (const object of createdObjects(body)) {
        const outcome = await receiveUpload(ports, object);
        ports.logger.info('upload', { ...ownerOfUpload(object.key), outcome });
      }
  }
}

let wired: ReturnType<typeof makeReceiveHandler> | undefined;

/** Lambda entry. */
export const handler = (event: { readonly Records: readonly QueueRecord[] }): Promise<BatchResult> => {
  wired ??= makeReceiveHandler(wireReceive(process.env));
  return wired(event);
};
