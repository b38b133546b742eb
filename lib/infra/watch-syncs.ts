import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { EventType } from '../contracts/events.ts';
import type { Oversight } from './oversight.ts';

/** Names of metrics that count what became of syncs and deliveries, all functions together. */
export const SYNC_METRICS = {
  applied: 'SyncsApplied',
  held: 'SyncsHeld',
  rejected: 'SyncsRejected',
  failed: 'SyncsFailed',
  late: 'DistrictsLate',
  incomplete: 'DeliveriesIncomplete',
  blocked: 'DeliveriesBlocked',
} as const;

/** The event that each of them counts. */
export const COUNTED_EVENTS: Readonly<Record<keyof typeof SYNC_METRICS, EventType>> = {
  applied: 'rollcall.sync.applied',
  held: 'rollcall.sync.held',
  rejected: 'rollcall.sync.rejected',
  failed: 'rollcall.sync.failed',
  late: 'rollcall.sync.late',
  incomplete: 'rollcall.delivery.incomplete',
  blocked: 'rollcall.delivery.blocked',
};

const PROOF_MISMATCHES = 'ProofMismatches';

/** Counts the events that a function writes into its log (adapters/events), and the tables that were not as promised. */
export function countSyncs(scope: Construct, oversight: Oversight, name: string, log: LogGroup): void {
  const here = new Construct(scope, `${name}-syncs`);
  for (const [outcome, event] of Object.entries(COUNTED_EVENTS)) {
    const metric = SYNC_METRICS[outcome as keyof typeof SYNC_METRICS];
    oversight.countLines(here, metric, log, `{ $.message = "${event}" }`);
  }
  oversight.countLines(here, PROOF_MISMATCHES, log, '{ $.code = "proof-mismatch" }');
}

/** Alarms over what all functions counted: of a failed sync and of a table that is not as promised. */
export function watchSyncs(scope: Construct, oversight: Oversight): void {
  oversight.alarm(scope, 'SyncFailed', {
    heading: 'A sync failed',
    metric: oversight.metric(SYNC_METRICS.failed),
    threshold: 1,
  });
  oversight.alarm(scope, 'ProofMismatch', {
    heading: 'The table is not as the plan promised',
    metric: oversight.metric(PROOF_MISMATCHES),
    threshold: 1,
  });
}
