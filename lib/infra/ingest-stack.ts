import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { APPLY_ENVIRONMENT } from '../contracts/apply-environment.ts';
import type { EnvSpec } from '../contracts/environment.ts';
import { PLAN_ENVIRONMENT } from '../contracts/plan-environment.ts';
import { RECEIVE_ENVIRONMENT } from '../contracts/receive-environment.ts';
import { ownRoleId } from './binding.ts';
import type { FoundationStack } from './foundation-stack.ts';
import { RollcallFunction } from './rollcall-function.ts';
import type { StageSettings } from './stage-settings.ts';
import { countSyncs, watchSyncs } from './watch-syncs.ts';
import { WorkQueue } from './work-queue.ts';

/** From an upload to the table: uploads → receive → plans → plan → applies → apply (design §4). */
export class IngestStack extends Stack {
  readonly plans: WorkQueue;
  readonly applies: WorkQueue;
  /** Receive, plan, apply: in the order of the flow. */
  readonly functions: readonly [RollcallFunction<EnvSpec>, RollcallFunction<EnvSpec>, RollcallFunction<EnvSpec>];

  constructor(scope: Construct, id: string, settings: StageSettings, foundation: FoundationStack) {
    super(scope, id, { env: { account: settings.account, region: settings.region } });
    const { table, landing, archive, uploads, oversight } = foundation;
    const { workers } = settings;
    const bus = foundation.bus.toTell();

    // Their messages hold a district id and a sync id, nothing more.
    this.plans = new WorkQueue(this, 'Plans', {
      workerTimeoutSeconds: workers.plan.timeoutSeconds,
      encryption: 'aws',
      oversight,
    });
    this.applies = new WorkQueue(this, 'Applies', {
      workerTimeoutSeconds: workers.apply.timeoutSeconds,
      encryption: 'aws',
      oversight,
    });
    const { plans, applies } = this;

    const receive = new RollcallFunction(this, 'receive', {
      spec: RECEIVE_ENVIRONMENT,
      uses: {
        TABLE_NAME: table.toReadAndWrite(),
        LANDING_BUCKET: landing.toClaim(),
        ARCHIVE_BUCKET: archive.toKeepDeliveries(),
        UPLOADS_QUEUE_URL: uploads.toSend(),
        PLANS_QUEUE_URL: plans.toSend(),
      },
      size: workers.receive,
      oversight,
      sendsToItself: true,
    }).worksOff(uploads, workers.receive.concurrency);

    const plan = new RollcallFunction(this, 'plan', {
      spec: PLAN_ENVIRONMENT,
      uses: {
        TABLE_NAME: table.toReadAndWrite(),
        ARCHIVE_BUCKET: archive.toPlan(),
        PLANS_QUEUE_URL: plans.toSend(),
        APPLIES_QUEUE_URL: applies.toSend(),
        EVENT_BUS_NAME: bus,
        OWN_ROLE_ID: ownRoleId(),
      },
      size: workers.plan,
      oversight,
      sendsToItself: true,
    }).worksOff(plans, workers.plan.concurrency);

    const apply = new RollcallFunction(this, 'apply', {
      spec: APPLY_ENVIRONMENT,
      uses: {
        TABLE_NAME: table.toReadAndWrite(),
        ARCHIVE_BUCKET: archive.toReadPlans(),
        PLANS_QUEUE_URL: plans.toSend(),
        APPLIES_QUEUE_URL: applies.toSend(),
        EVENT_BUS_NAME: bus,
      },
      size: workers.apply,
      oversight,
      sendsToItself: true,
    }).worksOff(applies, workers.apply.concurrency);

    for (const { log, node } of [plan, apply]) countSyncs(this, oversight, node.id, log);
    watchSyncs(this, oversight);
    this.functions = [receive, plan, apply];
  }
}
