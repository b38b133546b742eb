import type { Scheduler } from './scheduler.ts';

/** What happened, line by line; nothing is written while it is off, which is nearly always. */
export class Trace {
  readonly lines: string[] = [];
  readonly #scheduler: Scheduler;
  readonly on: boolean;

  constructor(scheduler: Scheduler, on: boolean) {
    this.#scheduler = scheduler;
    this.on = on;
  }

  say(line: () => string): void {
    if (this.on) this.lines.push(`${clockTime(this.#scheduler.elapsed)} ${line()}`);
  }
}

/** 1:02:03.456 since the start. */
const clockTime = (millis: number): string => {
  const seconds = Math.floor(millis / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}.${String(millis % 1000).padStart(3, '0')}`;
};
