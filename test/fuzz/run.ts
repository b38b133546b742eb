import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';
import { saveFailure } from './save-failure.ts';
import { watchdog } from './watchdog.ts';

/**
 * `npx tsx test/fuzz/run.ts --cases N --seed S [--from N] [--seconds T] [--codes]`: damaged exports against the engine.
 * One line of JSON; a failed case is written to .scratch/fuzz/SEED-CASE. `--codes` adds how often each code was found.
 */
const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    seconds: { type: 'string' },
    json: { type: 'boolean' },
    codes: { type: 'boolean' },
  },
});

const seed = Number(values.seed);
const watching = watchdog(seed, 30);
const {
  failures: _,
  byCode,
  ...report
} = await fuzz({
  seed,
  cases: Number(values.cases),
  from: Number(values.from),
  ...(values.seconds === undefined ? {} : { seconds: Number(values.seconds) }),
  onCase: watching.caseBegins,
  onFailure: (failure) => {
    const { number, broken, done } = failure;
    const lines = [
      `seed ${seed} case ${number}, saved to ${saveFailure(failure)}`,
      ...broken,
      ...done.map((each) => `- ${each}`),
    ];
    process.stderr.write(`${lines.join('\n  ')}\n`);
  },
});
await watching.stop();
process.stdout.write(`${JSON.stringify({ seed, ...report, ...(values.codes ? { byCode } : {}) })}\n`);
process.exitCode = report.failed > 0 ? 1 : 0;
