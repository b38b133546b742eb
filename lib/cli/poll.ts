import { setTimeout as sleep } from 'node:timers/promises';
import { Progress } from './progress.ts';

/** How often it is looked, milliseconds. */
const EVERY = 200;

/** Looks again and again until `look` finds something; null when the time is up. Says on a terminal what goes on. */
export async function poll<T>(seconds: number, doing: string, look: () => Promise<T | null>): Promise<T | null> {
  const progress = new Progress();
  const started = Date.now();
  try {
    for (;;) {
      const found = await look();
      if (found !== null) return found;
      const waited = (Date.now() - started) / 1000;
      if (waited > seconds) return null;
      progress.tell(`${doing}: ${waited.toFixed(0)} s`);
      await sleep(EVERY);
    }
  } finally {
    progress.end();
  }
}
