import type { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

interface ScheduledRunProps {
  readonly lambda: Lambda;
  readonly every: Duration;
  /** How long a call that could not be made is tried: as long as `every` takes, at most 6 hours (Lambda). */
  readonly keptFor?: Duration;
}

/**
 * Calls a function every so often. A call that fails is not repeated and one that could not be delivered is dropped after
 * as long as the next one takes: the next call does the same work.
 */
export class ScheduledRun extends Construct {
  constructor(scope: Construct, id: string, { lambda, every, keptFor = every }: ScheduledRunProps) {
    super(scope, id);
    lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: keptFor });
    new Rule(this, 'Rule', {
      schedule: Schedule.rate(every),
      targets: [new LambdaFunction(lambda, { retryAttempts: 0, maxEventAge: keptFor })],
    });
  }
}
