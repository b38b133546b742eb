import { forbiddenImports, importsOf } from './import-direction.ts';
import { ROOMS } from './rooms.ts';
import { productSources } from './sources.ts';

test('every import goes the way that the map says', () => {
  const sources = productSources();
  expect(sources.length).toBeGreaterThan(30);
  expect(sources.flatMap((source) => forbiddenImports(source, ROOMS))).toEqual([]);
});

describe('the check itself', () => {
  test.each([
    ["import { a } from './a.ts';", ['./a.ts']],
    ["import type { A } from '../a.ts';", ['../a.ts']],
    ["import {\n  a,\n  type B,\n} from './a.ts';\nimport b from 'b';", ['./a.ts', 'b']],
    ["import 'side-effect';", ['side-effect']],
    ["export { a } from './a.ts';\nexport * from './b.ts';", ['./a.ts', './b.ts']],
    ["const late = await import('./late.ts');", ['./late.ts']],
    ["export const from = 'nowhere';", []],
    ["// import { a } from './a.ts'\nconst text = 'x';", []],
  ])('%j imports %j', (text, expected) => {
    expect(importsOf(text)).toEqual(expected);
  });

  test.each([
    ['lib/core/plan/diff.ts', 'node:crypto'],
    ['lib/core/plan/diff.ts', 'zod'],
    ['lib/core/plan/diff.ts', '../../ports/clock.ts'],
    ['lib/core/plan/diff.ts', '../../contracts/table-keys.ts'],
    ['lib/ports/clock.ts', '../flows/watch.ts'],
    ['lib/contracts/messages.ts', '../ports/queues.ts'],
    ['lib/flows/receive-upload.ts', '../adapters/s3/landing.ts'],
    ['lib/flows/receive-upload.ts', '@aws-sdk/client-s3'],
    ['lib/flows/receive-upload.ts', 'node:fs'],
    ['lib/adapters/csv/rows.ts', 'yauzl'],
    ['lib/adapters/zip/entries.ts', '../csv/rows.ts'],
    ['lib/adapters/s3/landing.ts', '@aws-sdk/client-sqs'],
    ['lib/adapters/s3/landing.ts', '../../flows/receive-upload.ts'],
    ['lib/adapters/unheard-of/thing.ts', 'node:fs'],
    ['lib/infra/ingest-stack.ts', '../flows/receive-upload.ts'],
    ['lib/infra/ingest-stack.ts', '../adapters/s3/landing.ts'],
    ['lib/infra/ingest-stack.ts', '../../lambdas/receive/handler.ts'],
    ['lib/cli/sync.ts', '../infra/stage-settings.ts'],
    ['lambdas/receive/handler.ts', '../../lib/adapters/s3/landing.ts'],
    ['lambdas/receive/handler.ts', '@aws-sdk/client-s3'],
    ['lambdas/receive/wire.ts', '../../lib/infra/stage-settings.ts'],
    ['bin/app.ts', '../lib/flows/receive-upload.ts'],
    ['bin/other.ts', 'node:fs'],
  ])('%s must not import %s', (path, name) => {
    expect(forbiddenImports({ path, text: `import { a } from '${name}';` }, ROOMS)).toHaveLength(1);
  });

  test.each([
    ['lib/core/plan/diff.ts', '../oneroster/kinds.ts'],
    ['lib/core/district/settings.ts', 'zod'],
    ['lib/flows/receive-upload.ts', '../ports/objects.ts'],
    ['lib/adapters/s3/landing.ts', '@aws-sdk/client-s3'],
    ['lib/adapters/csv/rows.ts', './blocks.ts'],
    ['lib/infra/ingest-stack.ts', 'aws-cdk-lib/aws-sqs'],
    ['lambdas/receive/handler.ts', './wire.ts'],
    ['lambdas/receive/wire.ts', '../../lib/adapters/s3/landing.ts'],
    ['lib/local/stack.ts', '../../lambdas/receive/handler.ts'],
  ])('%s may import %s', (path, name) => {
    expect(forbiddenImports({ path, text: `import { a } from '${name}';` }, ROOMS)).toEqual([]);
  });
});
