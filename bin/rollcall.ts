import { runCommandLine } from '../lib/cli/program.ts';
import packageJson from '../package.json' with { type: 'json' };

// A reader that has seen enough (`rollcall plan … | head`) closes the pipe: that is no fault of anybody.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? 0);
});

await runCommandLine(process.argv, packageJson.version);
