import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateCommand } from '../../lib/cli/generate-command.ts';

const root = mkdtempSync(join(tmpdir(), 'generate-'));
afterAll(() => rmSync(root, { recursive: true }));

/** What the command prints on stdout. */
async function run(...argv: string[]): Promise<string> {
  let printed = '';
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  const command = generateCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  try {
    await command.parseAsync(argv, { from: 'user' });
  } finally {
    write.mockRestore();
  }
  return printed;
}

const hashOf = (folder: string) => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  const hash = createHash('sha256');
  for (const path of files.map((each) => join(each.parentPath, each.name)).sort()) {
    hash.update(path.slice(folder.length)).update(readFileSync(path));
  }
  return hash.digest('hex');
};

describe('rollcall generate', () => {
  const common = ['--students', '120', '--days', '3', '--churn', '0.1'];

  test.each([
    ['folders', []],
    ['zips', ['--zip', '--uuid']],
    ['dialects', ['--dialect', 'shuffled,status, bom', '--guardians', '--demographics']],
  ])('the same seed writes the same bytes, another seed others: %s', async (name, options) => {
    const out = (part: string) => join(root, name, part);
    await run(out('a'), '--seed', '7', ...common, ...options);
    await run(out('b'), '--seed', '7', ...common, ...options);
    await run(out('c'), '--seed', '8', ...common, ...options);
    expect(hashOf(out('a'))).toBe(hashOf(out('b')));
    expect(hashOf(out('a'))).not.toBe(hashOf(out('c')));
  });

  test('names what it writes', async () => {
    const out = join(root, 'names');
    await run(out, '--seed', 'x', '--students', '20', '--days', '2', '--zip');
    expect(readdirSync(out).sort()).toEqual(['day-1.changes.json', 'day-1.zip', 'day-2.changes.json', 'day-2.zip']);
  });

  test('--json says rows and bytes of every file', async () => {
    const out = join(root, 'json');
    const { days } = JSON.parse(await run(out, '--seed', 'x', '--students', '20', '--json'));
    const users = readFileSync(join(out, 'day-1', 'users.csv'));
    expect(days).toHaveLength(1);
    expect(days[0].files.users).toEqual({ rows: users.toString().split('\n').length - 2, bytes: users.length });
    expect(days[0].files.manifest.rows).toBe(17);
  });

  test('the table has a line per day', async () => {
    const lines = (await run(join(root, 'table'), '--seed', 'x', '--students', '20', '--days', '2')).trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/^\s*1\s+2026-11-23\s/);
  });

  const file = join(root, 'a-file');
  writeFileSync(file, '');
  test.each<[string, string[], string]>([
    ['no students', ['out', '--seed', '1'], 'missing-option'],
    ['no seed', ['out', '--students', '5'], 'missing-option'],
    ['an empty seed', ['out', '--students', '5', '--seed', ''], 'bad-value'],
    ['a word for a number', ['out', '--students', 'many', '--seed', '1'], 'bad-value'],
    ['half a student', ['out', '--students', '1.5', '--seed', '1'], 'bad-value'],
    ['more days than a school year', ['out', '--students', '5', '--seed', '1', '--days', '181'], 'bad-value'],
    ['churn over one', ['out', '--students', '5', '--seed', '1', '--churn', '1.2'], 'bad-value'],
    ['an unknown dialect', ['out', '--students', '5', '--seed', '1', '--dialect', 'bom,klingon'], 'bad-value'],
    ['a file as folder', [file, '--students', '5', '--seed', '1'], 'bad-value'],
  ])('refuses %s with a hint', async (_, argv, code) => {
    const { name, hint, exitCode, ...error } = await run(...argv).catch((thrown) => ({ ...thrown, name: thrown.name }));
    expect({ name, exitCode, code: error.code }).toEqual({ name: 'UsageError', exitCode: 2, code });
    expect(hint).not.toBe('');
  });
});
