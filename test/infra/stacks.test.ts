import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { RollcallFunction } from '../../lib/infra/rollcall-function.ts';
import { SYNC_METRICS } from '../../lib/infra/watch-syncs.ts';
import { foundation, ingest, resources, settings, sso, stacks, type TemplateResource, watch } from './synthesized.ts';

// One file, because each test file would synthesise the stacks anew, and that is the slow part.

describe('the table', () => {
  test('has a time to live, deletion protection, point-in-time recovery and a key of its own', () => {
    foundation.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      Replicas: [
        Match.objectLike({
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: Match.objectLike({ PointInTimeRecoveryEnabled: true }),
          SSESpecification: { KMSMasterKeyId: Match.anyValue() },
        }),
      ],
    });
  });

  test('has the two indexes, with all attributes', () => {
    const index = (name: string) => ({
      IndexName: name,
      KeySchema: [
        { AttributeName: `${name}pk`, KeyType: 'HASH' },
        { AttributeName: `${name}sk`, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    });
    foundation.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [index('gsi1'), index('gsi2')],
    });
  });
});

describe('the SFTP server', () => {
  test('names its security policy: without the name AWS takes that of 2018', () => {
    foundation.hasResourceProperties('AWS::Transfer::Server', {
      SecurityPolicyName: 'TransferSecurityPolicy-2025-03',
      Protocols: ['SFTP'],
    });
  });

  test('asks sftp-auth who may come in, by password or key, and nobody else may call that function', () => {
    foundation.hasResourceProperties('AWS::Transfer::Server', {
      IdentityProviderType: 'AWS_LAMBDA',
      IdentityProviderDetails: {
        Function: { 'Fn::GetAtt': [Match.stringLikeRegexp('sftpauth'), 'Arn'] },
        SftpAuthenticationMethods: 'PUBLIC_KEY_OR_PASSWORD',
      },
    });
    foundation.resourceCountIs('AWS::Lambda::Permission', 1);
    foundation.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'transfer.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('Server'), 'Arn'] },
    });
  });

  test('bears with clients that set times, lists folders fast, and writes its log as JSON', () => {
    foundation.hasResourceProperties('AWS::Transfer::Server', {
      ProtocolDetails: { SetStatOption: 'ENABLE_NO_OP' },
      S3StorageOptions: { DirectoryListingOptimization: 'ENABLED' },
      StructuredLogDestinations: [Match.anyValue()],
    });
  });

  test('has an address in each zone that stays when the stack goes', () => {
    const addresses = resources('AWS::EC2::EIP');
    expect(addresses).toHaveLength(settings.availabilityZones.length);
    for (const [, address] of addresses) expect(address.DeletionPolicy).toBe('RetainExceptOnCreate');
  });
});

interface LifecycleRule {
  readonly Prefix?: string;
  readonly ExpirationInDays?: number;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
}

