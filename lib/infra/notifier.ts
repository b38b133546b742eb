import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../contracts/events.ts';
import { NOTIFY_ENVIRONMENT } from '../contracts/notify-environment.ts';
import { acknowledge } from './acknowledge.ts';
import { allow } from './binding.ts';
import type { Oversight } from './oversight.ts';
import { RollcallFunction } from './rollcall-function.ts';
import type { StageSettings } from './stage-settings.ts';
import type { StateTable } from './state-table.ts';

interface NotifierProps {
  readonly bus: IEventBus;
  readonly table: StateTable;
  readonly oversight: Oversight;
  readonly mail: StageSettings['mail'];
}

/** Some mails of one event, a second or two each. */
const SIZE = { memoryMegabytes: 512, timeoutSeconds: 60, scratchMegabytes: 512 };

/** Hears every event of ours on the bus and mails the contacts of its district. */
export class Notifier extends Construct {
  readonly notify: RollcallFunction<typeof NOTIFY_ENVIRONMENT>;

  constructor(scope: Construct, id: string, { bus, table, oversight, mail }: NotifierProps) {
    super(scope, id);
    const identity = new EmailIdentity(this, 'Domain', { identity: Identity.domain(mail.domain) });
    this.notify = new RollcallFunction(this, 'notify', {
      spec: NOTIFY_ENVIRONMENT,
      uses: {
        TABLE_NAME: table.toReadAndAdd(),
        MAIL_FROM: {
          value: mail.from,
          grant: (role) => allow(role, ['ses:SendEmail'], [identity.emailIdentityArn]),
        },
      },
      size: SIZE,
      oversight,
    });
    const undelivered = new Queue(this, 'Undelivered', {
      enforceSSL: true,
      encryption: QueueEncryption.SQS_MANAGED,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(
      undelivered,
      'AwsSolutions-SQS3',
      'It is the dead-letter queue of a rule and a function; the rule sees none.',
    );
    const { lambda } = this.notify;
    lambda.configureAsyncInvoke({ retryAttempts: 2, onFailure: new SqsDestination(undelivered) });
    new Rule(this, 'EveryEvent', {
      eventBus: bus,
      eventPattern: { source: [EVENT_SOURCE] },
      targets: [new LambdaFunction(lambda, { deadLetterQueue: undelivered })],
    });
    oversight.alarm(this, 'NotDelivered', {
      heading: 'Events are not delivered',
      metric: undelivered.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) }),
      threshold: 1,
    });
  }
}
