/** Wakes those who wait for a change. */
export class Bell {
  readonly #waiting = new Set<() => void>();

  ring(): void {
    for (const done of [...this.#waiting]) done();
  }

  /** Resolves at the next ring, on abort, and after so many milliseconds at the latest. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.ceil(milliseconds));
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }
}