describe('the buckets', () => {
  const buckets = resources('AWS::S3::Bucket');

  test.each(buckets)('%s is versioned, closed to the public and has its own key', (_, bucket) => {
    expect(bucket.Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
      },
    });
  });

  test.each(buckets)('%s refuses plain HTTP and old TLS', (id) => {
    const policy = resources('AWS::S3::BucketPolicy').find(([, each]) =>
      JSON.stringify(each.Properties['Bucket']).includes(`"${id}"`),
    );
    expect(JSON.stringify(policy)).toContain('"aws:SecureTransport":"false"');
    expect(JSON.stringify(policy)).toContain('"NumericLessThan":{"s3:TlsVersion":1.2}');
  });

  test('share no key with each other or with a queue: that would be a cycle', () => {
    const keys = [
      ...buckets.map(([, bucket]) => /"KMSMasterKeyID":(\{.*?\})/.exec(JSON.stringify(bucket))?.[1]),
      ...resources('AWS::SQS::Queue').flatMap(([, queue]) => JSON.stringify(queue.Properties['KmsMasterKeyId']) ?? []),
    ];
    // Two buckets, and one key for each of two queues and its dead letters: uploads and notifications.
    expect(keys).toHaveLength(6);
    expect(new Set(keys).size).toBe(4);
  });

  describe('notify the uploads queue', () => {
    const landing = buckets.find(([, { Properties }]) => Properties['NotificationConfiguration']);
    const bucketArn = `arn:aws:s3:::${landing?.[1].Properties['BucketName']}`;
    const fromBucket = {
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Condition: {
        ArnEquals: { 'aws:SourceArn': bucketArn },
        StringEquals: { 'aws:SourceAccount': settings.account },
      },
    };

    test('of every new object below home/, however it was written, by the bucket itself and no function', () => {
      expect(buckets.filter(([, { Properties }]) => Properties['NotificationConfiguration'])).toHaveLength(1);
      expect(landing?.[1].Properties).toMatchObject({
        BucketName: `rollcall-dev-landing-${settings.account}`,
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              Event: 's3:ObjectCreated:*',
              Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'home/' }] } },
              Queue: { 'Fn::GetAtt': [expect.stringMatching(/^UploadsQueue/), 'Arn'] },
            },
          ],
        },
      });
      foundation.resourceCountIs('Custom::S3BucketNotifications', 0);
    });

    test('with a right of this bucket in this account alone, on the queue and on its key', () => {
      const queue = { 'Fn::GetAtt': [Match.stringLikeRegexp('^UploadsQueue'), 'Arn'] };
      foundation.hasResourceProperties('AWS::SQS::QueuePolicy', {
        PolicyDocument: Match.objectLike({
          Statement: Match.arrayWith([{ ...fromBucket, Action: 'sqs:SendMessage', Resource: queue }]),
        }),
      });
      foundation.hasResourceProperties('AWS::KMS::Key', {
        Description: 'Rollcall: Uploads queue',
        KeyPolicy: Match.objectLike({
          Statement: Match.arrayWith([
            { ...fromBucket, Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '*' },
          ]),
        }),
      });
    });

    test('once that right is there: S3 tries the queue when the bucket is made', () => {
      const [policy] = resources('AWS::SQS::QueuePolicy').filter(([, { Properties }]) =>
        JSON.stringify(Properties).includes('s3.amazonaws.com'),
      );
      expect(JSON.stringify(policy?.[1].Properties['Queues'])).toContain('"UploadsQueue');
      expect(Object(landing?.[1])['DependsOn']).toContain(policy?.[0]);
    });
  });

  test.each(['home/', 'deliveries/'])('R22: nothing below %s outlives the days of the stage', (prefix) => {
    const rules = buckets.flatMap(
      ([, bucket]) => (bucket.Properties['LifecycleConfiguration'] as { Rules: readonly LifecycleRule[] }).Rules,
    );
    const rule = rules.find((each) => each.Prefix === prefix && each.ExpirationInDays);
    const days = (rule?.ExpirationInDays ?? 0) + (rule?.NoncurrentVersionExpiration?.NoncurrentDays ?? 0);
    expect(days).toBe(settings.exportDays);
  });
});

/** How a template names something, in its own stack or by an output of the other. */
interface Pointer {
  readonly 'Fn::GetAtt'?: readonly [string, string];
  readonly 'Fn::GetStackOutput'?: { readonly OutputName: string };
}

