/**
 * Runs the shared contract of the local servers against them: `node test/contract/run-contract.mjs [s3] [sqs] [dynamodb]`
 * (default: all). The contract's scripts lie outside this project, in `../shared/contract`; where that folder is missing
 * the run says `skipped` and succeeds. Ends with 1 when a server passes fewer checks than demanded.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

register();

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const SCRIPTS = join(ROOT, '../shared/contract');
/** A script resolves packages from where it lies: it is copied into the project, to a place that git ignores. */
const COPIES = join(ROOT, '.scratch/contract');
/** A script that hangs is ended after this time (milliseconds). */
const LIMIT_MS = 240_000;

/** How many checks each server must pass. DynamoDB: what the contract asks beyond it, Rollcall does not use. */
const SERVERS = {
  s3: {
    demanded: 30,
    start: async (dataDir) => (await import('../../lib/local/s3/server.ts')).startS3Server({ dataDir }),
  },
  sqs: {
    demanded: 20,
    start: async (dataDir) => (await import('../../lib/local/sqs/server.ts')).startSqsServer({ dataDir }),
  },
  dynamodb: {
    demanded: 36,
    start: async (dataDir) => (await import('../../lib/local/dynamodb/server.ts')).startDynamoDbServer({ dataDir }),
  },
};

/** Runs a script against an endpoint; resolves to its lines of output. */
function runScript(name, endpoint) {
  mkdirSync(COPIES, { recursive: true });
  copyFileSync(join(SCRIPTS, `${name}.mjs`), join(COPIES, `${name}.mjs`));
  const script = spawn(process.execPath, ['--no-warnings', join(COPIES, `${name}.mjs`), endpoint, String(process.pid)]);
  const limit = setTimeout(() => script.kill(), LIMIT_MS);
  let output = '';
  for (const stream of [script.stdout, script.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text) => {
      output += text;
    });
  }
  return new Promise((done) => {
    script.on('close', () => {
      clearTimeout(limit);
      done(output.split('\n'));
    });
  });
}

/** Starts one server on an empty directory, runs its contract and prints what failed. */
async function check(name) {
  const { demanded, start } = SERVERS[name];
  const dataDir = mkdtempSync(join(tmpdir(), `contract-${name}-`));
  const server = await start(dataDir);
  try {
    const lines = await runScript(name, server.endpoint);
    const passed = lines.filter((line) => line.startsWith('PASS | ')).length;
    const failures = lines.filter((line) => line.startsWith('FAIL | '));
    console.log(`${name}: ${passed}/${passed + failures.length} (at least ${demanded})`);
    for (const line of failures) console.log(`  ${line}`);
    if (passed + failures.length === 0) console.log(lines.slice(-15).join('\n'));
    return { passed: Math.min(passed, demanded), failed: Math.max(0, demanded - passed) };
  } finally {
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(SERVERS);
const unknown = chosen.find((name) => !Object.hasOwn(SERVERS, name));
if (unknown !== undefined) {
  console.error(`Unknown server ${unknown}. Choose from: ${Object.keys(SERVERS).join(' ')}`);
  process.exit(2);
}
if (!existsSync(SCRIPTS)) {
  console.log('contract: skipped (the shared contract folder is not here)');
  process.exit(0);
}
let passed = 0;
let failed = 0;
for (const name of chosen) {
  const result = await check(name);
  passed += result.passed;
  failed += result.failed;
}
console.log(`contract: ${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
