import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CommandError } from './output.ts';

/**
 * A secret from a person who types it, unseen, or from what is piped in (its first line). Never from the command line: other
 * programs can read that, and the shell remembers it.
 */
export async function askSecret(question: string): Promise<string> {
  const answer = process.stdin.isTTY ? await typed(question) : await piped();
  const secret = answer.trim();
  if (secret !== '') return secret;
  const hint = 'Type it when you are asked, or pipe it in: `… < file`.';
  throw new CommandError('no-secret', `${question}: nothing was given.`, hint);
}

async function typed(question: string): Promise<string> {
  // The terminal's own echo is off while readline has it; what readline would show goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  // Asked only now: what is typed, or pasted, before the echo is off would be seen.
  process.stderr.write(`${question} (not shown): `);
  const left = new AbortController();
  // Ctrl-C and Ctrl-D: nobody answers any more.
  terminal.once('SIGINT', () => left.abort()).once('close', () => left.abort());
  try {
    return await terminal.question('', { signal: left.signal });
  } catch {
    return '';
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}

async function piped(): Promise<string> {
  let text = '';
  for await (const piece of process.stdin) text += String(piece);
  return text.split(/\r?\n/)[0] ?? '';
}
