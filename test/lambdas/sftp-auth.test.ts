import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { makeSftpAuthHandler } from '../../lambdas/sftp-auth/handler.ts';
import { wireSftpAuth } from '../../lambdas/sftp-auth/wire.ts';
import { createDistricts } from '../../lib/adapters/dynamodb/districts.ts';
import { dynamoSftpAccounts } from '../../lib/adapters/dynamodb/sftp-accounts.ts';
import { createTableClient } from '../../lib/adapters/dynamodb/table-client.ts';
import { hashPassword } from '../../lib/adapters/passwords/scrypt.ts';
import { createRosterTableDefinition } from '../../lib/contracts/table-definition.ts';
import { districtSettingsSchema } from '../../lib/core/district/settings.ts';
import type { TransferAuthEvent } from '../../lib/core/district/sftp-login.ts';
import { type DynamoDbServer, startDynamoDbServer } from '../../lib/local/dynamodb/server.ts';
import type { SftpAccount } from '../../lib/ports/sftp-accounts.ts';

const ENV = {
  TABLE_NAME: 'rollcall',
  LANDING_BUCKET: 'landing',
  LANDING_KEY_ARN: 'arn:aws:kms:us-east-1:123456789012:key/landing',
  SFTP_ROLE_ARN: 'arn:aws:iam::123456789012:role/sftp',
};
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

  test('are changed by several people at once, and every change counts', async () => {
    await accounts().save({ ...account, publicKeys: [] });
    const add = (key: string) =>
      accounts().change('maple-sftp', (login) => ({ ...login, publicKeys: [...login.publicKeys, key] }));
    const keys = ['ssh-ed25519 A', 'ssh-ed25519 B', 'ssh-ed25519 C', 'ssh-ed25519 D'];
    expect(await Promise.all(keys.map(add))).toEqual(keys.map(() => 'saved'));
    expect((await accounts().find('maple-sftp'))?.publicKeys.toSorted()).toEqual(keys);
  });

  test('are not changed where there is none, nor where the change is refused', async () => {
    const edit = jest.fn((login: SftpAccount) => login);
    expect([await accounts().change('nobody-sftp', edit), edit.mock.calls]).toEqual(['gone', []]);
    await accounts().save(account);
    const refuse = () => {
      throw new Error('no');
    };
    await expect(accounts().change('maple-sftp', refuse)).rejects.toThrow('no');
    expect(await accounts().find('maple-sftp')).toEqual(account);
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
    };
    await dynamodb.send(new PutItemCommand({ TableName: ENV.TABLE_NAME, Item }));
    await expect(accounts().find('bad-sftp')).rejects.toThrow('damaged');
  });
});

describe('the identity provider function', () => {
  let printed: string[];
  beforeEach(async () => {
    printed = [];
    const stored = await districts().get('maple-unified');
    await districts().save(settingsOf({}), stored?.version ?? 0);
    jest.spyOn(process.stdout, 'write').mockImplementation((line) => printed.push(String(line)) > 0);
    await dynamoSftpAccounts(dynamodb, ENV.TABLE_NAME).save(account);
  });
  afterEach(() => jest.restoreAllMocks());
  const districts = () => createDistricts(createTableClient(dynamodb, ENV.TABLE_NAME));
  const settingsOf = (changed: object) =>
    districtSettingsSchema.parse({ districtId: 'maple-unified', name: 'Maple', ...changed });
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

  test('refuses a district that is suspended, from that moment on (R14)', async () => {
    const { version = 0 } = (await districts().get('maple-unified')) ?? {};
    await districts().save(settingsOf({ suspended: true }), version);
    expect(await handle(EVENT)).toEqual({});
    expect(await handle({ ...EVENT, password: '' })).toEqual({});
    await districts().save(settingsOf({ suspended: false }), version + 1);
    expect(await handle(EVENT)).toHaveProperty('Role');
    expect(printed.map((line) => (JSON.parse(line) as { code: string }).code)).toEqual([
      'suspended',
      'suspended',
      'allowed',
    ]);
  });

  test('refuses the login of a district that has no settings', async () => {
    const login = { ...account, districtId: 'elm-unified', username: 'elm-sftp' };
    await dynamoSftpAccounts(dynamodb, ENV.TABLE_NAME).save(login);
    expect(await handle({ ...EVENT, username: 'elm-sftp' })).toEqual({});
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
      'LANDING_BUCKET is missing, LANDING_KEY_ARN is missing, SFTP_ROLE_ARN is missing',
    );
  });
});
