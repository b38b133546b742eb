import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openExport } from '../../../lib/adapters/files/open-export.ts';
import { makeZip, textsOf } from '../zip/make-zip.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rollcall-export-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const put = (files: Record<string, string | Buffer>): void => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
};

describe('an export on this machine', () => {
  test('a zip, by its name or by its bytes, as often as one likes', async () => {
    const zip = await makeZip([{ path: 'users.csv', content: 'a\n1\n' }]);
    put({ 'export.ZIP': zip, download: zip });
    for (const name of ['export.ZIP', 'download']) {
      const found = await openExport(join(root, name));
      expect(found.kind).toBe('zip');
      expect(await textsOf(found)).toEqual({ 'users.csv': 'a\n1\n' });
      expect(await textsOf(found)).toEqual({ 'users.csv': 'a\n1\n' });
      await found.close();
    }
  });

  test('a zip that is none is a fault, a limit is passed on', async () => {
    const zip = await makeZip([{ path: 'users.csv', content: 'a\n1\n' }]);
    put({ 'cut.zip': zip.subarray(0, -5), 'empty.zip': '', 'whole.zip': zip });
    const faultsOf = async (name: string, limits = {}) => {
      const found = await openExport(join(root, name), limits);
      await found.close();
      return found.faults.map((fault) => fault.code);
    };
    expect(await faultsOf('cut.zip')).toEqual(['zip-broken']);
    expect(await faultsOf('empty.zip')).toEqual(['zip-broken']);
    expect(await faultsOf('whole.zip', { maxExpandedBytes: 3 })).toEqual(['zip-too-large']);
  });

  test('a folder of loose files; folders, hidden and system files in it are passed over', async () => {
    put({
      'users.csv': 'a',
      'Orgs.CSV': 'b',
      '.DS_Store': 'x',
      '.hidden': 'x',
      'Thumbs.db': 'x',
      'old/users.csv': 'c',
    });
    symlinkSync(join(root, 'users.csv'), join(root, 'classes.csv'));
    const found = await openExport(root);
    expect(found.kind).toBe('folder');
    expect(await textsOf(found)).toEqual({ 'Orgs.CSV': 'b', 'classes.csv': 'a', 'users.csv': 'a' });
    expect(found.ignored).toEqual(['.DS_Store', '.hidden', 'Thumbs.db', 'old/']);
  });

  test('one enclosing folder is entered, a second one is not', async () => {
    put({ 'export/users.csv': 'a', 'export/deep/orgs.csv': 'b', '.git/config': 'x', '__MACOSX/users.csv': 'x' });
    const found = await openExport(root);
    expect(await textsOf(found)).toEqual({ 'export/users.csv': 'a' });
    expect(found.ignored).toEqual(['.git/', '__MACOSX/', 'export/deep/']);
  });

  test('two folders are not chosen between; an empty folder has no entries', async () => {
    put({ 'one/users.csv': 'a', 'two/users.csv': 'b' });
    expect(await openExport(root)).toMatchObject({ kind: 'folder', entries: [], ignored: ['one/', 'two/'] });
    mkdirSync(join(root, 'empty'));
    expect(await openExport(join(root, 'empty'))).toMatchObject({ entries: [], ignored: [], faults: [] });
  });

  test('a single file, also an empty one', async () => {
    put({ 'users.csv': 'PK,a\n', 'orgs.csv': '' });
    const found = await openExport(join(root, 'users.csv'));
    expect(found.kind).toBe('file');
    expect(await textsOf(found)).toEqual({ 'users.csv': 'PK,a\n' });
    expect((await openExport(join(root, 'orgs.csv'))).entries).toMatchObject([{ path: 'orgs.csv', size: 0 }]);
  });
});

describe('a path that cannot be opened', () => {
  test.each(['missing.csv', 'missing.zip', 'users.csv/inside'])('not-found: %s', async (name) => {
    put({ 'users.csv': 'a' });
    await expect(openExport(join(root, name))).rejects.toMatchObject({ name: 'ExportFailure', code: 'not-found' });
  });

  test('not-readable: neither file nor folder, and a link to itself', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    symlinkSync(join(root, 'loop'), join(root, 'loop'));
    for (const name of ['pipe', 'loop']) {
      await expect(openExport(join(root, name))).rejects.toMatchObject({ code: 'not-readable', retryable: false });
    }
  });

  // The superuser may read everything, so this says something for other users only.
  const asUser = process.getuid?.() === 0 ? test.skip : test;
  asUser('not-readable: no permission', async () => {
    put({ 'users.csv': 'a' });
    chmodSync(join(root, 'users.csv'), 0);
    await expect(openExport(join(root, 'users.csv'))).rejects.toMatchObject({ code: 'not-readable' });
    await expect(openExport(root)).rejects.toMatchObject({ code: 'not-readable' });
  });

  test('a file that is gone when it is read', async () => {
    put({ 'users.csv': 'a' });
    const found = await openExport(root);
    rmSync(join(root, 'users.csv'));
    await expect(textsOf(found)).rejects.toMatchObject({ code: 'not-found' });
  });
});
