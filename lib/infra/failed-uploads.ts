import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { TRANSFER_SOURCE, UPLOAD_FAILED } from '../contracts/transfer-events.ts';
import type { WorkQueue } from './work-queue.ts';

interface FailedUploadsProps {
  readonly serverId: string;
  readonly uploads: WorkQueue;
}

/**
 * Sends Transfer's word that an upload failed to the uploads queue (R16). AWS services speak on the account's default bus and
 * on no other, and there to everybody: hence the server's id.
 */
export class FailedUploads extends Construct {
  constructor(scope: Construct, id: string, { serverId, uploads }: FailedUploadsProps) {
    super(scope, id);
    new Rule(this, 'Rule', {
      description: 'Uploads that broke off, to the function that takes uploads',
      eventPattern: { source: [TRANSFER_SOURCE], detailType: [UPLOAD_FAILED], detail: { 'server-id': [serverId] } },
      targets: [new SqsQueue(uploads.queue, { deadLetterQueue: uploads.deadLetters })],
    });
  }
}