describe('the queues', () => {
  const queues = resources('AWS::SQS::Queue');
  const mappings = resources('AWS::Lambda::EventSourceMapping');
  const queueOf = (source: Pointer) =>
    queues.find(([id]) => source['Fn::GetAtt']?.[0] === id || source['Fn::GetStackOutput']?.OutputName.includes(id));

  test('are five with a dead-letter queue each', () => {
    expect(queues.filter(([, queue]) => queue.Properties['RedrivePolicy'])).toHaveLength(5);
    expect(queues).toHaveLength(10);
  });

  test.each(mappings)('%s: a message stays hidden for six times the time of its function', (_, mapping) => {
    const { EventSourceArn, FunctionName } = mapping.Properties as {
      EventSourceArn: Pointer;
      FunctionName: { Ref: string };
    };
    const lambda = resources('AWS::Lambda::Function').find(([id]) => id === FunctionName.Ref)?.[1];
    const timeout = Number(lambda?.Properties['Timeout']);
    expect(timeout).toBeGreaterThan(0);
    const hidden = Number(queueOf(EventSourceArn)?.[1].Properties['VisibilityTimeout']);
    expect(hidden).toBeGreaterThanOrEqual(6 * timeout);
  });

  test.each(mappings)('%s: each message has its own fate, and the number of workers is limited', (_, mapping) => {
    expect(mapping.Properties).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: expect.any(Number) },
    });
  });

  test.each(queues)('%s is encrypted and refuses plain HTTP', (id, queue) => {
    const { KmsMasterKeyId, SqsManagedSseEnabled } = queue.Properties;
    expect(Boolean(KmsMasterKeyId) || SqsManagedSseEnabled === true).toBe(true);
    const policy = resources('AWS::SQS::QueuePolicy').find(([, each]) =>
      JSON.stringify(each.Properties['Queues']).includes(`"${id}"`),
    );
    expect(JSON.stringify(policy)).toContain('"aws:SecureTransport":"false"');
  });
});

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** Written, but its stack is a later change. Empty this list, do not lengthen it. */
const NOT_YET_DEPLOYED: readonly string[] = [];

