/**
 * How fast and how small a plan is: `npx tsx bench/plan.ts --students N [--seed S] [--keep FOLDER] [--zip]`.
 * Generates two nights of a district (default 20,000 students; kept in FOLDER, or made in a temporary one), then runs
 * `rollcall plan day-2 --against day-1` in a process of its own and prints seconds, rows per second of both days, and the
 * process's peak resident memory. Checks the counts of the plan against what the generator says it changed.
 * Target: 270,000 students (2.9 million rows a day) in linear time and at most 1 GB.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';

/** How often the memory of the process is looked at. Its high-water mark is kept by the system, so rarely is enough. */
const POLL_MILLIS = 100;

const { values: options } = parseArgs({
  options: {
    students: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '7' },
    keep: { type: 'string' },
    zip: { type: 'boolean', default: false },
  },
});

interface Run {
  readonly stdout: string;
  readonly seconds: number;
  readonly peakMegabytes: number | null;
}

/** Peak resident memory so far in MB; null where the system does not tell (no /proc, or the process is gone). */
async function peakOf(child: ChildProcess): Promise<number | null> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? null : (Number(kibibytes) * 1024) / 1e6;
}

function rollcall(args: readonly string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, ['bin/rollcall.mjs', ...args, '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    let peakMegabytes: number | null = null;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    const timer = setInterval(async () => {
      peakMegabytes = (await peakOf(child)) ?? peakMegabytes;
    }, POLL_MILLIS);
    child.on('error', reject).on('close', (code) => {
      clearInterval(timer);
      const seconds = (performance.now() - start) / 1000;
      if (code === 0) resolve({ stdout, seconds, peakMegabytes });
      else reject(new Error(`rollcall ${args[0]} ended with ${code}`));
    });
  });
}

const grouped = (value: number): string => Math.round(value).toLocaleString('en-US');

async function measure(folder: string): Promise<void> {
  const generate = ['generate', folder, '--students', options.students, '--seed', options.seed, '--days', '2'];
  const generated = await rollcall(options.zip ? [...generate, '--zip'] : generate);
  const { days } = JSON.parse(generated.stdout) as { days: { rows: number; path: string; changesPath: string }[] };
  const [first, second] = days;
  if (first === undefined || second === undefined) throw new Error('the generator made no two days');
  const rows = first.rows + second.rows;
  console.log(`${options.students} students, ${grouped(rows)} rows, generated in ${generated.seconds.toFixed(1)} s`);

  const { stdout, seconds, peakMegabytes } = await rollcall(['plan', second.path, '--against', first.path]);
  const { changes } = JSON.parse(stdout) as { changes: unknown };
  const expected = JSON.parse(await readFile(second.changesPath, 'utf8')) as { changes: unknown };
  if (!isDeepStrictEqual(changes, expected.changes)) throw new Error('the plan is not what the generator changed');
  const peak = peakMegabytes === null ? 'not known here' : `${grouped(peakMegabytes)} MB`;
  console.log(`planned in ${seconds.toFixed(1)} s: ${grouped(rows / seconds)} rows/s, peak resident memory ${peak}`);
}

if (options.keep === undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-bench-'));
  try {
    await measure(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
} else {
  await mkdir(options.keep, { recursive: true });
  await measure(options.keep);
}
