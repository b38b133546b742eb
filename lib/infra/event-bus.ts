import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { allow, type Binding } from './binding.ts';
import { KEPT } from './kept.ts';

/**
 * The bus that says what became of each sync (docs/events.md). Others hang their rules on it, so it is in `foundation` and
 * outlives everything that writes to it. Its events hold ids, codes and counts only (R22).
 */
export class RollcallBus extends Construct {
  readonly bus: IEventBus;

  constructor(scope: Construct, id: string, stage: string) {
    super(scope, id);
    const bus = new EventBus(this, 'Bus', { eventBusName: `rollcall-${stage}` });
    bus.applyRemovalPolicy(KEPT);
    // The library's types are not written for exactOptionalPropertyTypes.
    this.bus = bus as IEventBus;
  }

  /** To put events on it. */
  toTell(): Binding {
    return {
      value: this.bus.eventBusName,
      grant: (role) => allow(role, ['events:PutEvents'], [this.bus.eventBusArn]),
    };
  }
}
