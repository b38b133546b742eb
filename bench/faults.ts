/**
 * How `rollcall check` bears a damaged export: `npx tsx bench/faults.ts [students]` (default 270,000). Generates a
 * district of a quarter, a half and all of that size, damages every hundredth row of users.csv, classes.csv and
 * enrollments.csv, and checks each in a process of its own. Prints seconds, peak RSS (Linux) and findings; fails unless
 * all faults are counted, the list keeps to its limit, time grows no faster than rows, and the memory stays below 1 GiB.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { generateDistrict } from '../lib/generate/generate-district.ts';
import { writeExport } from '../lib/generate/write-export.ts';
import { wholeNumber } from './whole-number.ts';

const students = wholeNumber(2, 270_000);
const LIMIT = 1_000;
const EVERY = 100;
const MOST_BYTES = 1024 ** 3;
/** A machine that does other things at the same time is not a slower algorithm: time may grow by so much more than rows. */
const SLACK = 1.6;

/** One fault after the other; each makes its row an error. */
const FAULTS: readonly ((line: string) => string)[] = [
  (line) => `${line},one cell too many`,
  (line) => ` ${line}`,
  (line) => line.replace(/[^,]+/, ''),
  (line) => line.replace(',', 'x"y,'),
  (line) => line.replace(/[^,]+/, '1.23E+11'),
];

interface Report {
  readonly files: Readonly<Record<string, { readonly rows: number; readonly valid: number; readonly errors: number }>>;
  readonly findings: readonly { readonly severity: string }[];
  readonly findingCounts: { error: number; warning: number; info: number; byCode: Readonly<Record<string, number>> };
}

interface Run {
  readonly rows: number;
  readonly seconds: number;
  readonly peakBytes: number;
}

/** Damages every hundredth data row of a file, in place. Returns how many. */
async function damage(path: string): Promise<number> {
  let row = 0;
  let damaged = 0;
  async function* lines() {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
      row++;
      const hit = row > 1 && (row - 1) % EVERY === 0;
      yield `${hit ? FAULTS[damaged++ % FAULTS.length]!(line) : line}\n`;
    }
  }
  await pipeline(lines, createWriteStream(`${path}.new`));
  await rename(`${path}.new`, path);
  return damaged;
}

/** The most memory that a process ever had, by its own account; 0 where the system does not say. */
function peakOf(child: ChildProcess): number {
  try {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

async function check(folder: string): Promise<{ report: Report; seconds: number; peakBytes: number }> {
  const start = performance.now();
  const cli = join(import.meta.dirname, '../bin/rollcall.mjs');
  const child = spawn(process.execPath, [cli, 'check', folder, '--json', '--limit', String(LIMIT)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let peakBytes = 0;
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child));
  }, 50);
  let text = '';
  for await (const piece of child.stdout) text += piece;
  clearInterval(watch);
  return { report: JSON.parse(text), seconds: (performance.now() - start) / 1000, peakBytes };
}

function expectAllCounted({ files, findings, findingCounts }: Report, damaged: Readonly<Record<string, number>>): void {
  const { error, warning, info, byCode } = findingCounts;
  const counted = Object.values(byCode).reduce((sum, count) => sum + count, 0);
  if (counted !== error + warning + info) throw new Error('findings by code and by severity do not agree');
  if (findings.length !== Math.min(LIMIT, counted)) throw new Error(`${findings.length} findings are listed`);
  for (const [file, count] of Object.entries(damaged)) {
    const { rows = 0, valid = 0, errors = 0 } = files[file] ?? {};
    if (valid + errors !== rows || errors < count) throw new Error(`${file}: ${errors} errors of ${count} faults`);
  }
}

async function run(size: number): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-faults-'));
  try {
    for (const day of generateDistrict({ students: size, seed: 'faults', days: 1, churn: 0 })) {
      await writeExport(day, folder);
    }
    const damaged: Record<string, number> = {};
    for (const file of ['users', 'classes', 'enrollments']) damaged[file] = await damage(join(folder, `${file}.csv`));
    const { report, seconds, peakBytes } = await check(folder);
    expectAllCounted(report, damaged);
    const rows = Object.values(report.files).reduce((sum, file) => sum + file.rows, 0);
    const { error, warning } = report.findingCounts;
    const shown = [size, rows, error, warning].map((value) => value.toLocaleString('en-US'));
    console.log(
      `${shown[0]} students, ${shown[1]} rows: ${seconds.toFixed(1)} s, ${Math.round(peakBytes / 1024 ** 2)} MiB, ` +
        `${shown[2]} errors, ${shown[3]} warnings, ${report.findings.length} listed`,
    );
    return { rows, seconds, peakBytes };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const runs: Run[] = [];
for (const part of [4, 2, 1]) runs.push(await run(Math.round(students / part)));
const [small, , large] = runs;
const growth = large!.seconds / small!.seconds / (large!.rows / small!.rows);
console.log(`four times the rows cost ${growth.toFixed(2)} times the time for each row`);
if (growth > SLACK) throw new Error('the time grows faster than the rows');
if (large!.peakBytes > MOST_BYTES) throw new Error('more than 1 GiB');
