import { join } from 'node:path';
import { Duration, Size } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LayerVersion, RecursiveLoop, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { EnvSpec } from '../contracts/environment.ts';
import { acknowledge, acknowledgeNist } from './acknowledge.ts';
import { type Bindings, bindingValues } from './binding.ts';
import { BANNER, MAIN_FIELDS, NEVER_LOADED } from './bundle-options.ts';
import type { Oversight } from './oversight.ts';
import type { WorkerSettings } from './stage-settings.ts';
import type { WorkQueue } from './work-queue.ts';

const LAMBDAS = join(import.meta.dirname, '../../lambdas');

interface RollcallFunctionProps<S extends EnvSpec> {
  /** The contract of the function's environment. */
  readonly spec: S;
  /** What it may use: a permission and a variable each. */
  readonly uses: Bindings<NoInfer<S>>;
  readonly size: Omit<WorkerSettings, 'concurrency'>;
  readonly oversight: Oversight;
  /** It sends messages that lead back to itself, on purpose; without this AWS stops the 16th in a chain. */
  readonly sendsToItself?: boolean;
  /** Layers of others that it runs with, by ARN and version. */
  readonly layerArns?: readonly string[];
  /** So many calls at once and no more, kept free for it. Null: what the account has left. Absent: it works off a queue. */
  readonly reservedConcurrency?: number | null;
}

/** Why `null` may be said of a stage: with one of these reserved, a new account could not even be deployed to. */
const NOT_RESERVED =
  'A new account may have ten functions at once in all, and may reserve none of them (stage settings).';

/** An apply uses nine tenths of its time and sends itself the rest, so only what comes after that is news. */
const NEAR_TIMEOUT = 0.95;

/** The function of `lambdas/<id>/handler.ts`, bundled with the SDK that it was tested with. */
export class RollcallFunction<S extends EnvSpec> extends Construct {
  readonly lambda: NodejsFunction;
  /** Its lines are our own JSON (adapters/log). */
  readonly log: LogGroup;

  constructor(scope: Construct, id: string, props: RollcallFunctionProps<S>) {
    super(scope, id);
    this.log = props.oversight.logGroup(this, 'Logs');
    // A role without AWS's managed policy, which may write to every log group of the account.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.log.grantWrite(role);
    this.lambda = new NodejsFunction(this, 'Function', {
      entry: join(LAMBDAS, id, 'handler.ts'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      role,
      logGroup: this.log,
      tracing: Tracing.ACTIVE,
      memorySize: props.size.memoryMegabytes,
      timeout: Duration.seconds(props.size.timeoutSeconds),
      ephemeralStorageSize: Size.mebibytes(props.size.scratchMegabytes),
      recursiveLoop: props.sendsToItself ? RecursiveLoop.ALLOW : RecursiveLoop.TERMINATE,
      layers: (props.layerArns ?? []).map((arn, index) =>
        LayerVersion.fromLayerVersionArn(this, `Layer${index + 1}`, arn),
      ),
      ...(props.reservedConcurrency ? { reservedConcurrentExecutions: props.reservedConcurrency } : {}),
      environment: { ...bindingValues(props.uses), NODE_OPTIONS: '--enable-source-maps' },
      bundling: {
        minify: true,
        sourceMap: true,
        sourcesContent: false,
        bundleAwsSDK: true,
        externalModules: NEVER_LOADED,
        format: OutputFormat.ESM,
        mainFields: MAIN_FIELDS,
        banner: BANNER,
      },
    });
    for (const binding of Object.values<Bindings<S>[string]>(props.uses)) binding.grant(role);
    acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', 'X-Ray takes segments for all resources or none.');
    this.acknowledgeNist();
    if (props.reservedConcurrency === null) this.acknowledgeConcurrency(NOT_RESERVED);
    this.watch(props.oversight, props.size.timeoutSeconds);
  }

  private acknowledgeNist(): void {
    const letters =
      'Queue messages have the dead-letter queue of their queue, schedules theirs; a web request has its caller.';
    acknowledgeNist(this.lambda, 'LambdaDLQ', letters, ['R5']);
    const wall = 'It calls AWS and ClassLink over TLS and has no address; a VPC would add a NAT gateway and no wall.';
    acknowledgeNist(this.lambda, 'LambdaInsideVPC', wall);
  }

  private acknowledgeConcurrency(reason: string): void {
    acknowledgeNist(this.lambda, 'LambdaConcurrency', reason, ['R5']);
  }

  private watch(oversight: Oversight, timeoutSeconds: number): void {
    const period = Duration.minutes(5);
    oversight.alarm(this, 'Fails', {
      heading: 'A function fails',
      metric: this.lambda.metricErrors({ period }),
      threshold: 1,
    });
    oversight.alarm(this, 'Throttled', {
      heading: 'A function is throttled',
      metric: this.lambda.metricThrottles({ period }),
      threshold: 1,
      periods: 3,
    });
    oversight.alarm(this, 'NearTimeout', {
      heading: 'A function is near its time limit',
      metric: this.lambda.metricDuration({ period, statistic: 'Maximum' }),
      threshold: NEAR_TIMEOUT * timeoutSeconds * 1000,
    });
  }

  /** Lets the function work off a queue, a message at a time: each has its own fate and its own time. */
  worksOff(work: WorkQueue, concurrency: number): this {
    const batch = { batchSize: 1, reportBatchItemFailures: true, maxConcurrency: concurrency };
    this.lambda.addEventSource(new SqsEventSource(work.queue, batch));
    this.acknowledgeConcurrency('Its event source calls so many at once and no more; the rest waits in the queue.');
    return this;
  }
}
