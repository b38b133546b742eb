import { execFileSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, rollcall, temporaryFolder } from './rollcall-process.ts';

const PROJECT = join(import.meta.dirname, '../..');

afterAll(cleanUp);

test('what is committed is enough: a fresh clone checks an export and does the main job', async () => {
  const clone = join(temporaryFolder(), 'rollcall');
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', PROJECT, clone], { stdio: 'pipe' });
  symlinkSync(join(PROJECT, 'node_modules'), join(clone, 'node_modules'));
  const options = { project: clone };

  // As README says, without naming a data folder: it is `.local` of the clone, which git ignores.
  const { code, stdout } = await rollcall(['local', '--once', '--quiet-seconds', '1'], options);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^SFTP +sftp -P \d+ maple-unified@127\.0\.0\.1 +password \S+$/m);
  expect(stdout).toMatch(/^applied in \d+\.\d s \(sync s-\S+\)$/m);
  const sample = join(clone, '.local/sample/day-1.zip');
  expect(existsSync(sample)).toBe(true);
  // The link to the packages is the test's own.
  expect(execFileSync('git', ['status', '--porcelain'], { cwd: clone, encoding: 'utf8' })).toBe('?? node_modules\n');

  const checked = execFileSync('npx', ['--no-install', 'rollcall', 'check', sample, '--json'], {
    cwd: clone,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(JSON.parse(checked)).toMatchObject({ verdict: 'accepted', version: '1.1' });
});
