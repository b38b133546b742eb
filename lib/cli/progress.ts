/** How long work goes on before it shows itself, milliseconds. */
const QUIET = 1000;

/** A line on stderr that rewrites itself, only on a terminal and only for work over a second. */
export class Progress {
  readonly #started = Date.now();
  #last = 0;
  #shown = false;

  /** Tells where the work is; at most ten times a second. */
  tell(text: string): void {
    const now = Date.now();
    if (!process.stderr.isTTY || now - this.#started < QUIET || now - this.#last < 100) return;
    this.#last = now;
    this.#shown = true;
    process.stderr.write(`\r\u001b[K${text}`);
  }

  /** Wipes the line. */
  end(): void {
    if (this.#shown) process.stderr.write('\r\u001b[K');
    this.#shown = false;
  }
}
