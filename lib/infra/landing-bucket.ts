import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { allow, type Binding } from './binding.ts';
import { bucketName, DataBucket, expireWithin } from './data-bucket.ts';
import type { StageSettings } from './stage-settings.ts';
import type { WorkQueue } from './work-queue.ts';

/** Everything that a district's login can reach lies below this prefix (contracts/object-keys.ts). */
const HOMES = 'home/';

/** Days that a claimed (deleted) or replaced upload can still be brought back. The archive has its copy. */
const OLD_VERSION_DAYS = 7;

interface LandingBucketProps {
  /** Gets S3's own event for every new object. */
  readonly uploads: WorkQueue;
  readonly settings: StageSettings;
}

/** The bucket that districts upload to. */
export class LandingBucket extends Construct {
  private readonly data: DataBucket;

  constructor(scope: Construct, id: string, props: LandingBucketProps) {
    super(scope, id);
    this.data = new DataBucket(this, 'Data', {
      name: bucketName('landing', props.settings),
      purpose: 'uploads of districts',
      lifecycleRules: expireWithin(HOMES, props.settings.exportDays, OLD_VERSION_DAYS),
    });
    this.notify(props);
  }

  /**
   * Written into the bucket itself: the library's own way brings a function of its own, with no log group or key of ours.
   * S3 tries the queue when it is told of it, so the queue's policy must be there first.
   */
  private notify({ uploads, settings }: LandingBucketProps): void {
    const { bucket, arn } = this.data;
    const { defaultChild } = bucket.node;
    if (!(defaultChild instanceof CfnBucket)) throw new Error('a bucket without its resource');
    defaultChild.notificationConfiguration = {
      queueConfigurations: [
        {
          // All of them: a large upload is completed from parts and a rename is a copy, neither is a Put.
          event: 's3:ObjectCreated:*',
          queue: uploads.queue.queueArn,
          filter: { s3Key: { rules: [{ name: 'prefix', value: HOMES }] } },
        },
      ],
    };
    bucket.node.addDependency(uploads.takesFromBucket(arn, settings.account));
  }

  /** To read uploads, every version of them, and delete the current one. */
  toClaim(): Binding {
    return this.data.bind({ prefix: HOMES, rights: ['read', 'delete'] });
  }

  /** To delete all versions of all of it, reports too (R22). */
  toPurge(): Binding {
    return this.data.bind({ prefix: HOMES, rights: ['purge'] });
  }

  /** Its name only: the function that names it to Transfer reads nothing. */
  toName(): Binding {
    return this.data.bind();
  }

  /** The ARN of its key, for the same function: session policies name it. */
  toNameKey(): Binding {
    return { value: this.data.key.keyArn, grant: () => {} };
  }

  /** What an SFTP session may do at most; the session policy cuts it down to one district. */
  toServe(): Binding {
    const objects = this.data.bind({ prefix: HOMES, rights: ['read', 'write', 'delete'] });
    return {
      value: objects.value,
      grant: (role) => {
        objects.grant(role);
        // Transfer Family's guide asks for these too where a bucket has a key of its own.
        allow(role, ['kms:Encrypt', 'kms:GetPublicKey', 'kms:ListKeyPolicies'], [this.data.key.keyArn]);
      },
    };
  }
}
