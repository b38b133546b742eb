import { Stack } from 'aws-cdk-lib';
import { EventType } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { allow, type Binding } from './binding.ts';
import { bucketName, DataBucket, expireWithin } from './data-bucket.ts';
import type { StageSettings } from './stage-settings.ts';
import type { WorkQueue } from './work-queue.ts';

/** Everything that a district's login can reach lies below this prefix (contracts/object-keys.ts). */
const HOMES = 'home/';

/** Days that a claimed (deleted) or replaced upload can still be brought back. The archive has its copy. */
const OLD_VERSION_DAYS = 7;

const BASIC = 'service-role/AWSLambdaBasicExecutionRole';

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
    // All of ObjectCreated: a large upload is completed from parts and a rename is a copy, neither is a Put.
    const everyNewObject = EventType.OBJECT_CREATED;
    this.data.bucket.addEventNotification(everyNewObject, new SqsDestination(props.uploads.queue), { prefix: HOMES });
    this.acknowledgeNotifier();
  }

  /** CloudFormation cannot set a notification on a bucket by itself: the CDK brings a function of its own for it. */
  private acknowledgeNotifier(): void {
    for (const child of Stack.of(this).node.children.filter((node) => node.node.id.startsWith('BucketNotifications'))) {
      const reason = 'The function of the CDK that sets notifications at deployment; its policy is not ours to write.';
      acknowledge(child, 'AwsSolutions-IAM5[Resource::*]', reason);
      acknowledge(child, `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${BASIC}]`, reason);
    }
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
