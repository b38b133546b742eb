import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ArchiveBucket } from './archive-bucket.ts';
import { RollcallBus } from './event-bus.ts';
import { FailedUploads } from './failed-uploads.ts';
import { KeptSecret } from './kept-secret.ts';
import { LandingBucket } from './landing-bucket.ts';
import { MailDomain } from './mail-domain.ts';
import { Oversight } from './oversight.ts';
import { SftpDoor } from './sftp-door.ts';
import type { StageSettings } from './stage-settings.ts';
import { StateTable } from './state-table.ts';
import { WorkQueue } from './work-queue.ts';

/**
 * What must survive everything: the data, the bus that others listen to, and the SFTP server that districts have pinned,
 * with all that a login needs. `sftp-auth` is here and not in `ingest`, because the server names it: so a failed
 * deployment of `ingest` locks nobody out, and no stack needs one that is deployed after it.
 */
export class FoundationStack extends Stack {
  readonly oversight: Oversight;
  readonly table: StateTable;
  readonly landing: LandingBucket;
  readonly archive: ArchiveBucket;
  readonly uploads: WorkQueue;
  readonly bus: RollcallBus;
  readonly mail: MailDomain;
  readonly hostKeys: KeptSecret;
  readonly door: SftpDoor;

  private readonly zones: readonly string[];

  constructor(scope: Construct, id: string, settings: StageSettings) {
    const { account, region, workers } = settings;
    super(scope, id, { env: { account, region }, terminationProtection: true });
    this.zones = settings.availabilityZones;
    const { timeoutSeconds } = workers.receive;

    this.oversight = new Oversight(this, 'Oversight', settings);
    const { oversight } = this;
    this.table = new StateTable(this, 'State', oversight);
    this.archive = new ArchiveBucket(this, 'Archive', settings);
    this.uploads = new WorkQueue(this, 'Uploads', {
      workerTimeoutSeconds: timeoutSeconds,
      encryption: 'own',
      oversight,
    });
    this.landing = new LandingBucket(this, 'Landing', { uploads: this.uploads, settings });
    this.bus = new RollcallBus(this, 'Events', settings.stage);
    this.mail = new MailDomain(this, 'Mail', settings.mail);
    this.hostKeys = new KeptSecret(this, 'HostKeys', {
      description: 'private SFTP host keys (ED25519, ECDSA, RSA)',
      renewal: 'Districts have pinned these keys; a change is announced and made by hand (docs/operations.md).',
    });
    this.door = new SftpDoor(this, 'Sftp', { table: this.table, landing: this.landing, settings, oversight });
    new FailedUploads(this, 'FailedUploads', { serverId: this.door.serverId, uploads: this.uploads });
    this.tell();
  }

  /** What a person needs for DNS and for the allow lists of districts. */
  private tell(): void {
    const { serverId, endpoint, hostName, addresses } = this.door;
    const tell = (name: string, value: string, description: string) =>
      new CfnOutput(this, name, { value, description });
    tell('SftpServerId', serverId, 'The SFTP server (Transfer Family)');
    tell('SftpEndpoint', endpoint, 'What the DNS name of the SFTP server points to (CNAME)');
    tell('SftpHostName', hostName, 'What districts type in');
    if (addresses.length > 0) tell('SftpAddresses', addresses.join(' '), 'For the allow lists of districts');
  }

  /** As the settings name them; the CDK would ask the account, and synth works without one. */
  override get availabilityZones(): string[] {
    return [...this.zones];
  }
}
