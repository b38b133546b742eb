import { Worker } from 'node:worker_threads';

/** Ends a process that hangs: a loop that never lets go cannot be timed from within. */
export interface Watchdog {
  /** Says that a case begins. */
  readonly caseBegins: (number: number) => void;
  readonly stop: () => Promise<number>;
}

/** Plain JavaScript: a worker is not given the loader that reads TypeScript. */
const WATCH = `
  const { workerData } = require('node:worker_threads');
  const { writeSync } = require('node:fs');
  const state = new Int32Array(workerData.shared);
  let last = -1;
  let since = Date.now();
  setInterval(() => {
    const now = Atomics.load(state, 0);
    if (now !== last) [last, since] = [now, Date.now()];
    else if (Date.now() - since > workerData.milliseconds) {
      writeSync(2, 'fuzz: seed ' + workerData.seed + ' case ' + state[1] + ' hangs\\n');
      process.kill(process.pid, 'SIGKILL');
    }
  }, 500);
`;

/** Watches a run of cases: one that takes longer than `seconds` ends the process, and is named on stderr. */
export function watchdog(seed: number, seconds: number): Watchdog {
  const shared = new SharedArrayBuffer(8);
  const state = new Int32Array(shared);
  const worker = new Worker(WATCH, { eval: true, workerData: { shared, seed, milliseconds: seconds * 1000 } });
  worker.unref();
  return {
    caseBegins: (number) => {
      state[1] = number;
      Atomics.add(state, 0, 1);
    },
    stop: () => worker.terminate(),
  };
}
