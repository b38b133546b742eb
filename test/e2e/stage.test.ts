import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeSftpAuthHandler } from '../../lambdas/sftp-auth/handler.ts';
import { wireSftpAuth } from '../../lambdas/sftp-auth/wire.ts';
import { newSignOnSecret } from '../../lib/adapters/secrets/new-secret.ts';
import { newHostKeySecret, readHostKeySecret } from '../../lib/adapters/transfer/host-key-secret.ts';
import type { StageNames } from '../../lib/contracts/stage-names.ts';
import { LOCAL } from '../../lib/local/names.ts';
import { openClients } from '../../lib/local/stack.ts';
import { asOpenSshReads, type StageAnswerer, startStageAnswerer } from '../support/stage-answerer.ts';
import { STAGE_NAMES } from '../support/stage-names.ts';
import { sftp } from './openssh.ts';
import {
  cleanUp,
  type Ended,
  type RunningStack,
  rollcall,
  startLocal,
  temporaryFolder,
  until,
} from './rollcall-process.ts';
import { readSheet } from './sheet-session.ts';

const folder = temporaryFolder();
const data = join(folder, 'data');
const zip = join(folder, 'day-1.zip');
let stack: RunningStack;
let answerer: StageAnswerer;
let clients: ReturnType<typeof openClients>;

/** The local stack, found as a stage is: by its parameter, through the AWS SDK's own endpoint variables. */
const stage = (...args: readonly string[]): Promise<Ended> => {
  const { dynamodb, s3, sqs } = stack.ready.endpoints;
  const env = { AWS_ENDPOINT_URL_DYNAMODB: dynamodb, AWS_ENDPOINT_URL_S3: s3, AWS_ENDPOINT_URL_SQS: sqs };
  return rollcall([...args, '--stage', 'dev', '--json'], { env: { ...answerer.env, ...env } });
};
const one = async (...args: readonly string[]) => (await stage(...args)).json[0] ?? {};

function namesOf({ sqs }: RunningStack['ready']['endpoints']): StageNames {
  const queue = (name: string) => ({
    url: `${sqs}/${LOCAL.account}/${name}`,
    arn: `arn:aws:sqs:${LOCAL.region}:${LOCAL.account}:${name}`,
    deadUrl: `${sqs}/${LOCAL.account}/${name}-dead`,
    deadArn: `arn:aws:sqs:${LOCAL.region}:${LOCAL.account}:${name}-dead`,
  });
  const { uploads, plans, applies, notifications, purges } = LOCAL.queues;
  return {
    ...STAGE_NAMES,
    table: LOCAL.table,
    landingBucket: LOCAL.landingBucket,
    archiveBucket: LOCAL.archiveBucket,
    queues: {
      uploads: queue(uploads),
      plans: queue(plans),
      applies: queue(applies),
      notifications: queue(notifications),
      purges: queue(purges),
    },
    productClientIds: [LOCAL.product.clientId],
  };
}

beforeAll(async () => {
  await rollcall(['generate', folder, '--students', '40', '--seed', '5', '--zip']);
  stack = await startLocal(['--data', data, '--quiet-seconds', '1', '--export', zip]);
  expect(await stack.nextSync()).toMatchObject({ state: 'applied' });
  clients = openClients(stack.ready.endpoints);
  const env = {
    TABLE_NAME: LOCAL.table,
    LANDING_BUCKET: LOCAL.landingBucket,
    LANDING_KEY_ARN: LOCAL.landingKeyArn,
    SFTP_ROLE_ARN: LOCAL.sftpRoleArn,
  };
  const logger = { info: () => {}, warn: () => {}, error: () => {} };
  const awsKeys = (readHostKeySecret(newHostKeySecret()) ?? []).map(({ privateKey }, at) => ({
    HostKeyId: `hostkey-aws${at}`,
    ...asOpenSshReads(privateKey),
  }));
  answerer = await startStageAnswerer({
    parameters: { '/rollcall/dev/names': JSON.stringify(namesOf(stack.ready.endpoints)) },
    secrets: {
      [STAGE_NAMES.hostKeysSecret]: '{"state":"not filled in","placeholder":"x"}',
      [STAGE_NAMES.signOnSecret]: JSON.stringify(newSignOnSecret(['imagine'], new Date(0)).secret),
    },
    hostKeys: awsKeys,
    authenticate: makeSftpAuthHandler(wireSftpAuth(env, { dynamodb: clients.dynamodb, logger })),
  });
});
afterAll(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await answerer.close();
  await cleanUp();
});

