import { deliveryLedgerConformance } from './delivery-ledger.ts';
import { leasesConformance } from './leases.ts';
import { syncLogConformance } from './sync-log.ts';
import { watchLogConformance } from './watch-log.ts';
import type { TableWorld } from './world.ts';

/** Everything that makes one worker of many follow another. `lossy`: answers are lost below the adapter. */
export function ledgerConformance(name: string, open: () => TableWorld, lossy = false): void {
  leasesConformance(name, open);
  deliveryLedgerConformance(name, open, lossy);
  syncLogConformance(name, open);
  watchLogConformance(name, open);
}
