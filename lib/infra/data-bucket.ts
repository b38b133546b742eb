import { Duration, Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type LifecycleRule, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeNist } from './acknowledge.ts';
import { allow, type Binding } from './binding.ts';
import { encryptionKey } from './encryption-key.ts';
import { KEPT } from './kept.ts';
import type { StageSettings } from './stage-settings.ts';

interface DataBucketProps {
  /** Its whole name. Known before deployment, so that policies and other stacks can name it without asking. */
  readonly name: string;
  /** What its key says it is for. */
  readonly purpose: string;
  readonly lifecycleRules: readonly LifecycleRule[];
}

/** Bucket names are one name space for the whole world, so the account is part of them. */
export const bucketName = (name: string, settings: StageSettings): string =>
  `rollcall-${settings.stage}-${name}-${settings.account}`;

/** What a function may do with the objects below a prefix. */
export interface ObjectRights {
  /** Ends in a slash, so that `home/acme` never matches `home/acme2`. */
  readonly prefix: string;
  readonly rights: readonly ('read' | 'write' | 'delete' | 'purge')[];
}

const ACTIONS = {
  // Tags too: S3 copies them with the object, and refuses the copy where it may not read them.
  read: ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTagging', 's3:GetObjectVersionTagging'],
  write: ['s3:PutObject', 's3:PutObjectTagging', 's3:AbortMultipartUpload'],
  delete: ['s3:DeleteObject'],
  // Every version. Only the purge may.
  purge: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
} as const;

/** A bucket for student data: versioned, its own key, TLS only, never public, and it outlives its stack. */
export class DataBucket extends Construct {
  readonly bucket: Bucket;
  readonly key: Key;
  /** In words, not as a reference: what the bucket waits for can name it. */
  readonly arn: string;
  private readonly props: DataBucketProps;

  constructor(scope: Construct, id: string, props: DataBucketProps) {
    super(scope, id);
    this.props = props;
    this.arn = Stack.of(this).formatArn({ service: 's3', region: '', account: '', resource: props.name });
    this.key = encryptionKey(this, props.purpose);
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName: props.name,
      versioned: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: KEPT,
      lifecycleRules: [
        { id: 'abandoned', abortIncompleteMultipartUploadAfter: Duration.days(1) },
        ...props.lifecycleRules,
      ],
    });
    acknowledge(
      this.bucket,
      'AwsSolutions-S1',
      'Access logs would copy the file names of districts to one more place (R22); CloudTrail can record who read what.',
    );
    acknowledgeNist(
      this.bucket,
      'S3BucketLoggingEnabled',
      'As AwsSolutions-S1: a copy of file names in one more place (R22).',
    );
    acknowledgeNist(
      this.bucket,
      'S3BucketDefaultLockEnabled',
      'What may not be deleted cannot be forgotten: a district that leaves is deleted, with all versions (R22).',
      ['R4'],
    );
    acknowledgeNist(
      this.bucket,
      'S3BucketReplicationEnabled',
      'A second copy of student data in a second place (R22); the SIS has the original, the table its backups.',
    );
  }

  /** To use objects below the prefixes, and to learn that one is not there (without `ListBucket` S3 says 403, not 404). */
  bind(...objects: readonly ObjectRights[]): Binding {
    return {
      value: this.props.name,
      grant: (role) => {
        for (const { prefix, rights } of objects) this.allowBelow(role, prefix, rights);
        if (objects.length === 0) return;
        allow(role, ['s3:ListBucket'], [this.arn]);
        if (objects.some(({ rights }) => rights.includes('purge'))) allow(role, ['s3:ListBucketVersions'], [this.arn]);
        allow(role, ['kms:Decrypt', 'kms:GenerateDataKey'], [this.key.keyArn]);
      },
    };
  }

  private allowBelow(role: Role, prefix: string, rights: ObjectRights['rights']): void {
    const objects = `${this.arn}/${prefix}*`;
    const actions = rights.flatMap((right) => ACTIONS[right]);
    allow(role, actions, [objects]);
    acknowledge(role, `AwsSolutions-IAM5[Resource::${objects}]`, 'Objects below one prefix, whatever their names are.');
  }
}

/**
 * Deletes what lies below a prefix, current and older versions, within `days` of its upload: what nobody replaces or
 * deletes becomes an old version first and goes `oldVersionDays` later. `days` is more than `oldVersionDays`.
 */
export function expireWithin(prefix: string, days: number, oldVersionDays: number): readonly LifecycleRule[] {
  const id = prefix.replace(/\/$/, '');
  return [
    {
      id,
      prefix,
      expiration: Duration.days(days - oldVersionDays),
      noncurrentVersionExpiration: Duration.days(oldVersionDays),
    },
    // Once no version is left, the marker of the deletion goes too.
    { id: `${id}-markers`, prefix, expiredObjectDeleteMarker: true },
  ];
}