describe('host-keys', () => {
  test('an empty secret is no reason to do anything, until someone says so', async () => {
    expect(await stage('host-keys')).toMatchObject({ code: 2, json: [{ error: { code: 'no-host-keys' } }] });
    const made = { equal: false, done: false, makes: { length: 3 }, imports: [], deletes: { length: 3 } };
    expect(await stage('host-keys', '--make')).toMatchObject({ code: 1, json: [made] });
    for (const change of ['PutSecretValue', 'ImportHostKey', 'DeleteHostKey'])
      expect(answerer.asked).not.toContain(change);
  });

  test('without its keys on the server no sheet is made, and nothing of the district is lost', async () => {
    const added = await one('district', 'add', 'oak-hill', '--name', 'Oak Hill', '--out', folder);
    expect(added).toMatchObject({
      sftp: { password: expect.any(String) },
      login: { result: true },
      sheet: { problem: expect.stringContaining('host keys') },
    });
    const sheet = await stage('district', 'sheet', 'oak-hill', '--out', folder);
    expect(sheet).toMatchObject({ code: 2, json: [{ error: { code: 'host-keys-differ' } }] });
    expect(sheet.json[0]).toMatchObject({ error: { hint: expect.stringContaining('rollcall host-keys --stage dev') } });
    expect(existsSync(join(folder, 'oak-hill-set-up.md'))).toBe(false);
  });

  test('day 0: keys are made, imported, and those of AWS deleted; then the server shows the secret', async () => {
    const { code, json, stdout } = await stage('host-keys', '--make', '--yes');
    expect([code, json]).toMatchObject([0, [{ equal: true, imports: { length: 3 }, deletes: { length: 3 } }]]);
    expect(stdout).not.toContain('PRIVATE');
    const shown = answerer.state.hostKeys.map(({ Fingerprint }) => Fingerprint);
    expect(json[0]).toMatchObject({ keys: shown.map((fingerprint) => ({ fingerprint })) });
  });

  test('later: what somebody added is told first, and goes with --yes', async () => {
    const [stray] = readHostKeySecret(newHostKeySecret()) ?? [];
    answerer.state.hostKeys.unshift({ HostKeyId: 'hostkey-stray', ...asOpenSshReads(stray?.privateKey ?? '') });
    const dry = await stage('host-keys');
    expect(dry).toMatchObject({ code: 1, json: [{ equal: false, done: false, deletes: [{ id: 'hostkey-stray' }] }] });
    expect(answerer.state.hostKeys).toHaveLength(4);
    expect(await stage('host-keys', '--yes')).toMatchObject({ code: 0, json: [{ equal: true }] });
    expect(answerer.state.hostKeys).toHaveLength(3);
    expect(await stage('host-keys')).toMatchObject({ code: 0, json: [{ imports: [], deletes: [] }] });
  });
});

describe('a district of a stage', () => {
  test('its sheet says the host of the stage, and the fingerprints of the secret', async () => {
    const { json } = await stage('district', 'sheet', 'oak-hill', '--out', folder);
    expect(json[0]).toMatchObject({ sheet: [join(folder, 'oak-hill-set-up.md'), expect.any(String)] });
    const page = readFileSync(join(folder, 'oak-hill-set-up.md'), 'utf8');
    const sheet = readSheet(page);
    expect(sheet.command).toBe(`sftp -P 22 oak-hill@${STAGE_NAMES.sftpHost}`);
    expect(sheet.keys.map(({ openSsh }) => openSsh)).toEqual(
      answerer.state.hostKeys.map(({ Fingerprint }) => Fingerprint),
    );
    const [first = ''] = STAGE_NAMES.sftpAddresses;
    expect(page).toContain(`firewall wants them: \`${first}\``);
    expect(page).toContain(`Call \`${STAGE_NAMES.support.phone}\``);
    expect(sheet.row('Launch URL')).toBe(`\`${STAGE_NAMES.signOnUrl}/launch\``);
  });

  test('its login is tried from an address that it may come from', async () => {
    const added = await one(
      'district',
      'add',
      'elm-town',
      '--name',
      'Elm',
      '--cidr',
      '203.0.113.0/24',
      '--out',
      folder,
    );
    expect(added).toMatchObject({ login: { result: true }, sheet: { result: expect.any(Array) } });
    const suspended = await one(
      'district',
      'add',
      'ash-bay',
      '--name',
      'Ash',
      '--set',
      'suspended=true',
      '--out',
      folder,
    );
    expect(suspended).toMatchObject({ login: { result: false } });
  });

  test('a server that is down, or that may not be asked, does not cost the password', async () => {
    answerer.state.serverState = 'OFFLINE';
    answerer.state.denied.add('TestIdentityProvider');
    const added = await one('district', 'add', 'fir-ridge', '--name', 'Fir', '--out', folder);
    expect(added).toMatchObject({
      sftp: { password: expect.any(String) },
      login: { problem: expect.any(String) },
      sheet: { problem: expect.stringContaining('not online') },
    });
    answerer.state.serverState = 'ONLINE';
    answerer.state.denied.clear();
  });
});

