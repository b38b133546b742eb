import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ROUTES } from '../../lambdas/sso/routes.ts';
import { SIGN_ON_ROUTES } from '../../lib/contracts/sign-on-routes.ts';
import { Oversight } from '../../lib/infra/oversight.ts';
import { SsoStack } from '../../lib/infra/sso-stack.ts';
import { type StageSettings, stageSettings } from '../../lib/infra/stage-settings.ts';
import { StateTable } from '../../lib/infra/state-table.ts';

/** The stack alone, beside a stack with nothing but the table. */
function synthesize(settings: StageSettings) {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const { account, region } = settings;
  const beside = new Stack(app, 'tables', { env: { account, region } });
  const oversight = new Oversight(beside, 'Oversight', settings);
  const table = new StateTable(beside, 'State', oversight);
  const template = Template.fromStack(new SsoStack(app, 'sso', settings, { table, oversight }));
  const all = (type: string) => Object.values(template.findResources(type)).map(({ Properties }) => Properties);
  const [lambda] = all('AWS::Lambda::Function');
  const [stage] = all('AWS::ApiGatewayV2::Stage');
  return { template, all, lambda, stage, text: JSON.stringify(template.toJSON()) };
}

const dev = synthesize(stageSettings('dev'));
const prod = synthesize(stageSettings('prod'));
const both = [
  ['dev', dev, stageSettings('dev')],
  ['prod', prod, stageSettings('prod')],
] as const;

describe('the HTTP API', () => {
  test('has the routes of the function and no others: no catch-all, no other method', () => {
    const answered = Object.entries(ROUTES).flatMap(([path, { methods }]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const deployed = dev.all('AWS::ApiGatewayV2::Route').map(({ RouteKey }) => RouteKey);
    expect(deployed.sort()).toEqual(answered.sort());
  });

  test.each(both)(
    '%s: each route has its own limit, and the stage waits for the routes that it names',
    (_, stack, settings) => {
      const limits = Object.entries(settings.sso.throttles).map(([route, { ratePerSecond, burst }]) => [
        route,
        { ThrottlingRateLimit: ratePerSecond, ThrottlingBurstLimit: burst },
      ]);
      expect(limits).toHaveLength(SIGN_ON_ROUTES.length);
      expect(stack.stage.RouteSettings).toEqual(Object.fromEntries(limits));
      const [resource] = Object.values(stack.template.findResources('AWS::ApiGatewayV2::Stage'));
      expect(resource?.['DependsOn']).toEqual(
        expect.arrayContaining(Object.keys(stack.template.findResources('AWS::ApiGatewayV2::Route'))),
      );
    },
  );

  test('R22: its access log says what was asked and how long it took, and nothing of who asked', () => {
    const { Format } = dev.stage.AccessLogSettings;
    const variables = [...Format.matchAll(/\$context\.([A-Za-z.]+)/g)].map(([, name]) => name);
    expect(variables.sort()).toEqual([
      'error.responseType',
      'integrationLatency',
      'integrationStatus',
      'requestId',
      'responseLatency',
      'routeKey',
      'status',
    ]);
    expect(() => JSON.parse(Format)).not.toThrow();
  });

  test('gives up after the function does, and only it may call the function', () => {
    expect(dev.all('AWS::ApiGatewayV2::Integration')).toEqual([
      expect.objectContaining({ PayloadFormatVersion: '2.0', TimeoutInMillis: 29_000 }),
    ]);
    expect(dev.lambda.Timeout).toBeLessThan(29);
    dev.template.resourceCountIs('AWS::Lambda::Permission', 1);
    dev.template.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'apigateway.amazonaws.com',
      SourceArn: Match.objectLike({ 'Fn::Join': Match.anyValue() }),
    });
  });

  test('with a name of its own answers under no other, and that name is the issuer', () => {
    const host = stageSettings('prod').sso.domain?.hostName;
    prod.template.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true });
    prod.template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: host,
      DomainNameConfigurations: [Match.objectLike({ SecurityPolicy: 'TLS_1_2' })],
    });
    expect(prod.lambda.Environment.Variables.ISSUER_URL).toBe(`https://${host}`);
    prod.template.hasOutput('RedirectUri', { Value: `https://${host}/callback` });
    prod.template.hasOutput('DomainTarget', {});
  });

  test('without one has the name that API Gateway gives, and so has the issuer', () => {
    dev.template.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: false });
    dev.template.resourceCountIs('AWS::ApiGatewayV2::DomainName', 0);
    expect(dev.lambda.Environment.Variables.ISSUER_URL).toEqual({
      'Fn::GetAtt': [expect.stringContaining('Api'), 'ApiEndpoint'],
    });
  });
});

test('the alarm about many refusals counts launches, not whoever asks for a refusal without one', () => {
  const filters = dev.all('AWS::Logs::MetricFilter');
  const denied = filters.find(({ MetricTransformations: [metric] }) => metric.MetricName === 'LaunchesDenied');
  expect(denied?.['FilterPattern']).toBe(
    '{ $.message = "sso" && $.outcome = "denied" && ($.launchId = "*" || $.districtId = "*") }',
  );
});

describe('the secret', () => {
  test('is made with a placeholder; a changed one would overwrite the real secret at the next deployment', () => {
    dev.template.resourceCountIs('AWS::SecretsManager::Secret', 1);
    const [secret] = dev.all('AWS::SecretsManager::Secret');
    expect(secret).toEqual({
      Description: expect.any(String),
      KmsKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^SignOnKey/), 'Arn'] },
      GenerateSecretString: { SecretStringTemplate: '{"state":"not filled in"}', GenerateStringKey: 'placeholder' },
    });
  });

  test('reaches the function by its ARN alone: nothing resolves its value in the template', () => {
    expect(dev.lambda.Environment.Variables.SSO_SECRET_ID).toEqual({ Ref: expect.stringMatching(/^SignOnSecret/) });
    expect(dev.text + prod.text).not.toContain('{{resolve:');
  });

  test('comes through the extension, for the processor and the Region of the function', () => {
    expect(dev.lambda.Layers).toEqual([expect.stringMatching(/:us-east-1:.*-Extension-Arm64:\d+$/)]);
    expect(dev.lambda.Architectures).toEqual(['arm64']);
  });
});

describe('the function', () => {
  test('prod: is called by an alias that keeps some warm, and is kept room for and bounded', () => {
    const { reservedConcurrency, provisionedConcurrency } = stageSettings('prod').sso;
    prod.template.hasResourceProperties('AWS::Lambda::Alias', {
      Name: 'live',
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: provisionedConcurrency },
    });
    expect(prod.lambda.ReservedConcurrentExecutions).toBe(reservedConcurrency);
    const [integration] = prod.all('AWS::ApiGatewayV2::Integration');
    expect(integration?.['IntegrationUri']).toEqual({ Ref: expect.stringContaining('Aliaslive') });
  });

  test('dev: neither, as a new account may have ten functions at once', () => {
    expect(dev.lambda.ReservedConcurrentExecutions).toBeUndefined();
    expect(dev.text).not.toContain('ProvisionedConcurrencyConfig');
  });

  test('has every right on rows bound to the partitions that it needs', () => {
    const statements = dev
      .all('AWS::IAM::Policy')
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => JSON.stringify(Action).includes('dynamodb:'));
    expect(statements.map(({ Action }) => Action).sort()).toEqual([
      'dynamodb:GetItem',
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ]);
    for (const { Condition } of statements) {
      expect(Condition['ForAllValues:StringLike']['dynamodb:LeadingKeys']).toEqual(expect.any(Array));
    }
  });
});
