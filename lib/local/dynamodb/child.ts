/** Entry of the process that forkDynamoDbServer starts; its argument is the JSON of the server's options. */
import type { ChildReport } from './fork.ts';
import { type DynamoDbServerOptions, startDynamoDbServer } from './server.ts';

const report = (message: ChildReport) => process.send?.(message);
// Ctrl-C reaches the whole process group. The parent decides when to stop, and says so by leaving.
process.on('SIGINT', () => {});
const parentLeft = new Promise<void>((resolve) => {
  process.once('disconnect', resolve);
  process.once('SIGTERM', () => resolve());
});

try {
  const server = await startDynamoDbServer(JSON.parse(process.argv[2] ?? '{}') as DynamoDbServerOptions);
  report({ endpoint: server.endpoint, port: server.port });
  await parentLeft;
  await server.close();
} catch (error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  report({ failure: { code, message: String(error) } });
  await parentLeft;
  process.exitCode = 1;
}
process.exit();
