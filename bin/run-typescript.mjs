// Runs the TypeScript sources as they are, from one translation that is kept until a source changes
// (docs/decisions/0003-typescript-through-tsx.md).
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** All that is started so. One translation holds them all, with what they share. */
const ENTRIES = ['bin/rollcall.ts', 'lib/local/dynamodb/child.ts'];

/** Whoever started from an older translation may still load a part of it: it goes so long after it was replaced, milliseconds. */
const KEPT_MILLIS = 3 * 86_400_000;

/**
 * Runs one of `ENTRIES` in this process. Where no translation can be made or kept (a folder that cannot be written, say),
 * tsx translates file by file, which takes seconds instead of a fraction of one.
 *
 * @param {string} entry
 */
export async function runTypeScript(entry) {
  const folder = await translated(PROJECT, ENTRIES).catch(() => null);
  if (folder === null) {
    const { register } = await import('tsx/esm/api');
    register();
    await import(pathToFileURL(join(PROJECT, entry)).href);
    return;
  }
  process.setSourceMapsEnabled(true);
  await import(pathToFileURL(join(folder, entry.replace(/\.ts$/, '.mjs'))).href);
}

/**
 * The folder with the translation of a project's entries as they are now; made where there is none, or a source has
 * changed since. Two processes may do this at the same time.
 *
 * @param {string} project its folder
 * @param {readonly string[]} entries paths in it
 * @returns {Promise<string>}
 * @throws where it cannot be made or kept
 */
export async function translated(project, entries) {
  const root = resolve(project);
  const cache = join(root, 'node_modules/.cache/rollcall', fingerprint([root, process.versions.node, ...entries]));
  return current(root, cache) ?? (await translate(root, entries, cache));
}

/** The last translation, if it is one of the sources as they are; otherwise null. */
function current(root, cache) {
  try {
    const { folder, inputs } = JSON.parse(readFileSync(join(cache, 'current.json'), 'utf8'));
    const isSame = inputs.every(([file, stamp]) => stampOf(join(root, file)) === stamp);
    return isSame && statSync(join(cache, folder)).isDirectory() ? join(cache, folder) : null;
  } catch {
    return null;
  }
}

async function translate(root, entries, cache) {
  const esbuild = await import('esbuild');
  mkdirSync(cache, { recursive: true });
  // Where node_modules is a link: the translation finds packages, and its maps the sources, from where it really is.
  const place = realpathSync(cache);
  const folder = mkdtempSync(join(place, 'build-'));
  try {
    // What changes while it is read is translated again next time.
    const stamps = new Map();
    const { metafile } = await esbuild.build({
      ...OPTIONS,
      ...placesOf(root, entries, folder),
      plugins: [ownPlace(stamps)],
    });
    const inputs = Object.keys(metafile.inputs).map((file) => [file, stamps.get(join(root, file))]);
    const own = fileURLToPath(import.meta.url);
    inputs.push([relative(root, own), stampOf(own)]);
    const next = join(folder, 'current.json');
    writeFileSync(next, JSON.stringify({ folder: relative(place, folder), inputs }));
    forgetOld(place);
    renameSync(next, join(place, 'current.json'));
  } catch (thrown) {
    rmSync(folder, { recursive: true, force: true });
    throw thrown;
  } finally {
    // Else its process stays for as long as this one.
    await esbuild.stop();
  }
  return join(cache, relative(place, folder));
}

const OPTIONS = {
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: `node${process.versions.node}`,
  sourcemap: 'linked',
  sourcesContent: false,
  metafile: true,
  logLevel: 'silent',
};

const placesOf = (root, entries, folder) => ({
  absWorkingDir: root,
  entryPoints: entries,
  outbase: root,
  outdir: folder,
  outExtension: { '.js': '.mjs' },
});

/** Each file goes on to know where its source is: what it finds beside itself is there, and not beside the translation. */
const ownPlace = (stamps) => ({
  name: 'own-place',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.(ts|json)$/ }, ({ path }) => {
      stamps.set(path, stampOf(path));
      if (path.endsWith('.json')) return null;
      const contents = readFileSync(path, 'utf8')
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.filename', JSON.stringify(path));
      return { contents, loader: 'ts' };
    }),
});

/** A file that was put back with its old time and size has a new time of change. */
const stampOf = (file) => {
  const { mtimeMs, ctimeMs, size } = statSync(file);
  return `${mtimeMs} ${ctimeMs} ${size}`;
};

const fingerprint = (parts) => createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);

/** The translation that is replaced now is kept from now on; older ones go when their time is over. */
function forgetOld(place) {
  const replaced = replacedIn(place);
  const now = new Date();
  for (const name of readdirSync(place).filter((each) => each.startsWith('build-'))) {
    const each = join(place, name);
    try {
      if (name === replaced) utimesSync(each, now, now);
      else if (now.getTime() - statSync(each).mtimeMs > KEPT_MILLIS) rmSync(each, { recursive: true, force: true });
    } catch {
      // Another start has removed it.
    }
  }
}

function replacedIn(place) {
  try {
    return JSON.parse(readFileSync(join(place, 'current.json'), 'utf8')).folder;
  } catch {
    return null;
  }
}
