// The local table's own process: lib/local/dynamodb/fork.ts starts it.
import { runTypeScript } from './run-typescript.mjs';

await runTypeScript('lib/local/dynamodb/child.ts');
