import { Construct } from 'constructs';
import type { Binding } from './binding.ts';
import { bucketName, DataBucket, expireWithin } from './data-bucket.ts';
import type { StageSettings } from './stage-settings.ts';

const DELIVERIES = 'deliveries/';
const PLANS = 'plans/';

/** The bucket that Rollcall keeps frozen deliveries and plans in. */
export class ArchiveBucket extends Construct {
  private readonly data: DataBucket;

  constructor(scope: Construct, id: string, settings: StageSettings) {
    super(scope, id);
    this.data = new DataBucket(this, 'Data', {
      name: bucketName('archive', settings),
      purpose: 'deliveries and plans',
      lifecycleRules: [
        ...expireWithin(DELIVERIES, settings.exportDays, 1),
        // A plan lasts its days in full, because so long can it be undone (R14); one day later it is gone.
        ...expireWithin(PLANS, settings.planDays + 1, 1),
      ],
    });
  }

  /** To keep deliveries, and read them to see whether they are whole. */
  toKeepDeliveries(): Binding {
    return this.data.bind({ prefix: DELIVERIES, rights: ['read', 'write'] });
  }

  /** To read deliveries and write plans. */
  toPlan(): Binding {
    return this.data.bind({ prefix: DELIVERIES, rights: ['read'] }, { prefix: PLANS, rights: ['read', 'write'] });
  }

  /** To read both, for people. */
  toLookUp(): Binding {
    return this.data.bind({ prefix: DELIVERIES, rights: ['read'] }, { prefix: PLANS, rights: ['read'] });
  }

  /** To delete both, all versions (R22). */
  toPurge(): Binding {
    return this.data.bind({ prefix: DELIVERIES, rights: ['purge'] }, { prefix: PLANS, rights: ['purge'] });
  }

  /** To read plans. */
  toReadPlans(): Binding {
    return this.data.bind({ prefix: PLANS, rights: ['read'] });
  }
}
