import { Duration, Stack, Tags } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnServer } from 'aws-cdk-lib/aws-transfer';
import { Construct } from 'constructs';
import { SFTP_AUTH_ENVIRONMENT } from '../contracts/sftp-auth-environment.ts';
import { KEPT } from './kept.ts';
import type { LandingBucket } from './landing-bucket.ts';
import type { Oversight } from './oversight.ts';
import { RollcallFunction } from './rollcall-function.ts';
import { SftpNetwork } from './sftp-network.ts';
import type { StageSettings } from './stage-settings.ts';
import type { StateTable } from './state-table.ts';

interface SftpDoorProps {
  readonly table: StateTable;
  readonly landing: LandingBucket;
  readonly settings: StageSettings;
  readonly oversight: Oversight;
}

/** One slow password hash (scrypt) needs a whole core and tens of megabytes; a client waits for the answer. */
const AUTH_SIZE = { memoryMegabytes: 1769, timeoutSeconds: 15, scratchMegabytes: 512 };

/** Days that Transfer's own log is kept: long enough to ask what became of an upload, less than any log of ours. */
const TRANSFER_LOG_DAYS = 14;

/** Files that are closed unfinished in a quarter of an hour: one may be a lost connection, three are more than that. */
const MANY_BROKEN = 3;

/** Refused logins in a quarter of an hour that are more than a few districts with an old password. */
const MANY_REFUSALS = 50;

/** The SFTP server of all districts, and the function that says who may come in. */
export class SftpDoor extends Construct {
  readonly serverId: string;
  readonly serverArn: string;
  /** Host keys of the account's servers: the id of ours is not known before it is there. */
  readonly hostKeysArn: string;
  /** The name that districts connect to. */
  readonly hostName: string;
  /** Transfer's own name for it: what a name of ours points to (a CNAME record). */
  readonly endpoint: string;
  /** Its fixed addresses; none where the end point is public. */
  readonly addresses: readonly string[];
  /** Transfer's own log. It names accounts and files. */
  readonly log: LogGroup;
  readonly auth: RollcallFunction<typeof SFTP_AUTH_ENVIRONMENT>;

  constructor(scope: Construct, id: string, props: SftpDoorProps) {
    super(scope, id);
    const { table, landing, settings, oversight } = props;
    const sessions = this.sessionRole(landing);
    this.auth = new RollcallFunction(this, 'sftp-auth', {
      spec: SFTP_AUTH_ENVIRONMENT,
      uses: {
        TABLE_NAME: table.toAuthenticate(),
        LANDING_BUCKET: landing.toName(),
        LANDING_KEY_ARN: landing.toNameKey(),
        // Transfer assumes it, not the function.
        SFTP_ROLE_ARN: { value: sessions.roleArn, grant: () => {} },
      },
      size: AUTH_SIZE,
      oversight,
      reservedConcurrency: settings.sftp.loginsAtOnce,
    });
    // The one log that names people's accounts and files, because Transfer writes it (docs/security.md, R22): it goes first.
    this.log = oversight.logGroup(this, 'Log', TRANSFER_LOG_DAYS);
    const network = networkOf(this, settings);
    this.addresses = network?.addresses ?? [];
    const server = this.server(network, settings);
    this.serverId = server.attrServerId;
    this.serverArn = server.attrArn;
    this.hostKeysArn = `arn:aws:transfer:${settings.region}:${settings.account}:host-key/*`;
    this.endpoint = `${server.attrServerId}.server.transfer.${settings.region}.amazonaws.com`;
    this.hostName = settings.sftp.hostName ?? this.endpoint;
    this.auth.lambda.addPermission('Transfer', {
      principal: new ServicePrincipal('transfer.amazonaws.com'),
      sourceArn: server.attrArn,
      sourceAccount: settings.account,
    });
    this.watch(oversight);
  }

  private server(network: SftpNetwork | null, { sftp }: StageSettings): CfnServer {
    const server = new CfnServer(this, 'Server', {
      protocols: ['SFTP'],
      domain: 'S3',
      // Cannot be changed later: the only kind that knows passwords as well as keys.
      identityProviderType: 'AWS_LAMBDA',
      identityProviderDetails: {
        function: this.auth.lambda.functionArn,
        sftpAuthenticationMethods: 'PUBLIC_KEY_OR_PASSWORD',
      },
      // Without this line CloudFormation makes a server of 2018, with SHA-1.
      securityPolicyName: sftp.securityPolicy,
      ...endpointOf(network),
      // WinSCP and others set times and modes after an upload; on S3 that would fail the upload.
      protocolDetails: { setStatOption: 'ENABLE_NO_OP' },
      s3StorageOptions: { directoryListingOptimization: 'ENABLED' },
      structuredLogDestinations: [this.log.logGroupArn],
    });
    // The console shows the name; the DNS record is made where the zone is.
    if (sftp.hostName !== null) Tags.of(server).add('transfer:customHostname', sftp.hostName);
    // An address answers only once its network has its way to the internet.
    if (network) server.node.addDependency(network);
    server.applyRemovalPolicy(KEPT);
    return server;
  }

  /** Transfer counts neither by itself (facts); its log tells both. */
  private watch(oversight: Oversight): void {
    const { log } = this;
    const broken = oversight.countLines(this, 'UploadsBroken', log, '{ $.activity-type = "PARTIAL_CLOSE" }');
    oversight.alarm(this, 'UploadsBreak', {
      heading: 'Uploads break off',
      metric: broken.with({ period: Duration.minutes(15) }),
      threshold: MANY_BROKEN,
    });
    const failures = oversight.countLines(this, 'SftpAuthFailures', log, '{ $.activity-type = "AUTH_FAILURE" }');
    // A client that offers a key before its password is no refusal.
    const refused = '{ $.message = "sftp-login" && $.code != "allowed" && $.code != "no-public-key" }';
    const refusals = oversight.countLines(this, 'SftpLoginsRefused', this.auth.log, refused);
    for (const [id, metric] of Object.entries({ AuthFails: failures, LoginsRefused: refusals })) {
      oversight.alarm(this, id, {
        heading: 'SFTP logins are refused',
        metric: metric.with({ period: Duration.minutes(15) }),
        threshold: MANY_REFUSALS,
      });
    }
  }

  private sessionRole(landing: LandingBucket): Role {
    const role = new Role(this, 'Sessions', {
      description: 'What an SFTP session may do at most; its session policy leaves it one district',
      assumedBy: new ServicePrincipal('transfer.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    landing.toServe().grant(role);
    return role;
  }
}

/** The network of the fixed addresses, where the stage has them. */
const networkOf = (scope: Construct, { sftp, availabilityZones }: StageSettings): SftpNetwork | null =>
  sftp.endpoint === 'addresses'
    ? new SftpNetwork(scope, 'Network', { zones: availabilityZones.length, allowedCidrs: sftp.allowedCidrs })
    : null;

/** A network of our own with fixed addresses, or Transfer's public end point. */
function endpointOf(network: SftpNetwork | null) {
  if (!network) return { endpointType: 'PUBLIC' };
  return {
    endpointType: 'VPC',
    endpointDetails: {
      vpcId: network.vpcId,
      subnetIds: network.subnetIds,
      addressAllocationIds: network.addressIds,
      securityGroupIds: network.securityGroupIds,
    },
  };
}
