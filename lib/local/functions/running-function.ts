import { setTimeout as sleep } from 'node:timers/promises';

/** Something that calls a function until it is stopped. */
export interface RunningFunction {
  /** Starts no more calls; waits for those that run, for the grace time at most. What they do after that is not acknowledged. */
  stop(): Promise<void>;
  /** Whether no call is running: true also while messages wait that nobody has received. */
  idle(): boolean;
}

/** Waits for work that is going on, but not for ever. Seconds; default 10. */
export async function withinGrace(work: Promise<unknown>, graceSeconds = 10): Promise<void> {
  const over = new AbortController();
  const grace = sleep(graceSeconds * 1000, undefined, { signal: over.signal }).catch(() => {});
  await Promise.race([work, grace]);
  over.abort();
}
