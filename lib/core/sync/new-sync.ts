import type { Sync } from './sync.ts';

/** What a sync starts from; whoever makes one adds its identity and state. */
export const EMPTY_SYNC = {
  origin: 'delivery',
  endedAt: null,
  changes: {},
  findingCounts: { error: 0, warning: 0, info: 0, byCode: {} },
  holds: [],
  basis: 0,
  decision: null,
  pairs: 0,
  undo: null,
  conflicts: 0,
  undoneBy: null,
  editedSince: 0,
  profile: null,
  previousProfile: null,
  content: '',
  cursor: { section: 0, offset: 0 },
  recordsWritten: 0,
  tries: null,
  failureCode: null,
  untold: [],
} as const satisfies Partial<Sync>;
