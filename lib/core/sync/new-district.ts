import type { DistrictState } from './sync.ts';

/** The running state of a district that never had a sync. */
export const NEW_DISTRICT_STATE: DistrictState = {
  applyingSyncId: null,
  lastApplied: null,
  syncPaused: false,
  heldSyncIds: [],
  switchCommandIds: [],
  replacedSyncIds: [],
  replacedDeliveryIds: [],
  revision: 0,
};
