import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../contracts/events.ts';
import { NOTIFY_ENVIRONMENT } from '../contracts/notify-environment.ts';
import { fixed } from './binding.ts';
import type { MailDomain } from './mail-domain.ts';
import type { Oversight } from './oversight.ts';
import { RollcallFunction } from './rollcall-function.ts';
import type { StageSettings } from './stage-settings.ts';
import type { StateTable } from './state-table.ts';
import { WorkQueue } from './work-queue.ts';

interface NotifierProps {
  readonly bus: IEventBus;
  readonly table: StateTable;
  readonly oversight: Oversight;
  readonly mail: MailDomain;
  readonly support: StageSettings['support'];
}

/** Some mails of one event, a second or two each. */
const SIZE = { memoryMegabytes: 512, timeoutSeconds: 60, scratchMegabytes: 512 };

/** Five at a time stay below what SES lets an account send a second once it has left the sandbox (`aws sesv2 get-account`). */
const AT_ONCE = 5;

/**
 * Hears every event of ours on the bus and mails the contacts of its district. Between rule and function is a queue: a
 * function that is called by a rule has no dead letters that SQS could send back (`rollcall redrive`).
 */
export class Notifier extends Construct {
  readonly notifications: WorkQueue;
  readonly notify: RollcallFunction<typeof NOTIFY_ENVIRONMENT>;

  constructor(scope: Construct, id: string, { bus, table, oversight, mail, support }: NotifierProps) {
    super(scope, id);
    this.notifications = new WorkQueue(this, 'Notifications', {
      workerTimeoutSeconds: SIZE.timeoutSeconds,
      // Counts and codes of a district's syncs, which lie here for days while mail is down.
      encryption: 'own',
      deadHeading: 'Events are not delivered',
      oversight,
    });
    this.notify = new RollcallFunction(this, 'notify', {
      spec: NOTIFY_ENVIRONMENT,
      uses: {
        TABLE_NAME: table.toNotify(),
        MAIL_FROM: mail.toSend(),
        MAIL_REPLY_TO: fixed(support.email),
      },
      size: SIZE,
      oversight,
    }).worksOff(this.notifications, AT_ONCE);
    const { queue, deadLetters } = this.notifications;
    new Rule(this, 'EveryEvent', {
      eventBus: bus,
      eventPattern: { source: [EVENT_SOURCE] },
      // What the rule cannot deliver lies with what the function could not handle: one place to look, one way back.
      targets: [new SqsQueue(queue, { deadLetterQueue: deadLetters })],
    });
  }
}
