import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `npm run bench -- NAME [OPTIONS]`: runs one of the benchmarks. What each takes and prints stands at its top, and with `--help`. */
const BENCHES = ['cost', 'csv', 'faults', 'plan', 'rows', 'scale', 'sso'] as const;

const usage = `npm run bench -- ${BENCHES.join('|')} [OPTIONS]; with --help after a name: what it takes and prints`;
const name = process.argv[2] ?? '';
const asksForHelp = process.argv.slice(2).some((each) => each === '--help' || each === '-h');
if (BENCHES.some((each) => each === name)) {
  // The benchmark reads its own options, from where they would stand without this file.
  process.argv.splice(2, 1);
  if (asksForHelp) console.log(wordsAtTop(join(import.meta.dirname, `${name}.ts`)));
  else await import(`./${name}.ts`);
} else {
  (asksForHelp ? console.log : console.error)(usage);
  process.exitCode = asksForHelp ? 0 : 2;
}

/** The comment that a file begins with, as plain text. */
function wordsAtTop(file: string): string {
  const [, words = ''] = /\/\*\*(.*?)\*\//s.exec(readFileSync(file, 'utf8')) ?? [];
  return words.replace(/^\s*\* ?/gm, '').trim();
}
