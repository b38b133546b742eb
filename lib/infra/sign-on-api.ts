import { Duration } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnStage,
  DomainName,
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { SIGN_ON_ROUTES, type SignOnThrottles } from '../contracts/sign-on-routes.ts';
import { acknowledge } from './acknowledge.ts';
import type { Oversight } from './oversight.ts';
import type { SsoSettings } from './sso-settings.ts';

interface SignOnApiProps {
  /** For people who look at the list of APIs. */
  readonly name: string;
  readonly domain: SsoSettings['domain'];
  readonly throttles: SignOnThrottles;
  readonly oversight: Oversight;
}

/** A line of the access log. No address, no agent, no path and no query: they hold codes, and say who was where (R22). */
const ACCESS_LINE = {
  requestId: '$context.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  milliseconds: '$context.responseLatency',
  functionMilliseconds: '$context.integrationLatency',
  functionStatus: '$context.integrationStatus',
  error: '$context.error.responseType',
};

/** The most that an HTTP API waits. */
const WAIT = Duration.seconds(29);

/** Methods of route keys, as the CDK names them. */
const METHODS: Readonly<Record<string, HttpMethod>> = { GET: HttpMethod.GET, POST: HttpMethod.POST };

/** The HTTP API of the sign-on: its routes and no others, each with its own limit. */
export class SignOnApi extends Construct {
  /** Our issuer: the custom name, else API Gateway's. Without a slash at the end. */
  readonly issuer: string;
  /** Where the custom name must point to (a CNAME or alias record); null without one. */
  readonly domainTarget: string | null;

  readonly api: HttpApi;
  private readonly domainName: DomainName | null;
  private readonly props: SignOnApiProps;

  constructor(scope: Construct, id: string, props: SignOnApiProps) {
    super(scope, id);
    this.props = props;
    const { name, domain } = props;
    this.api = new HttpApi(this, 'Api', {
      apiName: name,
      description: 'Rollcall: sign-on with ClassLink',
      createDefaultStage: false,
      // One issuer has one name: cookies and tokens of the other would be somebody else's.
      disableExecuteApiEndpoint: domain !== null,
    });
    this.domainName = domain && this.named(domain);
    this.domainTarget = this.domainName?.regionalDomainName ?? null;
    this.issuer = domain ? `https://${domain.hostName}` : this.api.apiEndpoint;
    acknowledge(
      this.api,
      'AwsSolutions-APIG4',
      'Whoever comes to sign in is nobody yet. The function checks clients, cookies and tokens itself (docs/security.md).',
    );
  }

  /** Lets a function answer every route. The stage comes last: it has limits for routes, which must be there before it. */
  answerWith(lambda: IFunction): void {
    const integration = new HttpLambdaIntegration('Function', lambda, { timeout: WAIT, scopePermissionToRoute: false });
    const routes = SIGN_ON_ROUTES.flatMap((key) => {
      const [method = '', path = ''] = key.split(' ');
      return this.api.addRoutes({ path, methods: [METHODS[method] ?? HttpMethod.ANY], integration });
    });
    const log = this.props.oversight.logGroup(this, 'AccessLog');
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LINE)),
      },
      ...(this.domainName ? { domainMapping: { domainName: this.domainName } } : {}),
    });
    this.props.oversight.alarm(this, 'ServerErrors', {
      heading: 'The sign-on answers with errors',
      metric: this.api.metricServerError({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 5,
    });
    stage.node.addDependency(...routes);
    const { defaultChild } = stage.node;
    if (!(defaultChild instanceof CfnStage)) throw new Error('a stage without its resource');
    defaultChild.routeSettings = this.routeSettings();
  }

  /** As CloudFormation wants them: the CDK takes this map as it is. */
  private routeSettings() {
    const limits = SIGN_ON_ROUTES.map((key) => {
      const { ratePerSecond, burst } = this.props.throttles[key];
      return [key, { ThrottlingRateLimit: ratePerSecond, ThrottlingBurstLimit: burst }] as const;
    });
    return Object.fromEntries(limits);
  }

  private named({ hostName, certificateArn }: NonNullable<SsoSettings['domain']>): DomainName {
    const certificate = Certificate.fromCertificateArn(this, 'Certificate', certificateArn);
    return new DomainName(this, 'Domain', {
      domainName: hostName,
      certificate,
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
  }
}
