import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { allow, type Binding } from './binding.ts';
import { encryptionKey } from './encryption-key.ts';
import { KEPT } from './kept.ts';

interface KeptSecretProps {
  /** What is in it, for people. */
  readonly description: string;
  /** How it is renewed, as AWS does not do it. */
  readonly renewal: string;
}

/**
 * A secret that a person fills in, with a key of its own; it outlives its stack. CloudFormation makes it with a placeholder
 * that opens nothing (docs/operations.md): no value of it ever stands in a template. Whoever changes the placeholder here
 * overwrites the real secret at the next deployment.
 */
export class KeptSecret extends Construct {
  private readonly secret: Secret;

  constructor(scope: Construct, id: string, { description, renewal }: KeptSecretProps) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      description: `Rollcall: ${description}`,
      encryptionKey: encryptionKey(this, description),
      generateSecretString: { secretStringTemplate: '{"state":"not filled in"}', generateStringKey: 'placeholder' },
      removalPolicy: KEPT,
    });
    for (const rule of ['AwsSolutions-SMG4', 'NIST.800.53.R5-SecretsManagerRotationEnabled']) {
      acknowledge(this.secret, rule, renewal);
    }
  }

  /** To read it: for the extension, which asks in the name of its function. */
  toRead(): Binding {
    return this.bind(['secretsmanager:GetSecretValue'], ['kms:Decrypt']);
  }

  /** To read it and put a new one in without losing another's change (adapters/secrets/stage-secret.ts). For people. */
  toFillIn(): Binding {
    const actions = ['GetSecretValue', 'PutSecretValue', 'DescribeSecret', 'UpdateSecretVersionStage'];
    return this.bind(
      actions.map((action) => `secretsmanager:${action}`),
      ['kms:Decrypt', 'kms:GenerateDataKey'],
    );
  }

  private bind(actions: readonly string[], keyActions: readonly string[]): Binding {
    const { secretArn, encryptionKey: key } = this.secret;
    return {
      value: secretArn,
      grant: (role) => {
        allow(role, actions, [secretArn]);
        if (key) allow(role, keyActions, [key.keyArn]);
      },
    };
  }
}
