import { Match, Template } from 'aws-cdk-lib/assertions';
import { FoundationStack } from '../../lib/infra/foundation-stack.ts';
import { stageSettings } from '../../lib/infra/stage-settings.ts';
import {
  foundation,
  ingest,
  makeStacks,
  newApp,
  resources,
  resourcesIn,
  settings,
  sso,
  type TemplateResource,
  watch,
} from './synthesized.ts';

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

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** Statements of the roles whose policies are called so. */
const statementsOf = (name: string): readonly Statement[] =>
  resources('AWS::IAM::Policy')
    .filter(([id]) => id.startsWith(name))
    .flatMap(([, { Properties }]) => (Properties['PolicyDocument'] as { Statement: readonly Statement[] }).Statement);

const actionsOf = (statements: readonly Statement[], service: string): readonly string[] =>
  statements.flatMap(({ Action }) => Action).filter((action) => action.startsWith(`${service}:`));

describe('the table', () => {
  test('nobody but the purge may delete many rows, and who deletes none may delete none', () => {
    const may = (action: string) =>
      resources('AWS::IAM::Policy')
        .filter(([, { Properties }]) => JSON.stringify(Properties).includes(`"dynamodb:${action}"`))
        .map(([id]) => id.replace(/(Role)?DefaultPolicy.*$/, ''));
    expect(may('BatchWriteItem')).toEqual(['Retentionpurge']);
    expect(may('DeleteItem')).toEqual(['receive', 'plan', 'apply', 'Retentionpurge', 'Peopleadmin']);
    expect(may('PutItem')).toEqual(expect.arrayContaining(['watch', 'apply']));
  });

  test.each([
    ['Sftpsftpauth', ['GetItem'], [['SFTP#*'], ['D#*']]],
    ['Mailsnotify', ['GetItem', 'Query', 'UpdateItem'], [['D#*#MAILS'], ['D#*'], ['D#*#DELIVERIES']]],
  ])('%s has rows of named partitions, and nothing more', (name, actions, partitions) => {
    const statements = statementsOf(name).filter(({ Action }) => JSON.stringify(Action).includes('dynamodb:'));
    expect([...new Set(actionsOf(statements, 'dynamodb'))].sort()).toEqual(
      actions.map((action) => `dynamodb:${action}`),
    );
    const keys = statements.map(({ Condition }) => Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys']);
    expect(keys.map((each) => [each].flat())).toEqual(expect.arrayContaining(partitions));
    for (const { Condition, Resource } of statements) {
      const like = [Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys']].flat();
      expect(partitions).toContainEqual(like);
      // A district's own partition, and none of those below it.
      if (like[0] === 'D#*')
        expect(JSON.stringify(Condition)).toContain('"ForAllValues:StringNotLike":{"dynamodb:LeadingKeys":["D#*#*"]}');
      expect(JSON.stringify(Resource)).not.toContain('index');
    }
  });

  test('who only reads it may only decrypt with its key', () => {
    const keyActions = (name: string) => [...new Set(actionsOf(statementsOf(name), 'kms'))].sort();
    expect(keyActions('Sftpsftpauth')).toEqual(['kms:Decrypt', 'kms:DescribeKey']);
    expect(keyActions('apply')).toEqual(expect.arrayContaining(['kms:Encrypt', 'kms:ReEncryptTo']));
  });
});

describe('R22: the log of Transfer, the only one that names accounts and files', () => {
  const [server] = resources('AWS::Transfer::Server');
  const target = JSON.stringify(server?.[1].Properties['StructuredLogDestinations']);
  const groups = resources('AWS::Logs::LogGroup');
  const own = groups.filter(([id]) => target.includes(`"${id}"`));
  const days = ([, { Properties }]: (typeof groups)[number]) => Number(Properties['RetentionInDays']);

  test('has a key of ours, and is forgotten before every other', () => {
    expect(own).toHaveLength(1);
    expect(own[0]?.[1].Properties).toHaveProperty('KmsKeyId');
    const others = groups.filter(([id]) => id !== own[0]?.[0]);
    expect(others.length).toBeGreaterThan(8);
    for (const other of others) expect(days(own[0]!)).toBeLessThan(days(other));
  });

  test('is handed on to nobody, and nothing of it but counts gets into a metric', () => {
    expect(resources('AWS::Logs::SubscriptionFilter')).toEqual([]);
    const filters = resources('AWS::Logs::MetricFilter').filter(([, { Properties }]) =>
      JSON.stringify(Properties['LogGroupName']).includes(`"${own[0]?.[0]}"`),
    );
    expect(filters).toHaveLength(2);
    for (const [, { Properties }] of filters) {
      expect(Properties['FilterPattern']).toMatch(/^\{ \$\.activity-type = "[A-Z_]+" \}$/);
      expect(Properties['MetricTransformations']).toEqual([
        expect.objectContaining({ MetricValue: '1', MetricName: expect.stringMatching(/^[A-Za-z]+$/) }),
      ]);
      expect(JSON.stringify(Properties)).not.toContain('Dimensions');
    }
  });

  test('is in no query of the dashboard', () => {
    const [dashboard] = resources('AWS::CloudWatch::Dashboard');
    expect(JSON.stringify(dashboard)).toContain('SOURCE');
    expect(JSON.stringify(dashboard)).not.toContain(own[0]?.[0]);
  });
});

test('no metric takes more from a log than a count, and none has a dimension (R22)', () => {
  const values = resources('AWS::Logs::MetricFilter').flatMap(([, { Properties }]) =>
    (Properties['MetricTransformations'] as readonly { MetricValue: string; Dimensions?: unknown }[]).map((each) => {
      expect(each.Dimensions).toBeUndefined();
      return each.MetricValue;
    }),
  );
  expect([...new Set(values)].sort()).toEqual([
    '$.districts',
    '$.failedNow',
    '$.heldNow',
    '$.lateNow',
    '$.staleNow',
    '1',
  ]);
});

describe('so many calls at once and no more', () => {
  const unboundedOf = (templates: readonly Template[]) => {
    const sources = resourcesIn(templates, 'AWS::Lambda::EventSourceMapping');
    const isBounded = (id: string) =>
      sources.some(
        ([, { Properties }]) =>
          JSON.stringify(Properties['FunctionName']).includes(`"${id}"`) &&
          Number(Object(Properties['ScalingConfig'])['MaximumConcurrency']) > 0,
      );
    return resourcesIn(templates, 'AWS::Lambda::Function')
      .filter(([id, { Properties }]) => !(Number(Properties['ReservedConcurrentExecutions']) > 0 || isBounded(id)))
      .map(([id]) => id.replace(/Function.*$/, ''));
  };

  test('prod: holds for every function', () => {
    const { foundation, ingest, sso, watch } = makeStacks(stageSettings('prod'));
    const templates = [foundation, ingest, sso, watch].map((stack) => Template.fromStack(stack));
    expect(unboundedOf(templates)).toEqual([]);
    const reserved = (name: string) =>
      resourcesIn(templates, 'AWS::Lambda::Function').find(([id]) => id.startsWith(name))?.[1].Properties[
        'ReservedConcurrentExecutions'
      ];
    expect(reserved('watchFunction')).toBe(2);
  });

  test('dev: but for those that a new account could not reserve, which are acknowledged one by one', () => {
    expect(unboundedOf([foundation, ingest, sso, watch]).sort()).toEqual(['Sftpsftpauth', 'sso', 'watch']);
  });
});

describe('what foundation tells people', () => {
  test('is the server, where its DNS name must point, and the addresses for allow lists', () => {
    foundation.hasOutput('SftpServerId', { Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('Server'), 'ServerId'] } });
    foundation.hasOutput('SftpEndpoint', {
      Value: { 'Fn::Join': ['', [Match.anyValue(), '.server.transfer.us-east-1.amazonaws.com']] },
    });
    const { Value } = foundation.toJSON()['Outputs'].SftpAddresses;
    expect(JSON.stringify(Value).match(/PublicIp/g)).toHaveLength(settings.availabilityZones.length);
  });
});

