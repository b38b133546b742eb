import { TransferClient } from '@aws-sdk/client-transfer';
import { newHostKeySecret, readHostKeySecret } from '../../../lib/adapters/transfer/host-key-secret.ts';
import { createSftpServerAdmin } from '../../../lib/adapters/transfer/sftp-server-admin.ts';
import { keepHostKeys } from '../../../lib/flows/keep-host-keys.ts';
import { asOpenSshReads, type StageAnswerer, startStageAnswerer } from '../../support/stage-answerer.ts';

const SERVER = 's-0123456789abcdef0';
const secret = readHostKeySecret(newHostKeySecret()) ?? [];
const wanted = secret.map(({ fingerprint }) => fingerprint).sort();
let answerer: StageAnswerer;
let client: TransferClient;

/** Keys as AWS makes them with a new server. */
const awsKeys = (readHostKeySecret(newHostKeySecret()) ?? []).map(({ privateKey }, at) => ({
  HostKeyId: `hostkey-aws${at}`,
  ...asOpenSshReads(privateKey),
}));

beforeEach(async () => {
  answerer = await startStageAnswerer({ hostKeys: [...awsKeys] });
  client = new TransferClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    endpoint: answerer.env['AWS_ENDPOINT_URL_TRANSFER'] ?? '',
  });
});
afterEach(async () => {
  client.destroy();
  await answerer.close();
});

const admin = () => createSftpServerAdmin(client, SERVER);
const shown = () => answerer.state.hostKeys.map(({ Fingerprint }) => Fingerprint).sort();
const writes = () => answerer.asked.filter((each) => /^(Import|Delete)/.test(each));

test('day 0: first what it would do, then ours are imported and those of AWS deleted, and the server is asked again', async () => {
  const dry = await keepHostKeys(admin(), secret, { dryRun: true });
  expect([dry.equal, dry.changes.imports.length, dry.changes.deletes.length]).toEqual([false, 3, 3]);
  expect([writes(), shown()]).toEqual([[], awsKeys.map(({ Fingerprint }) => Fingerprint).sort()]);

  expect((await keepHostKeys(admin(), secret, { dryRun: false })).equal).toBe(true);
  expect(shown()).toEqual(wanted);
  // No type is ever without a key.
  expect(writes()).toEqual([...Array(3).fill('ImportHostKey'), ...Array(3).fill('DeleteHostKey')]);
  expect(answerer.asked.at(-1)).toBe('ListHostKeys');
});

test('again, nothing is done', async () => {
  await keepHostKeys(admin(), secret, { dryRun: false });
  const before = writes().length;
  expect(await keepHostKeys(admin(), secret, { dryRun: false })).toEqual({
    equal: true,
    changes: { imports: [], deletes: [] },
  });
  expect(writes()).toHaveLength(before);
});

test('stopped in the middle, it goes on where it was', async () => {
  answerer.state.denied.add('DeleteHostKey');
  await expect(keepHostKeys(admin(), secret, { dryRun: false })).rejects.toThrow();
  answerer.state.denied.clear();
  expect((await keepHostKeys(admin(), secret, { dryRun: false })).equal).toBe(true);
  expect(answerer.asked.filter((each) => each === 'ImportHostKey')).toHaveLength(3);
  expect(shown()).toEqual(wanted);
});

test('a server that does not do what it was told is not taken for equal', async () => {
  const lying = { ...admin(), deleteHostKey: async () => {} };
  expect((await keepHostKeys(lying, secret, { dryRun: false })).equal).toBe(false);
});

test('a key that is gone already is fine', async () => {
  await admin().deleteHostKey('hostkey-aws0');
  await admin().deleteHostKey('hostkey-aws0');
  expect(answerer.state.hostKeys).toHaveLength(2);
});

describe('the test of a login', () => {
  const login = { username: 'maple', password: 'right', sourceIp: '203.0.113.7' };

  test('asks the identity provider as a client would', async () => {
    const events: unknown[] = [];
    answerer.state.authenticate = async (event) => {
      events.push(event);
      return { Role: 'arn:role', Policy: '{}', HomeDirectoryType: 'LOGICAL', HomeDirectoryDetails: '[]' };
    };
    expect(await admin().testLogin(login)).toBe(true);
    expect(await admin().testLogin({ ...login, password: null })).toBe(true);
    const event = { username: 'maple', protocol: 'SFTP', serverId: SERVER, sourceIp: '203.0.113.7' };
    expect(events).toEqual([
      { ...event, password: 'right' },
      { ...event, password: '' },
    ]);
  });

  test('an empty answer is a no', async () => {
    expect(await admin().testLogin(login)).toBe(false);
  });
});

test.each([
  ['ONLINE', true],
  ['OFFLINE', false],
  ['STARTING', false],
])('a server that is %s', async (state, expected) => {
  answerer.state.serverState = state;
  expect(await admin().isOnline()).toBe(expected);
});
