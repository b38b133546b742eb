import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { writeProductClients } from '../contracts/registered-products.ts';
import { SSO_ENVIRONMENT } from '../contracts/sso-environment.ts';
import { fixed } from './binding.ts';
import type { FoundationStack } from './foundation-stack.ts';
import { KeptSecret } from './kept-secret.ts';
import type { Oversight } from './oversight.ts';
import { RollcallFunction } from './rollcall-function.ts';
import { SignOnApi } from './sign-on-api.ts';
import type { StageSettings } from './stage-settings.ts';

/** The sign-on (design §5): an HTTP API, the function behind it, and its secret. Nothing but the table is shared. */
export class SsoStack extends Stack {
  readonly sso: RollcallFunction<typeof SSO_ENVIRONMENT>;
  readonly api: SignOnApi;
  readonly secret: KeptSecret;

  constructor(
    scope: Construct,
    id: string,
    settings: StageSettings,
    foundation: Pick<FoundationStack, 'table' | 'oversight'>,
  ) {
    super(scope, id, { env: { account: settings.account, region: settings.region } });
    const { sso } = settings;
    const { oversight } = foundation;
    const { classLink } = sso;
    this.secret = new KeptSecret(this, 'SignOn', {
      description: 'sign-on: ClassLink client, cookie keys, signing keys, hashes of client secrets',
      renewal:
        'Signing keys rotate in steps of 24 hours by our own procedure (docs/sso.md); ClassLink issues its secret by hand.',
    });
    const secret = this.secret.toRead();
    const api = new SignOnApi(this, 'Http', { name: `rollcall-${settings.stage}-sign-on`, ...sso, oversight });
    this.api = api;
    this.sso = new RollcallFunction(this, 'sso', {
      spec: SSO_ENVIRONMENT,
      uses: {
        TABLE_NAME: foundation.table.toSignOn(),
        ISSUER_URL: fixed(api.issuer),
        SSO_SECRET_ID: secret,
        PRODUCT_CLIENTS: fixed(writeProductClients(sso.products)),
        TILE: fixed(sso.tile),
        CLASSLINK_ISSUER: fixed(classLink.issuer),
        CLASSLINK_AUTHORIZE_URL: fixed(classLink.authorizeUrl),
        CLASSLINK_TOKEN_URL: fixed(classLink.tokenUrl),
        CLASSLINK_JWKS_URL: fixed(classLink.jwksUrl),
        CLASSLINK_INFO_URL: fixed(classLink.infoUrl),
      },
      size: sso.size,
      oversight,
      layerArns: [sso.secretsExtensionArn],
      reservedConcurrency: sso.reservedConcurrency,
    });
    this.watchLaunches(oversight, this.sso);
    // Functions are kept warm for a version, and an alias names it.
    const warm = sso.provisionedConcurrency > 0 ? { provisionedConcurrentExecutions: sso.provisionedConcurrency } : {};
    const live = this.sso.lambda.addAlias('live', warm);
    // An Alias is an IFunction; the CDK's own types disagree about a member that may be undefined or absent.
    api.answerWith(live as IFunction);
    this.tell({
      IssuerUrl: { value: api.issuer, description: 'What products configure' },
      RedirectUri: { value: `${api.issuer}/callback`, description: 'To register with ClassLink, exactly so' },
      SecretArn: { value: secret.value, description: 'To be filled in before the first launch' },
      ...(api.domainTarget === null
        ? {}
        : { DomainTarget: { value: api.domainTarget, description: 'What the DNS name of the issuer points to' } }),
    });
  }

  /** A quarter of an hour in which more launches are refused than let in, and not just a few. */
  private watchLaunches(oversight: Oversight, { log }: { readonly log: LogGroup }): void {
    const done = oversight.countLines(this, 'LaunchesDone', log, '{ $.message = "sso" && $.code = "handed-over" }');
    // Only launches that began with us, or came to a district: a stranger's requests without one are no alarm.
    const isLaunch = '($.launchId = "*" || $.districtId = "*")';
    const pattern = `{ $.message = "sso" && $.outcome = "denied" && ${isLaunch} }`;
    const denied = oversight.countLines(this, 'LaunchesDenied', log, pattern);
    oversight.alarm(this, 'ManyDenied', {
      heading: 'Many launches are refused',
      metric: new MathExpression({
        expression: 'IF(denied >= 20, 100 * denied / (denied + done), 0)',
        usingMetrics: { denied, done },
        label: 'refused launches, percent',
        period: Duration.minutes(15),
      }),
      threshold: 50,
    });
  }

  private tell(outputs: Readonly<Record<string, { readonly value: string; readonly description: string }>>): void {
    for (const [name, output] of Object.entries(outputs)) new CfnOutput(this, name, output);
  }
}
