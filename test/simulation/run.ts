import { parseArgs } from 'node:util';
import { simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    json: { type: 'boolean' },
  },
});
const first = Number(values.seed ?? values.from);
const n = values.seed === undefined ? Number(values.seeds) : 1;
const by: Record<string, number> = {};
const ex: Record<string, string> = {};
let steps = 0,
  failed = 0,
  nudges = 0,
  syncs = 0;
const faults: Record<string, number> = {};
const t = performance.now();
for (let seed = first; seed < first + n; seed++) {
  const r = await simulate(seed, { tracing: values.seed !== undefined });
  steps += r.steps;
  nudges += r.nudges;
  syncs += r.syncs;
  for (const [k, v] of Object.entries(r.faults)) faults[k] = (faults[k] ?? 0) + v;
  if (r.broken.length) failed++;
  for (const inv of new Set(r.broken.map((b) => b.invariant))) {
    by[inv] = (by[inv] ?? 0) + 1;
    ex[inv] ??= `${seed}: ${r.broken.find((b) => b.invariant === inv)!.what}`;
  }
  if (values.seed !== undefined) {
    console.log(r.trace.join('\n'));
    console.log(r.broken);
  }
}
console.log(
  JSON.stringify({
    seeds: n,
    failed,
    steps,
    nudges,
    syncs,
    faults,
    seconds: Math.round((performance.now() - t) / 100) / 10,
  }),
);
console.log(by);
console.log(ex);