test('commands reach the functions of the stage, in the name of the session', async () => {
  const { password } = (await one('district', 'password', 'oak-hill'))['sftp'] as { password: string };
  await stage('district', 'set', 'oak-hill', 'quietSeconds=1');
  const account = { ...stack.ready.sftp, username: 'oak-hill', password };
  expect(await sftp(account, [`put ${zip} /day-1.zip`])).toMatchObject({ code: 0 });
  const held = await until('the first plan is held', async () => {
    const syncs = (await one('syncs', 'oak-hill'))['syncs'] as readonly { id: string; state: string }[];
    return syncs.find(({ state }) => state === 'held');
  });
  expect((await one('holds'))['holds']).toEqual([expect.objectContaining({ id: held.id })]);
  expect(await stage('approve', held.id, '--why', 'counts are right')).toMatchObject({ code: 0 });
  expect((await one('sync', held.id))['sync']).toMatchObject({
    state: 'applied',
    decision: { verdict: 'approved', who: 'rollcall-dev-operator/maria' },
  });
  expect((await one('roster', 'oak-hill', '--out', join(folder, 'out')))['records']).toMatchObject({ orgs: 2 });
  expect(await one('redrive', '--dry-run')).toMatchObject({ redriven: false, messages: { plans: 0 } });
});

test('a district leaves by the order of the session, and its certificate names who gave it', async () => {
  const { rows } = await one('district', 'offboard', 'oak-hill');
  expect(rows).toMatchObject({ org: 2, state: expect.any(Number) });
  const { state: _, ...found } = rows as Readonly<Record<string, number>>;
  expect(await stage('district', 'offboard', 'oak-hill', '--yes-delete', 'oak-hill')).toMatchObject({
    code: 0,
    json: [{ deleted: true, certificate: { deleted: { rows: found }, order: { who: 'rollcall-dev-operator/maria' } } }],
  });
  expect(await stage('district', 'show', 'oak-hill')).toMatchObject({
    json: [{ error: { code: 'unknown-district' } }],
  });
});

test('sso-keys are those of the secret', async () => {
  expect((await one('sso-keys', 'show'))['keys']).toMatchObject([{ role: 'current' }, { role: 'next' }]);
  // Somebody else puts another client's hash in while these keys are made.
  answerer.state.meanwhile['PutSecretValue'] = async () => {
    const secret = JSON.parse(answerer.state.secrets[STAGE_NAMES.signOnSecret] ?? '{}') as object;
    answerer.state.secrets[STAGE_NAMES.signOnSecret] = JSON.stringify({ ...secret, ofSomebodyElse: true });
  };
  expect(await stage('sso-keys', 'rotate')).toMatchObject({
    code: 2,
    json: [{ error: { code: 'secret-changed', hint: expect.stringContaining('again') } }],
  });
  const before = JSON.parse(answerer.state.secrets[STAGE_NAMES.signOnSecret] ?? '{}') as Record<string, unknown>;
  expect(before).toMatchObject({ ofSomebodyElse: true });
  expect(await one('sso-keys', 'rotate')).toMatchObject({ rotated: true });
  const after = JSON.parse(answerer.state.secrets[STAGE_NAMES.signOnSecret] ?? '{}') as Record<string, unknown>;
  expect({ ...after, signingKeys: null }).toEqual({ ...before, signingKeys: null });
  expect((after['signingKeys'] as { current: unknown }).current).toEqual(
    (before['signingKeys'] as { next: unknown }).next,
  );
  expect(await stage('sso-keys', 'rotate')).toMatchObject({ code: 1, json: [{ rotated: false }] });
});

describe('what is not there is said in words', () => {
  test.each<[string, string[], Record<string, string>, string]>([
    ['no such stage', ['district', 'list', '--stage', 'prod'], {}, 'unknown-stage'],
    ['both kinds at once', ['district', 'list', '--stage', 'dev', '--local'], {}, 'no-target'],
    ['no installation', ['district', 'list'], {}, 'no-target'],
    ['no Region', ['district', 'list', '--stage', 'dev'], { AWS_REGION: '' }, 'no-region'],
    ['host keys of the local stack', ['host-keys', '--local'], {}, 'only-stages'],
    ['host keys of no stage', ['host-keys'], {}, 'no-target'],
  ])('%s', async (_name, args, env, code) => {
    const home = { HOME: folder, AWS_CONFIG_FILE: join(folder, 'none'), AWS_EC2_METADATA_DISABLED: 'true' };
    const ended = await rollcall([...args, '--json'], { env: { ...answerer.env, ...home, ...env } });
    expect(ended).toMatchObject({ code: 2, json: [{ error: { code, hint: expect.stringMatching(/.+/) } }] });
  });

  test('a parameter of an earlier version', async () => {
    const name = '/rollcall/dev/names';
    const now = answerer.state.parameters[name] ?? '';
    const { support: _, ...before } = JSON.parse(now) as Record<string, unknown>;
    answerer.state.parameters[name] = JSON.stringify(before);
    expect(await stage('district', 'list')).toMatchObject({
      code: 2,
      json: [{ error: { code: 'stage-outdated', hint: expect.stringContaining('rollcall-dev-watch') } }],
    });
    answerer.state.parameters[name] = now;
  });

  test('no right to change the server', async () => {
    answerer.state.denied.add('ListHostKeys');
    expect(await stage('host-keys')).toMatchObject({ code: 2, json: [{ error: { code: 'access-denied' } }] });
    answerer.state.denied.clear();
  });

  test('no right to read the names', async () => {
    answerer.state.denied.add('GetParameter');
    expect(await stage('district', 'list')).toMatchObject({ code: 2, json: [{ error: { code: 'access-denied' } }] });
    answerer.state.denied.clear();
  });
});
