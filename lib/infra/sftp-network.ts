import { CfnEIP, IpAddresses, type IVpc, Peer, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeNist } from './acknowledge.ts';
import { KEPT } from './kept.ts';

/** The addresses that districts and ClassLink put on their allow lists, so they stay: one in each zone. */
export class SftpNetwork extends Construct {
  readonly vpcId: string;
  readonly subnetIds: string[];
  readonly addressIds: string[];
  /** The same as people write them. */
  readonly addresses: string[];
  readonly securityGroupIds: string[];

  constructor(
    scope: Construct,
    id: string,
    props: { readonly zones: number; readonly allowedCidrs: readonly string[] },
  ) {
    super(scope, id);
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: props.zones,
      ipAddresses: IpAddresses.cidr('10.20.0.0/24'),
      natGateways: 0,
      subnetConfiguration: [{ name: 'sftp', subnetType: SubnetType.PUBLIC, cidrMask: 28, mapPublicIpOnLaunch: false }],
      // Nothing uses the default group; taking its rules away would need one more function.
      restrictDefaultSecurityGroup: false,
    });
    acknowledge(vpc, 'CloudFormation-Validate::W3010', 'Zones are named, so that synth works without an account.');
    acknowledge(
      vpc,
      'AwsSolutions-VPC7',
      'Nothing but the SFTP endpoint is in it, and its own log names every connection.',
    );
    const alone = 'The only thing in it is the SFTP endpoint, which has a group of its own.';
    const logged = 'The endpoint logs every connection; flow logs would only add who was turned away by the group.';
    acknowledgeNist(vpc, 'VPCDefaultSecurityGroupClosed', alone);
    acknowledgeNist(vpc, 'VPCFlowLogsEnabled', logged);
    acknowledgeNist(vpc, 'VPCNoUnrestrictedRouteToIGW', 'Districts push from the internet; there is no other way in.', [
      'R5',
    ]);

    const door = new SecurityGroup(this, 'Door', {
      // A Vpc is an IVpc; exactOptionalPropertyTypes does not see it, as the library is not written for that option.
      vpc: vpc as IVpc,
      description: 'SFTP of districts',
      allowAllOutbound: false,
    });
    for (const cidr of props.allowedCidrs) door.addIngressRule(Peer.ipv4(cidr), Port.tcp(22), 'SFTP');
    const reason = 'Districts come from addresses that they choose; each login has its own allow list.';
    acknowledge(door, 'AwsSolutions-EC23', reason);
    acknowledgeNist(door, 'EC2RestrictedSSH', reason);
    acknowledge(door, 'CloudFormation-Validate::W2508', reason);

    this.vpcId = vpc.vpcId;
    this.subnetIds = vpc.publicSubnets.map((subnet) => subnet.subnetId);
    this.securityGroupIds = [door.securityGroupId];
    const addresses = this.subnetIds.map((_, i) => {
      const address = new CfnEIP(this, `Address${i}`);
      address.applyRemovalPolicy(KEPT);
      return address;
    });
    this.addressIds = addresses.map((address) => address.attrAllocationId);
    this.addresses = addresses.map((address) => address.attrPublicIp);
  }
}
