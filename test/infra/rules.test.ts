import { Template } from 'aws-cdk-lib/assertions';
import { FoundationStack } from '../../lib/infra/foundation-stack.ts';
import { stageSettings } from '../../lib/infra/stage-settings.ts';
import { ingest, newApp, resources, settings, sso, type TemplateResource, watch } from './synthesized.ts';

/** Resources of a type that `isRight` does not hold for. Fails where there is none of the type at all. */
function wrong(type: string, isRight: (properties: TemplateResource['Properties']) => boolean): readonly string[] {
  const found = resources(type);
  expect(found.length).toBeGreaterThan(0);
  return found.filter(([, { Properties }]) => !isRight(Properties ?? {})).map(([id]) => id);
}

/** What a policy says no to without TLS: the names of the resources that policies of the type are for. */
function tlsOnly(type: string, target: string): readonly string[] {
  const refused = resources(type).filter(([, { Properties }]) => {
    const { Statement } = Properties['PolicyDocument'] as { Statement: readonly Record<string, unknown>[] };
    return Statement.some(
      ({ Effect, Condition, Principal }) =>
        Effect === 'Deny' &&
        JSON.stringify(Principal) === '{"AWS":"*"}' &&
        JSON.stringify(Condition).includes('"Bool":{"aws:SecureTransport":"false"}'),
    );
  });
  return refused.flatMap(([, { Properties }]) => JSON.stringify(Properties[target]).match(/"Ref":"[^"]+"/g) ?? []);
}

const refsOf = (type: string): readonly string[] => resources(type).map(([id]) => `"Ref":"${id}"`);

describe('R22, over all stacks', () => {
  test('every bucket is encrypted with a key of ours, versioned, and closed to the public', () => {
    const bad = wrong('AWS::S3::Bucket', (bucket) => {
      const text = JSON.stringify(bucket);
      return (
        text.includes('"SSEAlgorithm":"aws:kms"') &&
        text.includes('"KMSMasterKeyID"') &&
        text.includes('"RestrictPublicBuckets":true') &&
        text.includes('"Status":"Enabled"')
      );
    });
    expect(bad).toEqual([]);
  });

  test('every bucket and every queue refuses whoever comes without TLS', () => {
    expect([...tlsOnly('AWS::S3::BucketPolicy', 'Bucket')].sort()).toEqual([...refsOf('AWS::S3::Bucket')].sort());
    expect([...tlsOnly('AWS::SQS::QueuePolicy', 'Queues')].sort()).toEqual([...refsOf('AWS::SQS::Queue')].sort());
  });

  test('every queue is encrypted', () => {
    const isEncrypted = (queue: TemplateResource['Properties']) =>
      'KmsMasterKeyId' in queue || queue['SqsManagedSseEnabled'] === true;
    expect(wrong('AWS::SQS::Queue', isEncrypted)).toEqual([]);
  });

  test('every log group has a key of ours and an end', () => {
    expect(wrong('AWS::Logs::LogGroup', (group) => 'KmsKeyId' in group && 'RetentionInDays' in group)).toEqual([]);
  });

  test('every secret and every table has a key of ours, and every key is renewed each year', () => {
    expect(wrong('AWS::SecretsManager::Secret', (secret) => 'KmsKeyId' in secret)).toEqual([]);
    const hasKey = (table: TemplateResource['Properties']) => JSON.stringify(table).includes('"KMSMasterKeyId"');
    expect(wrong('AWS::DynamoDB::GlobalTable', hasKey)).toEqual([]);
    expect(wrong('AWS::KMS::Key', (key) => key['EnableKeyRotation'] === true)).toEqual([]);
  });
});

test('what holds data lies in foundation, so that ingest, sso and watch can be deleted and made again', () => {
  const holdsData = ['AWS::S3::Bucket', 'AWS::DynamoDB::GlobalTable', 'AWS::Transfer::Server'];
  for (const template of [ingest, sso, watch]) {
    expect(holdsData.flatMap((type) => Object.keys(template.findResources(type)))).toEqual([]);
  }
});

describe('the door of districts with other settings', () => {
  const doorOf = (sftp: Partial<typeof settings.sftp>) => {
    const changed = { ...stageSettings('dev'), sftp: { ...settings.sftp, ...sftp } };
    const template = Template.fromStack(new FoundationStack(newApp(), 'foundation', changed));
    return { template, server: Object.values(template.findResources('AWS::Transfer::Server'))[0] };
  };

  test('`public` needs no network and no addresses', () => {
    const { template, server } = doorOf({ endpoint: 'public' });
    expect(server?.['Properties'].EndpointType).toBe('PUBLIC');
    expect(server?.['Properties'].EndpointDetails).toBeUndefined();
    for (const type of ['VPC', 'EIP', 'SecurityGroup']) expect(template.findResources(`AWS::EC2::${type}`)).toEqual({});
  });

  test('a host name of our own is shown at the server', () => {
    const { server } = doorOf({ hostName: 'sftp.rollcall.example' });
    expect(server?.['Properties'].Tags).toContainEqual({
      Key: 'transfer:customHostname',
      Value: 'sftp.rollcall.example',
    });
  });

  test('lets in only from the networks that the stage names', () => {
    const { template } = doorOf({ allowedCidrs: ['203.0.113.0/24'] });
    const [group] = Object.values(template.findResources('AWS::EC2::SecurityGroup'));
    const rules = group?.['Properties'].SecurityGroupIngress;
    expect(rules).toEqual([expect.objectContaining({ CidrIp: '203.0.113.0/24', FromPort: 22, ToPort: 22 })]);
  });

  test('the documented fallback of ciphers can be chosen', () => {
    const securityPolicy = 'TransferSecurityPolicy-Restricted-2024-06';
    expect(doorOf({ securityPolicy }).server?.['Properties'].SecurityPolicyName).toBe(securityPolicy);
  });
});

test('an operator cannot order a deletion: nothing of theirs reaches the queue of purges (R22)', () => {
  const policyOf = (name: string) =>
    resources('AWS::IAM::Policy').filter(([id]) => id.toLowerCase().startsWith(`people${name}`));
  expect(JSON.stringify(policyOf('operator'))).toMatch(/PlansQueue/);
  expect(JSON.stringify(policyOf('operator'))).not.toMatch(/Purges/);
  expect(JSON.stringify(policyOf('admin'))).toMatch(/PurgesQueue/);
});

test('a person takes a role under their own name only: what they decide is kept under it', () => {
  const people = resources('AWS::IAM::Role').filter(([id]) => id.startsWith('People'));
  expect(people).toHaveLength(2);
  for (const [, { Properties }] of people) {
    const { Statement } = Properties['AssumeRolePolicyDocument'] as { Statement: readonly Record<string, unknown>[] };
    expect(Statement.map(({ Action, Condition }) => [Action, Condition])).toEqual([
      ['sts:AssumeRole', { StringEquals: { 'sts:RoleSessionName': `\${aws:username}` } }],
      ['sts:AssumeRole', { StringLike: { 'aws:userid': `*:\${sts:RoleSessionName}` } }],
    ]);
  }
});

test('functions that carry orders out know their own role, and by it what they sent themselves', () => {
  const roleIds = resources('AWS::Lambda::Function').flatMap(([, { Properties }]) => {
    const { OWN_ROLE_ID, ...others } = Object(Properties['Environment'])['Variables'] ?? {};
    expect(JSON.stringify(others)).not.toContain('RoleId');
    return OWN_ROLE_ID === undefined ? [] : [[OWN_ROLE_ID, Properties['Role']]];
  });
  expect(roleIds).toHaveLength(2);
  for (const [id, role] of roleIds) {
    const [name] = (role as { 'Fn::GetAtt': readonly string[] })['Fn::GetAtt'];
    expect(id).toEqual({ 'Fn::GetAtt': [name, 'RoleId'] });
  }
});

test('nobody but the purge may delete many rows, and `notify` deletes none', () => {
  const may = (action: string) =>
    resources('AWS::IAM::Policy')
      .filter(([, { Properties }]) => JSON.stringify(Properties).includes(`"dynamodb:${action}"`))
      .map(([id]) => id.replace(/(Role)?DefaultPolicy.*$/, ''));
  expect(may('BatchWriteItem')).toEqual(['Retentionpurge']);
  expect(may('DeleteItem')).not.toContain('Mailsnotify');
  expect(may('PutItem')).toContain('Mailsnotify');
});
