import { RemovalPolicy } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { allow, type Binding } from './binding.ts';
import { encryptionKey } from './encryption-key.ts';

/**
 * The one secret of the sign-on (`SignOnSecret`), with a key of its own; it outlives its stack. CloudFormation makes it with
 * a placeholder that opens nothing, and a person puts the real one in (docs/operations.md): no value of it ever stands in
 * a template. Whoever changes the placeholder here overwrites the real secret at the next deployment.
 */
export class SignOnSecret extends Construct {
  private readonly secret: Secret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      description: 'Rollcall sign-on: ClassLink client, cookie keys, signing keys, hashes of client secrets',
      encryptionKey: encryptionKey(this, 'sign-on secret'),
      generateSecretString: { secretStringTemplate: '{"state":"not filled in"}', generateStringKey: 'placeholder' },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(
      this.secret,
      'AwsSolutions-SMG4',
      'Signing keys rotate in steps of 24 hours by our own procedure (docs/sso.md); ClassLink issues its secret by hand.',
    );
  }

  /** To read it: for the extension, which asks in the name of its function. */
  toRead(): Binding {
    const { secretArn, encryptionKey: key } = this.secret;
    return {
      value: secretArn,
      grant: (role) => {
        allow(role, ['secretsmanager:GetSecretValue'], [secretArn]);
        if (key) allow(role, ['kms:Decrypt'], [key.keyArn]);
      },
    };
  }
}