describe('the functions', () => {
  const ours = Object.values(stacks)
    .flatMap((stack) => stack.node.findAll())
    .filter((node) => node instanceof RollcallFunction);
  const deployed = resources('AWS::Lambda::Function');

  test('are the folders of lambdas/, no more and no fewer', () => {
    const entries = readdirSync(join(import.meta.dirname, '../../lambdas'), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    const expected = folders.filter((name) => !NOT_YET_DEPLOYED.includes(name)).sort();
    expect(ours.map((each) => each.node.id).sort()).toEqual(expected);
    expect(deployed).toHaveLength(ours.length);
  });

  test.each(deployed)('%s runs on arm64 and Node 24, is traced, and has its own log group', (_, lambda) => {
    expect(lambda.Properties).toMatchObject({
      Architectures: ['arm64'],
      Runtime: 'nodejs24.x',
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogGroup: expect.anything() },
    });
  });

  test('keep their logs for the days of the stage', () => {
    for (const [, lambda] of deployed) {
      const { LogGroup } = lambda.Properties['LoggingConfig'] as { LogGroup: { Ref: string } };
      const group = resources('AWS::Logs::LogGroup').find(([id]) => id === LogGroup.Ref);
      expect(group?.[1].Properties['RetentionInDays']).toBe(settings.logDays);
    }
  });

  test('only the functions that work off a queue may lead back to themselves', () => {
    const allowed = deployed.filter(([, lambda]) => lambda.Properties['RecursiveLoop'] === 'Allow').map(([id]) => id);
    expect(allowed.map((id) => id.replace(/Function.*/, '')).sort()).toEqual([
      'Retentionpurge',
      'apply',
      'plan',
      'receive',
    ]);
  });

  test('have no wildcard in an action, and in a resource only behind a prefix or for X-Ray', () => {
    const statements = resources('AWS::IAM::Policy').flatMap(
      ([, policy]) => (policy.Properties['PolicyDocument'] as { Statement: readonly Statement[] }).Statement,
    );
    expect(statements.length).toBeGreaterThan(20);
    const prefix =
      /^"arn:aws:s3:::rollcall-dev-(landing|archive)-\d{12}\/(home|deliveries|plans)\/\*"$|^"arn:aws:transfer:us-east-1:\d{12}:host-key\/\*"$/;
    for (const { Action, Resource } of statements) {
      const actions = [Action].flat();
      expect(actions.join()).not.toContain('*');
      const wild = [Resource].flat().filter((each) => JSON.stringify(each).includes('*'));
      const expected = actions.every((action) => action.startsWith('xray:')) ? /^"\*"$/ : prefix;
      for (const each of wild) expect(JSON.stringify(each)).toMatch(expected);
    }
  });

  test.each([
    ['sftpauth', /s3:|PutItem|DeleteItem/],
    ['receive', /\/plans\//],
    ['plan', /landing|s3:DeleteObject/],
    ['apply', /landing|s3:PutObject|s3:DeleteObject|\/deliveries\//],
    ['watch', /s3:|sqs:(Receive|Delete|Purge)/],
    ['purge', /s3:(Get|Put)Object|secretsmanager|events:|(Plans|Applies|Uploads)Queue/],
    ['Peopleoperator', /PutItem|UpdateItem|DeleteItem|BatchWrite|PutObject|DeleteObject|secretsmanager|transfer:/],
    ['Peopleadmin', /BatchWrite|s3:/],
    ['sso', /s3:|sqs:|PutItem|DeleteItem|Batch|ConditionCheck|gsi2|secretsmanager:(?!GetSecretValue)/],
  ])('%s reaches only what its work needs', (name, forbidden) => {
    const policy = resources('AWS::IAM::Policy').find(([id]) => id.startsWith(name) || id.includes(`${name}Role`));
    expect(JSON.stringify(policy)).toContain('dynamodb:GetItem');
    expect(JSON.stringify(policy)).not.toMatch(forbidden);
  });
});

describe('the watch', () => {
  test('runs every 15 minutes, and nothing but its schedule may call it', () => {
    const target = { 'Fn::GetAtt': [Match.stringLikeRegexp('^watchFunction'), 'Arn'] };
    watch.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(15 minutes)',
      State: 'ENABLED',
      Targets: [Match.objectLike({ Arn: target })],
    });
    const callers = Object.values(watch.findResources('AWS::Lambda::Permission'));
    expect(callers.filter((each) => JSON.stringify(each).includes('"watchFunction'))).toHaveLength(1);
    watch.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'events.amazonaws.com',
      FunctionName: target,
      SourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('Rule'), 'Arn'] },
    });
  });

  test('is over before the next one starts, and is not repeated: the next one does the same work', () => {
    watch.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 900,
    });
    watch.hasResourceProperties('AWS::Lambda::Function', { Timeout: 300 });
  });

  test('may send to uploads, plans and applies, and to no other queue', () => {
    const statements = Object.entries(watch.findResources('AWS::IAM::Policy')).flatMap(
      ([id, policy]): readonly Statement[] =>
        id.startsWith('watchRole') ? policy['Properties'].PolicyDocument.Statement : [],
    );
    const sends = statements.filter(({ Action }) => JSON.stringify(Action).includes('sqs:'));
    expect(sends.flatMap(({ Action }) => Action)).toEqual(sends.map(() => 'sqs:SendMessage'));
    const queues = JSON.stringify(sends.map(({ Resource }) => Resource));
    expect(queues.match(/(Plans|Applies|Uploads)Queue/g)?.sort()).toEqual([
      'AppliesQueue',
      'PlansQueue',
      'UploadsQueue',
    ]);
  });
});

