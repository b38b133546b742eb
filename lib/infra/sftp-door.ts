import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnServer } from 'aws-cdk-lib/aws-transfer';
import { Construct } from 'constructs';
import { SFTP_AUTH_ENVIRONMENT } from '../contracts/sftp-auth-environment.ts';
import type { LandingBucket } from './landing-bucket.ts';
import { RollcallFunction } from './rollcall-function.ts';
import { SftpNetwork } from './sftp-network.ts';
import type { StageSettings } from './stage-settings.ts';
import type { StateTable } from './state-table.ts';

interface SftpDoorProps {
  readonly table: StateTable;
  readonly landing: LandingBucket;
  readonly settings: StageSettings;
}

/** One slow password hash (scrypt) needs a whole core and tens of megabytes; a client waits for the answer. */
const AUTH_SIZE = { memoryMegabytes: 1769, timeoutSeconds: 15, scratchMegabytes: 512 };

/** The SFTP server of all districts, and the function that says who may come in. */
export class SftpDoor extends Construct {
  constructor(scope: Construct, id: string, props: SftpDoorProps) {
    super(scope, id);
    const { table, landing, settings } = props;
    const sessions = this.sessionRole(landing);
    const auth = new RollcallFunction(this, 'sftp-auth', {
      spec: SFTP_AUTH_ENVIRONMENT,
      uses: {
        TABLE_NAME: table.toRead(),
        LANDING_BUCKET: landing.toName(),
        // Transfer assumes it, not the function.
        SFTP_ROLE_ARN: { value: sessions.roleArn, grant: () => {} },
      },
      size: AUTH_SIZE,
      logDays: settings.logDays,
    });
    const server = this.server(
      auth,
      new SftpNetwork(this, 'Network', { zones: settings.availabilityZones.length }),
      settings,
    );
    auth.lambda.addPermission('Transfer', {
      principal: new ServicePrincipal('transfer.amazonaws.com'),
      sourceArn: server.attrArn,
      sourceAccount: settings.account,
    });
  }

  private server(auth: RollcallFunction<typeof SFTP_AUTH_ENVIRONMENT>, network: SftpNetwork, settings: StageSettings) {
    const log = new LogGroup(this, 'Log', { retention: settings.logDays, removalPolicy: RemovalPolicy.RETAIN });
    const server = new CfnServer(this, 'Server', {
      protocols: ['SFTP'],
      domain: 'S3',
      // Cannot be changed later: the only kind that knows passwords as well as keys.
      identityProviderType: 'AWS_LAMBDA',
      identityProviderDetails: {
        function: auth.lambda.functionArn,
        sftpAuthenticationMethods: 'PUBLIC_KEY_OR_PASSWORD',
      },
      // Without this line CloudFormation makes a server of 2018, with SHA-1.
      securityPolicyName: 'TransferSecurityPolicy-2025-03',
      endpointType: 'VPC',
      endpointDetails: {
        vpcId: network.vpcId,
        subnetIds: network.subnetIds,
        addressAllocationIds: network.addressIds,
        securityGroupIds: network.securityGroupIds,
      },
      // WinSCP and others set times and modes after an upload; on S3 that would fail the upload.
      protocolDetails: { setStatOption: 'ENABLE_NO_OP' },
      s3StorageOptions: { directoryListingOptimization: 'ENABLED' },
      structuredLogDestinations: [log.logGroupArn],
    });
    // An address answers only once its network has its way to the internet.
    server.node.addDependency(network);
    server.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return server;
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
