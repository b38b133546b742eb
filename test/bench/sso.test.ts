import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const PROJECT = join(import.meta.dirname, '../..');

// How fast it is depends on the machine; that it runs, and what it prints, does not.
test('npm run bench -- sso runs, and names every call of a launch', async () => {
  const args = ['--import', 'tsx', 'bench/run.ts', 'sso', '3'];
  const bench = spawn(process.execPath, args, { cwd: PROJECT, stdio: ['ignore', 'pipe', 'pipe'] });
  const [printed, complaints] = [text(bench.stdout), text(bench.stderr)];
  const [code] = (await once(bench, 'exit')) as [number | null];
  expect([code, code === 0 ? '' : await complaints]).toEqual([0, '']);
  const lines = (await printed).trim().split('\n');
  const times = String.raw` +p50 +[\d.]+ ms  p99 +[\d.]+ ms  processor p50 +[\d.]+ ms$`;
  expect(lines.slice(0, -2)).toEqual(
    [
      String.raw`GET /callback \(tile click\)`,
      String.raw`GET /callback \(ClassLink answers\)`,
      'GET /authorize',
      String.raw`POST /token \(code\)`,
      String.raw`POST /token \(refresh\)`,
      'towards ClassLink: ours',
      'towards ClassLink: openid-client',
      'one read of the table, alone',
    ].map((name) => expect.stringMatching(new RegExp(`^${name}${times}`))),
  );
  expect(lines.at(-2)).toMatch(/^[1-9]\d* launches\/s one after the other; [1-9]\d* for each second of processor$/);
  const [, bytes = ''] = /^bundle ([\d,]+) bytes; load \d+ ms at best, \d+ ms median$/.exec(lines.at(-1) ?? '') ?? [];
  // The aim: 500 KB minified.
  expect(Number(bytes.replaceAll(',', ''))).toBeLessThan(500_000);
  expect(Number(bytes.replaceAll(',', ''))).toBeGreaterThan(100_000);
}, 120_000);
