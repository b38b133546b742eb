import { execFileSync } from 'node:child_process';
import { localFlags } from '../../lib/cli/target.ts';

test.each([
  ['.local', ['--local']],
  ['../data-1', ['--local', '--data', '../data-1']],
  ["it's my data", ['--local', '--data', "it's my data"]],
])('a shell reads the flags of the data folder %s as they are meant', (dataDir, words) => {
  const read = execFileSync('sh', ['-c', `printf '%s\\n' ${localFlags(dataDir)}`]).toString();
  expect(read).toBe(`${words.join('\n')}\n`);
});
