import { mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** Where packages can be found from, and git does not look. */
const CACHE = fileURLToPath(new URL('../../node_modules/', import.meta.url));

/** The program of `seeds-process.ts` in one file: it starts and runs faster than one that is translated as it is loaded. */
export function bundleSeedsProcess(): { readonly file: string; readonly remove: () => void } {
  const folder = mkdtempSync(`${CACHE}.rollcall-simulation-`);
  const file = `${folder}/seeds-process.mjs`;
  buildSync({
    entryPoints: [fileURLToPath(new URL('./seeds-process.ts', import.meta.url))],
    outfile: file,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