describe('the domain of mails', () => {
  const identitiesOf = (identity: 'make' | 'exists') => {
    const changed = { ...settings, mail: { ...settings.mail, identity } };
    return Template.fromStack(makeStacks(changed).foundation).findResources('AWS::SES::EmailIdentity');
  };

  test('is made and kept by foundation: watch can be deleted and SES still knows the domain', () => {
    expect(Object.values(identitiesOf('make'))).toMatchObject([
      { Properties: { EmailIdentity: settings.mail.domain } },
    ]);
    expect(watch.findResources('AWS::SES::EmailIdentity')).toEqual({});
  });

  test('is left alone where the account has it already; the right to send is the same', () => {
    expect(identitiesOf('exists')).toEqual({});
    const send = statementsOf('Mailsnotify').filter(({ Action }) => Action === 'ses:SendEmail');
    expect(send.map(({ Resource }) => Resource)).toEqual([
      `arn:aws:ses:us-east-1:${settings.account}:identity/${settings.mail.domain}`,
    ]);
  });
});

describe('alarms', () => {
  const alarmOf = (heading: string) =>
    resources('AWS::CloudWatch::Alarm').filter(([, { Properties }]) =>
      String(Properties['AlarmDescription']).startsWith(`${heading}.`),
    );

  test('uploads that break off are added up over a quarter of an hour: a handful at night is enough', () => {
    expect(alarmOf('Uploads break off').map(([, { Properties }]) => Properties)).toMatchObject([
      { Period: 900, EvaluationPeriods: 1, Statistic: 'Sum', Threshold: 3 },
    ]);
  });

  test('a purge that stays away is noticed after the day in which it should have come', () => {
    const [alarm] = alarmOf('The purge does not run');
    const { Period, EvaluationPeriods, ...properties } = alarm?.[1].Properties ?? {};
    expect(properties).toMatchObject({
      MetricName: 'PurgeNights',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    });
    // Longer than a day, or a good stage would be alarmed between two nights.
    expect(Number(Period) * Number(EvaluationPeriods)).toBeGreaterThan(86_400);
  });
});