describe("Transfer's word that an upload failed (R16)", () => {
  const idOf = (part: string) => resources('AWS::SQS::Queue').find(([id]) => id.startsWith(part))?.[0] ?? '';
  const [queue, dead] = [idOf('UploadsQueue'), idOf('UploadsDeadLetters')];
  const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

  test('goes from the default bus to the uploads queue, that of our own server only', () => {
    foundation.hasResourceProperties('AWS::Events::Rule', {
      // Services of AWS speak on no other bus.
      EventBusName: Match.absent(),
      State: 'ENABLED',
      EventPattern: {
        source: ['aws.transfer'],
        'detail-type': ['SFTP Server File Upload Failed'],
        detail: { 'server-id': [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^SftpServer'), 'ServerId'] }] },
      },
      Targets: [{ Arn: arn(queue), DeadLetterConfig: { Arn: arn(dead) }, Id: Match.anyValue() }],
    });
  });

  test.each([
    // The CDK names the account where a queue has a key of ours, as the key does, and the rule where it can.
    [queue, /"aws:SourceAccount":"\d{12}"/],
    [dead, /"aws:SourceArn":\{"Fn::GetAtt":\["FailedUploads/],
  ])('its rule may write to %s, and nobody from outside', (id, condition) => {
    const statements = resources('AWS::SQS::QueuePolicy')
      .filter(([, { Properties }]) => JSON.stringify(Properties['Queues']).includes(`"${id}"`))
      .flatMap(([, { Properties }]) => (Properties['PolicyDocument'] as { Statement: readonly Statement[] }).Statement)
      .filter((each) => JSON.stringify(each).includes('events.amazonaws.com'));
    expect(statements).toHaveLength(1);
    expect([statements[0]?.Action].flat()).toContain('sqs:SendMessage');
    expect(JSON.stringify(statements[0])).toMatch(condition);
  });

  test('EventBridge may use the key of the queue, for this account alone', () => {
    const key = resources('AWS::KMS::Key').find(([id]) => id.startsWith('UploadsKey'))?.[1];
    const policy = key?.Properties['KeyPolicy'] as { Statement: readonly Statement[] } | undefined;
    const statements = policy?.Statement ?? [];
    const ours = statements.filter((each) => JSON.stringify(each).includes('events.amazonaws.com'));
    expect(ours.length).toBeGreaterThan(0);
    for (const each of ours) expect(JSON.stringify(each)).toContain('"aws:SourceAccount"');
    const actions = ours.flatMap(({ Action }) => Action).join(' ');
    expect(actions).toMatch(/kms:GenerateDataKey/);
    expect(actions).toMatch(/kms:Decrypt/);
  });
});

describe('mails', () => {
  const idOf = (part: string) => resources('AWS::SQS::Queue').find(([id]) => id.startsWith(part))?.[0] ?? '';
  const [queue, dead] = [idOf('MailsNotificationsQueue'), idOf('MailsNotificationsDeadLetters')];
  const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

  test('wait in a queue for their function, so that what failed can be sent back; the rule calls no function', () => {
    watch.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['rollcall'] },
      Targets: [{ Arn: arn(queue), DeadLetterConfig: { Arn: arn(dead) }, Id: Match.anyValue() }],
    });
    watch.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: arn(queue),
      FunctionName: { Ref: Match.stringLikeRegexp('^Mailsnotify') },
    });
    expect(JSON.stringify(watch.findResources('AWS::Lambda::Permission'))).not.toContain('Mailsnotify');
  });

  test('the rule may write to the queue and to its dead letters, and use their key', () => {
    for (const id of [queue, dead]) {
      const policies = resources('AWS::SQS::QueuePolicy').filter(([, { Properties }]) =>
        JSON.stringify(Properties['Queues']).includes(`"${id}"`),
      );
      expect(JSON.stringify(policies)).toContain('"Principal":{"Service":"events.amazonaws.com"}');
    }
    const key = resources('AWS::KMS::Key').find(([id]) => id.startsWith('MailsNotificationsKey'));
    expect(JSON.stringify(key)).toContain('"Principal":{"Service":"events.amazonaws.com"}');
  });

  test('are sent back by operators', () => {
    const all = resources('AWS::IAM::Policy')
      .filter(([id]) => id.startsWith('Peopleoperator'))
      .flatMap(([, { Properties }]) => (Properties['PolicyDocument'] as { Statement: readonly Statement[] }).Statement);
    const about = (id: string) => all.filter(({ Resource }) => JSON.stringify(Resource).includes(`"${id}"`));
    expect(about(dead).flatMap(({ Action }) => Action)).toContain('sqs:StartMessageMoveTask');
    expect(about(queue).flatMap(({ Action }) => Action)).toContain('sqs:SendMessage');
  });
});

