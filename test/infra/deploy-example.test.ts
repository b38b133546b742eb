import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (name: string) => readFileSync(join(import.meta.dirname, '../../docs/examples', name), 'utf8');

describe('the workflow that deploys (docs/examples)', () => {
  const workflow = read('deploy.yml');
  const diffs = workflow.match(/npx cdk diff .*/g) ?? [];

  test('stops for what would be destroyed in the foundation, and for nothing in the others', () => {
    expect(diffs).toHaveLength(2);
    // Without --exclusively the stacks that it belongs to would be judged with it.
    const [stopping, ...others] = diffs.filter((diff) => diff.includes('--fail'));
    expect(others).toEqual([]);
    expect(stopping).toMatch(/ \$FOUNDATION .*--exclusively --fail-on=destructive$/);
    const [showing] = diffs.filter((diff) => diff !== stopping);
    expect(showing).toMatch(/ \$OTHERS .*--exclusively$/);
  });

  test('deploys what it has looked at, after it has', () => {
    const commands = [...workflow.matchAll(/npx cdk (\w+)( .*)/g)];
    expect(commands.map(([, command]) => command)).toEqual(['synth', 'diff', 'diff', 'deploy']);
    for (const [, command, rest] of commands)
      expect(rest).toContain(command === 'synth' ? '-o cdk.out' : '--app cdk.out');
  });

  test('may ask for a token of GitHub and write nothing there', () => {
    expect(workflow).toContain('permissions: { id-token: write, contents: read }');
    expect(workflow).not.toMatch(/aws-access-key|aws-secret/i);
  });
});

describe('its role', () => {
  test('is taken from one environment of one repository, for AWS', () => {
    const [statement, ...others] = JSON.parse(read('deploy-role-trust.json')).Statement;
    expect(others).toEqual([]);
    expect(statement.Action).toBe('sts:AssumeRoleWithWebIdentity');
    const issuer = 'token.actions.githubusercontent.com';
    expect(statement.Principal).toEqual({ Federated: expect.stringMatching(`:oidc-provider/${issuer}$`) });
    // StringLike, or a sub with an asterisk, would let every branch and every pull request deploy.
    expect(statement.Condition).toEqual({
      StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: 'repo:ORG/REPO:environment:prod' },
    });
  });

  test('may take the roles of cdk bootstrap and do nothing itself', () => {
    const [statement, ...others] = JSON.parse(read('deploy-role-rights.json')).Statement;
    expect(others).toEqual([]);
    expect(statement.Action).toBe('sts:AssumeRole');
    for (const role of statement.Resource) {
      expect(role).toMatch(/:role\/cdk-hnb659fds-(deploy|file-publishing|lookup)-role-\d{12}-us-east-1$/);
    }
  });
});
