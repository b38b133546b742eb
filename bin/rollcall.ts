import { runCommandLine } from '../lib/cli/program.ts';

await runCommandLine(process.argv);