test('everything that holds data or that districts have pinned stays when the stack goes', () => {
  expect(stacks.foundation.terminationProtection).toBe(true);
  const kept = [
    'DynamoDB::GlobalTable',
    'S3::Bucket',
    'KMS::Key',
    'SQS::Queue',
    'Transfer::Server',
    'Logs::LogGroup',
    'SecretsManager::Secret',
    'SES::EmailIdentity',
    'Events::EventBus',
    'EC2::EIP',
  ];
  for (const type of kept) {
    const found = resources(`AWS::${type}`);
    expect(found.length).toBeGreaterThan(0);
    // Taken back where the creation of the stack fails, so that the next try finds no name taken. A table that is protected
    // from deletion cannot be taken back: the failed stack would be stuck.
    const policy = type === 'DynamoDB::GlobalTable' ? 'Retain' : 'RetainExceptOnCreate';
    for (const [id, resource] of found) {
      expect([id, resource.DeletionPolicy, resource.UpdateReplacePolicy]).toEqual([id, policy, 'Retain']);
    }
  }
});

test('nothing with a name that we chose is left behind by a creation that fails', () => {
  const all = [foundation, ingest, sso, watch].flatMap((template) => Object.entries(template.toJSON()['Resources']));
  const isNamed = ({ Properties = {} }: TemplateResource) =>
    Object.keys(Properties).some((key) => /^((Bucket|Table|Queue|EventBus|LogGroup)?Name|EmailIdentity)$/.test(key));
  const named = (all as [string, TemplateResource][]).filter(([, resource]) => isNamed(resource));
  expect(named.map(([, { Type }]) => Type)).toEqual(
    expect.arrayContaining(['AWS::S3::Bucket', 'AWS::Events::EventBus', 'AWS::SES::EmailIdentity']),
  );
  expect(named.filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain').map(([id]) => id)).toEqual([]);
});

test('what other stacks than foundation keep has the logical ids that it always had: the pipeline’s check looks at foundation alone', () => {
  const kept = /^AWS::(SQS::Queue|KMS::Key|SecretsManager::Secret)$/;
  const idsOf = (template: typeof foundation) =>
    Object.entries(template.toJSON()['Resources'] as Record<string, TemplateResource>)
      .filter(([, { Type }]) => kept.test(Type))
      .map(([id]) => id)
      .sort();
  // A changed one is a new and empty resource; its old one is left behind with what is in it (docs/operations.md, Upgrades).
  expect(idsOf(ingest)).toEqual([
    'AppliesDeadLetters11577263',
    'AppliesQueueBCF1A222',
    'PlansDeadLettersC2A9FAC0',
    'PlansQueue5062BDB3',
  ]);
  expect(idsOf(sso)).toEqual(['SignOnKeyEE7F3BC0', 'SignOnSecretB578D0C5']);
  expect(idsOf(watch)).toEqual([
    'MailsNotificationsDeadLetters0F74B703',
    'MailsNotificationsKey12D63ED0',
    'MailsNotificationsQueueD49316F0',
    'RetentionPurgesDeadLettersF2B4A872',
    'RetentionPurgesQueueF8E12941',
  ]);
});

test('every outcome that people look for on the dashboard is counted, by the function that tells it', () => {
  const counted = resources('AWS::Logs::MetricFilter').map(([, { Properties }]) => {
    const [{ MetricName }] = Properties['MetricTransformations'] as [{ readonly MetricName: string }];
    return `${MetricName} ${Properties['FilterPattern']}`;
  });
  for (const type of ['blocked', 'incomplete'])
    expect(counted).toContain(
      `Deliveries${type[0]?.toUpperCase()}${type.slice(1)} { $.message = "rollcall.delivery.${type}" }`,
    );
  const [[, dashboard]] = resources('AWS::CloudWatch::Dashboard') as [ReturnType<typeof resources>[number]];
  const shown = JSON.stringify(dashboard.Properties['DashboardBody']);
  for (const metric of Object.values(SYNC_METRICS)) expect(shown).toContain(metric);
});
