import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { writeProductClients } from '../contracts/registered-products.ts';
import { SSO_ENVIRONMENT } from '../contracts/sso-environment.ts';
import { fixed } from './binding.ts';
import type { FoundationStack } from './foundation-stack.ts';
import { RollcallFunction } from './rollcall-function.ts';
import { SignOnApi } from './sign-on-api.ts';
import { SignOnSecret } from './sign-on-secret.ts';
import type { StageSettings } from './stage-settings.ts';

/** The sign-on (design §5): an HTTP API, the function behind it, and its secret. Nothing but the table is shared. */
export class SsoStack extends Stack {
  constructor(scope: Construct, id: string, settings: StageSettings, foundation: Pick<FoundationStack, 'table'>) {
    super(scope, id, { env: { account: settings.account, region: settings.region } });
    const { sso, logDays } = settings;
    const { classLink } = sso;
    const secret = new SignOnSecret(this, 'SignOn').toRead();
    const api = new SignOnApi(this, 'Http', { name: `rollcall-${settings.stage}-sign-on`, ...sso, logDays });
    const { lambda } = new RollcallFunction(this, 'sso', {
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
      logDays,
      layerArns: [sso.secretsExtensionArn],
      reservedConcurrency: sso.reservedConcurrency,
    });
    // Functions are kept warm for a version, and an alias names it.
    const warm = sso.provisionedConcurrency > 0 ? { provisionedConcurrentExecutions: sso.provisionedConcurrency } : {};
    const live = lambda.addAlias('live', warm);
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

  private tell(outputs: Readonly<Record<string, { readonly value: string; readonly description: string }>>): void {
    for (const [name, output] of Object.entries(outputs)) new CfnOutput(this, name, output);
  }
}
