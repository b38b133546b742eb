import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { stacks } from '../infra/synthesized.ts';

const CDK = join(import.meta.dirname, '../../node_modules/.bin/cdk');

type Resources = Record<string, { Type: string; Properties: Record<string, unknown> }>;

const folder = mkdtempSync(join(tmpdir(), 'rollcall-diff-'));
// Written when the templates were asked for.
const assembly = (stacks.foundation.node.root as App).outdir;
afterAll(() => rmSync(folder, { recursive: true }));

/** What the pipeline's check ends with where this was deployed before. No account and no network: `--template`. */
function check(stack: string, before: (resources: Resources) => void) {
  const template = JSON.parse(readFileSync(join(assembly, `${stack}.template.json`), 'utf8'));
  before(template.Resources);
  const old = join(folder, 'old.json');
  writeFileSync(old, JSON.stringify(template));
  const rest = ['--exclusively', '--fail-on=destructive', '--no-notices', '--template', old];
  const { status, stdout, stderr } = spawnSync(CDK, ['diff', stack, '--app', assembly, ...rest], { encoding: 'utf8' });
  return { status, text: stdout + stderr };
}

const idOf = (resources: Resources, type: string) => {
  const id = Object.keys(resources).find((each) => resources[each]?.Type === type);
  if (id === undefined) throw new Error(`no ${type}`);
  return id;
};

/** Every release changes this. */
const otherCode = (resources: Resources) => {
  const { Properties = {} } = resources[idOf(resources, 'AWS::Lambda::Function')] ?? {};
  Properties['Code'] = { S3Bucket: 'assets', S3Key: 'before.zip' };
};

describe('the check before a deployment', () => {
  test('lets an ordinary release of the foundation through', () => {
    const { status, text } = check('foundation', otherCode);
    expect(text).toContain('AWS::Lambda::Function');
    expect(status).toBe(0);
  });

  test.each([
    ['a bucket would be orphaned', 'AWS::S3::Bucket'],
    ['the server that districts have pinned would be another', 'AWS::Transfer::Server'],
  ])('stops where %s', (_, type) => {
    const { status, text } = check('foundation', (resources) => {
      const id = idOf(resources, type);
      resources[`${id}Before`] = resources[id]!;
    });
    expect(text).toContain(`${type} `);
    expect(status).toBe(1);
  });

  test('would stop each release of the sign-on, and so does not look at it', () => {
    const { status } = check('sso', (resources) => {
      otherCode(resources);
      const id = idOf(resources, 'AWS::Lambda::Version');
      resources[`${id}Before`] = resources[id]!;
      delete resources[id];
    });
    expect(status).toBe(1);
  });
});
