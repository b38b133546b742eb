import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { makeSftpAuthHandler } from '../../lambdas/sftp-auth/handler.ts';
import { wireSftpAuth } from '../../lambdas/sftp-auth/wire.ts';
import { dynamoSftpAccounts } from '../../lib/adapters/dynamodb/sftp-accounts.ts';
import { hashPassword } from '../../lib/adapters/passwords/scrypt.ts';
import { createRosterTableDefinition } from '../../lib/contracts/table-definition.ts';
import type { TransferAuthEvent } from '../../lib/core/district/sftp-login.ts';
import { type DynamoDbServer, startDynamoDbServer } from '../../lib/local/dynamodb/server.ts';
import type { SftpAccount } from '../../lib/ports/sftp-accounts.ts';

const ENV = { TABLE_NAME: 'rollcall', LANDING_BUCKET: 'landing', SFTP_ROLE_ARN: 'arn:aws:iam::123456789012:role/sftp' };
const EVENT: TransferAuthEvent = {
  username: 'maple-sftp',
  password: 'correct horse',
  protocol: 'SFTP',
  serverId: 's-00000000000000001',
  sourceIp: '203.0.113.7',
};

let server: DynamoDbServer;
let dynamodb: DynamoDBClient;
let account: SftpAccount;

beforeAll(async () => {
  server = await startDynamoDbServer({ dataDir: null });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  dynamodb = new DynamoDBClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
  await dynamodb.send(new CreateTableCommand(createRosterTableDefinition(ENV.TABLE_NAME)));
  account = {
    districtId: 'maple-unified',
    username: 'maple-sftp',
    passwordHash: await hashPassword('correct horse'),
    publicKeys: ['ssh-ed25519 AAAA one', 'ssh-rsa BBBB two'],
    allowedCidrs: ['203.0.113.0/24'],
    suspended: false,
  };
});
afterAll(async () => {
  dynamodb.destroy();
  await server.close();
});

describe('accounts in DynamoDB', () => {
  const accounts = () => dynamoSftpAccounts(dynamodb, ENV.TABLE_NAME);

  test('come back as they were saved', async () => {
    expect(await accounts().save(account)).toBe('saved');
    expect(await accounts().find('maple-sftp')).toEqual(account);
    const keysOnly = { ...account, passwordHash: null, allowedCidrs: [] };
    expect(await accounts().save(keysOnly)).toBe('saved');
    expect(await accounts().find('maple-sftp')).toEqual(keysOnly);
  });

  test('are not taken over by another district (R3)', async () => {
    await accounts().save(account);
    expect(await accounts().save({ ...account, districtId: 'elm-unified' })).toBe('taken');
    expect((await accounts().find('maple-sftp'))?.districtId).toBe('maple-unified');
  });

  test('can be removed twice', async () => {
    await accounts().save({ ...account, username: 'elm-sftp' });
    await accounts().remove('elm-sftp');
    await accounts().remove('elm-sftp');
    expect(await accounts().find('elm-sftp')).toBeNull();
  });

  test('that lost their list of addresses let nobody in', async () => {
    const Item = {
      pk: { S: 'SFTP#bad-sftp' },
      sk: { S: 'ACCOUNT' },
      districtId: { S: 'd' },
      suspended: { BOOL: false },
    };
    await dynamodb.send(new PutItemCommand({ TableName: ENV.TABLE_NAME, Item }));
    await expect(accounts().find('bad-sftp')).rejects.toThrow('damaged');
  });
});

describe('the identity provider function', () => {
  let printed: string[];
  beforeEach(async () => {
    printed = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((line) => printed.push(String(line)) > 0);
    await dynamoSftpAccounts(dynamodb, ENV.TABLE_NAME).save(account);
  });
  afterEach(() => jest.restoreAllMocks());
  const handle = (event: unknown) => makeSftpAuthHandler(wireSftpAuth(ENV, { dynamodb }))(event as TransferAuthEvent);

  test('answers Transfer, and logs a code and our own id only (R22)', async () => {
    expect(await handle(EVENT)).toMatchObject({
      Role: ENV.SFTP_ROLE_ARN,
      HomeDirectoryDetails: '[{"Entry":"/","Target":"/landing/home/maple-unified"}]',
    });
    expect(await handle({ ...EVENT, password: 'wrong horse' })).toEqual({});
    expect(await handle({ ...EVENT, username: 'nobody-sftp' })).toEqual({});
    expect(printed.map((line) => JSON.parse(line))).toEqual([
      { level: 'info', message: 'sftp-login', code: 'allowed', districtId: 'maple-unified' },
      { level: 'info', message: 'sftp-login', code: 'wrong-password', districtId: 'maple-unified' },
      { level: 'info', message: 'sftp-login', code: 'unknown-account' },
    ]);
  });

  test.each<[string, unknown]>([
    ['without a username', { ...EVENT, username: undefined }],
    ['with a username that is no text', { ...EVENT, username: { S: 'x' } }],
    ['without an address', { ...EVENT, sourceIp: undefined }],
  ])('refuses an event %s', async (_name, event) => {
    expect(await handle(event)).toEqual({});
  });

  test('does not start without its environment', () => {
    expect(() => wireSftpAuth({ TABLE_NAME: 'rollcall' })).toThrow(
      'LANDING_BUCKET is missing, SFTP_ROLE_ARN is missing',
    );
  });
});
