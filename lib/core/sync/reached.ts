import { TOLD_STATES } from './states.ts';
import type { Sync } from './sync.ts';

/** A sync in its next state, which nobody has begun on, and which is still to be told where the outside wants to know it (docs/events.md). */
export const reached = (sync: Sync, state: Sync['state']): Sync => ({
  ...sync,
  state,
  tries: null,
  untold: TOLD_STATES.includes(state) ? [...sync.untold, state] : sync.untold,
});
