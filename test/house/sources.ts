import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** One source file, path from the project's root with forward slashes. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript file of the product (bin, lib, lambdas): tests and benchmarks may do as they like. */
export function productSources(): readonly Source[] {
  return ['bin', 'lib', 'lambdas'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => read(join(ROOT, folder, name))),
  );
}

const read = (file: string): Source => ({
  path: relative(ROOT, file).split(sep).join('/'),
  text: readFileSync(file, 'utf8'),
});

/** The text without comments and without what stands in quotes: what is left is code. */
export const codeOf = (text: string): string =>
  text.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g,
    (found) => (found.startsWith('/') ? ' ' : "''"),
  );
