import { createInterface } from 'node:readline/promises';

/** Options of commands that ask before they change something. */
export interface AskOptions {
  readonly yes?: true;
  readonly json?: true;
}

/**
 * Whether to go on. Only a person at a terminal is asked; a script, `--yes` and `--json` have decided already. Enter is no.
 */
export async function mayGoOn(question: string, { yes, json }: AskOptions): Promise<boolean> {
  if (yes || json || !process.stdin.isTTY || !process.stderr.isTTY) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
