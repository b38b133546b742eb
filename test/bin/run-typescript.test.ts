import { execFile, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const PROJECT = join(import.meta.dirname, '../..');

let project: string;

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
};

const run = () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(project, 'bin/rollcall.mjs')], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

const cache = () => join(project, 'node_modules/.cache/rollcall');
const translations = () =>
  readdirSync(cache())
    .flatMap((each) => readdirSync(join(cache(), each)))
    .sort();

/** A project with our starter and sources of its own. */
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'rollcall-start-'));
  mkdirSync(join(project, 'node_modules'));
  for (const name of ['esbuild', 'tsx'])
    symlinkSync(join(PROJECT, 'node_modules', name), join(project, 'node_modules', name));
  write('package.json', '{ "type": "module" }');
  for (const name of ['bin/rollcall.mjs', 'bin/run-typescript.mjs']) {
    mkdirSync(join(project, dirname(name)), { recursive: true });
    copyFileSync(join(PROJECT, name), join(project, name));
  }
  write('bin/rollcall.ts', "import { word } from '../lib/word.ts';\nconst said: string = word;\nconsole.log(said);\n");
  write('lib/word.ts', "export const word = 'first';\n");
  write('lib/local/dynamodb/child.ts', 'export {};\n');
});

afterEach(() => {
  rmSync(project, { recursive: true, force: true });
});

test('the sources are translated once, and run from there the next time', () => {
  expect(run()).toEqual({ status: 0, stdout: 'first\n', stderr: '' });
  const made = translations();
  expect(run()).toEqual({ status: 0, stdout: 'first\n', stderr: '' });
  expect(translations()).toEqual(made);
});

test.each([
  ['the entry', 'bin/rollcall.ts', "console.log('changed');\n"],
  ['what it imports', 'lib/word.ts', "export const word = 'changed';\n"],
])('a change of %s counts at once', (_name, path, text) => {
  run();
  write(path, text);
  expect(run()).toEqual({ status: 0, stdout: 'changed\n', stderr: '' });
});

test('a source of the same size and time as before is still another one', () => {
  run();
  const { atime, mtime } = statSync(join(project, 'lib/word.ts'));
  write('lib/word.ts', "export const word = 'other';\n");
  utimesSync(join(project, 'lib/word.ts'), atime, mtime);
  expect(run().stdout).toBe('other\n');
});

test('whoever runs from a translation that is replaced can still load its parts', () => {
  write('bin/rollcall.ts', "console.log('first');\n");
  run();
  const [old = ''] = translations();
  const folder = join(cache(), readdirSync(cache())[0] ?? '', old);
  const longAgo = new Date(Date.now() - 30 * 86_400_000);
  utimesSync(folder, longAgo, longAgo);
  write('lib/word.ts', "export const word = 'unused';\n");
  write('bin/rollcall.ts', "console.log('second');\n");
  expect(run().stdout).toBe('second\n');
  expect(translations()).toContain(old);
  // Nobody replaced this one just now.
  utimesSync(folder, longAgo, longAgo);
  write('bin/rollcall.ts', "console.log('third one');\n");
  expect(run().stdout).toBe('third one\n');
  expect(translations()).not.toContain(old);
});

test('four who start at once get the same', async () => {
  const starts = Array.from({ length: 4 }, () =>
    promisify(execFile)(process.execPath, [join(project, 'bin/rollcall.mjs')]),
  );
  expect((await Promise.all(starts)).map(({ stdout, stderr }) => stdout + stderr)).toEqual(Array(4).fill('first\n'));
});

test('a source finds what lies beside it', () => {
  write('bin/rollcall.ts', "console.log(import.meta.dirname + ' ' + new URL('x.md', import.meta.url).pathname);\n");
  expect(run().stdout).toBe(`${join(project, 'bin')} ${join(project, 'bin/x.md')}\n`);
});

test('what a fault shows is the place in the source', () => {
  write('bin/rollcall.ts', "type Unused = string;\n\nthrow new Error('broken');\n");
  const { status, stderr } = run();
  expect(status).toBe(1);
  expect(stderr).toContain(`${join(project, 'bin/rollcall.ts')}:3`);
});

test.each([
  ['is cut off', '{"folder":"bui'],
  ['names a folder that is gone', '{"folder":"build-gone","inputs":[]}'],
])('a note of the last translation that %s is replaced', (_name, text) => {
  run();
  for (const each of readdirSync(cache())) writeFileSync(join(cache(), each, 'current.json'), text);
  expect(run()).toEqual({ status: 0, stdout: 'first\n', stderr: '' });
});

test('where nothing can be kept, the sources run all the same', () => {
  write('node_modules/.cache', 'a file where the folder should be');
  expect(run()).toEqual({ status: 0, stdout: 'first\n', stderr: '' });
});

test('a source that cannot be translated is shown with its place', () => {
  write('lib/word.ts', 'export const word = ;\n');
  const { status, stderr } = run();
  expect(status).toBe(1);
  expect(stderr).toContain('lib/word.ts');
  expect(translations()).toEqual([]);
});
