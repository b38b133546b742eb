#!/usr/bin/env node
// Starts the TypeScript sources, so that a fresh clone needs no build step.
import { runTypeScript } from './run-typescript.mjs';

// The AWS SDK warns on every start that it will ask for Node 22 from 2027 on; README says so once.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

await runTypeScript('bin/rollcall.ts');
