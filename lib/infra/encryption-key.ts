import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { KEPT } from './kept.ts';

/**
 * A key of our own for one store of student data, rotated every year, never deleted with its stack. Each store has its
 * own: one key on a bucket and on the queue that the bucket notifies would need itself in its own policy (a cycle).
 */
export function encryptionKey(scope: Construct, purpose: string): Key {
  return new Key(scope, 'Key', {
    description: `Rollcall: ${purpose}`,
    enableKeyRotation: true,
    removalPolicy: KEPT,
  });
}
