/** `npm run bench -- NAME [OPTIONS]`: runs one of the benchmarks. What each takes and prints stands at its top. */
const BENCHES = ['cost', 'csv', 'faults', 'plan', 'rows', 'scale', 'sso'] as const;

const name = process.argv[2] ?? '';
if (!BENCHES.some((each) => each === name)) {
  console.error(`npm run bench -- ${BENCHES.join('|')} [OPTIONS]`);
  process.exit(2);
}
// The benchmark reads its own options, from where they would stand without this file.
process.argv.splice(2, 1);
await import(`./${name}.ts`);

export {};
