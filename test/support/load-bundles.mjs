// Loads every function that `cdk synth` bundled into the folder given, as Lambda would: a package that does not survive
// bundling (a CommonJS require in an ES module, a file that is read at load time) fails here and not in the night.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = process.argv[2];
if (!folder) throw new Error('usage: node test/support/load-bundles.mjs CDK_OUT');

const bundles = readdirSync(folder)
  .filter((name) => name.startsWith('asset.'))
  .map((name) => join(resolve(folder), name, 'index.mjs'));
if (bundles.length === 0) throw new Error(`no bundles in ${folder}`);

for (const bundle of bundles) {
  const { handler } = await import(pathToFileURL(bundle).href);
  if (typeof handler !== 'function') throw new Error(`${bundle} exports no handler`);
}
console.log(`${bundles.length} bundles load`);
