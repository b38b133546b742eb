import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { BANNER, MAIN_FIELDS, NEVER_LOADED } from '../../lib/infra/bundle-options.ts';

/**
 * Bundles the function as the stack does, and loads it as Lambda would, so many times and each in a process of its own: a
 * module loads once. Bytes, and milliseconds of each load in order.
 */
export async function measureBundle(
  times: number,
): Promise<{ readonly bytes: number; readonly loads: readonly number[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-bundle-'));
  try {
    const outfile = join(folder, 'index.mjs');
    await build({
      entryPoints: [join(import.meta.dirname, '../../lambdas/sso/handler.ts')],
      outfile,
      bundle: true,
      minify: true,
      sourcemap: true,
      sourcesContent: false,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      mainFields: MAIN_FIELDS,
      banner: { js: BANNER },
      external: NEVER_LOADED,
      logLevel: 'error',
    });
    const program = `const t = performance.now(); await import('${pathToFileURL(outfile)}'); console.log(performance.now() - t)`;
    const loads = Array.from({ length: times }, () =>
      Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })),
    );
    return { bytes: (await stat(outfile)).size, loads: loads.sort((a, b) => a - b) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
