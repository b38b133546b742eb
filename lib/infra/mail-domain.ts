import { Stack } from 'aws-cdk-lib';
import { EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import { allow, type Binding } from './binding.ts';
import { KEPT } from './kept.ts';
import type { MailSettings } from './stage-settings.ts';

/**
 * The domain that mails come from, as SES knows it. It is in `foundation` and kept: its DKIM records are in the vendor's DNS,
 * and other systems of the account may send under it too.
 */
export class MailDomain extends Construct {
  private readonly from: string;
  private readonly identityArn: string;

  constructor(scope: Construct, id: string, { from, domain, identity }: MailSettings) {
    super(scope, id);
    this.from = from;
    this.identityArn = Stack.of(this).formatArn({ service: 'ses', resource: 'identity', resourceName: domain });
    if (identity === 'make') {
      new EmailIdentity(this, 'Identity', { identity: Identity.domain(domain) }).applyRemovalPolicy(KEPT);
    }
  }

  /** To send mails under it. The value is the address that they come from. */
  toSend(): Binding {
    return { value: this.from, grant: (role) => allow(role, ['ses:SendEmail'], [this.identityArn]) };
  }
}
