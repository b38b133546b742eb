import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { findStageNames, personOf, whoAmI } from '../../../lib/adapters/stages/stage-directory.ts';
import { type StageAnswerer, startStageAnswerer } from '../../support/stage-answerer.ts';
import { STAGE_NAMES } from '../../support/stage-names.ts';

let answerer: StageAnswerer;
let ssm: SSMClient;
let sts: STSClient;

beforeAll(async () => {
  answerer = await startStageAnswerer();
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  const config = { region: 'us-east-1', credentials, endpoint: answerer.env['AWS_ENDPOINT_URL_SSM'] ?? '' };
  ssm = new SSMClient(config);
  sts = new STSClient(config);
});
afterAll(async () => {
  ssm.destroy();
  sts.destroy();
  await answerer.close();
});

test('the names of a stage are in its one parameter', async () => {
  answerer.state.parameters['/rollcall/dev/names'] = JSON.stringify(STAGE_NAMES);
  expect(await findStageNames(ssm, 'dev')).toEqual(STAGE_NAMES);
  expect(await findStageNames(ssm, 'prod')).toBeNull();
});

test.each<[string, object, RegExp]>([
  ['no table', { table: undefined }, /lack table:/],
  ['an empty host', { sftpHost: '' }, /lack sftpHost:/],
  [
    'no queues',
    { queues: undefined },
    /queues\.uploads, queues\.plans, queues\.applies, queues\.notifications, queues\.purges/,
  ],
  ['no support', { support: undefined }, /support/],
  ['no addresses', { sftpAddresses: undefined }, /sftpAddresses/],
  ['no products', { productClientIds: 'one' }, /productClientIds/],
])('names with %s are refused, and said', async (_name, change, message) => {
  answerer.state.parameters['/rollcall/dev/names'] = JSON.stringify({ ...STAGE_NAMES, ...change });
  const hint = expect.stringContaining('npx cdk deploy rollcall-dev-watch -c stage=dev');
  const outdated = { code: 'stage-outdated', message: expect.stringMatching(message), hint };
  await expect(findStageNames(ssm, 'dev')).rejects.toMatchObject(outdated);
});

test('who gives commands is the session', async () => {
  expect(await whoAmI(sts)).toBe('rollcall-dev-operator/maria');
});

test.each<[string, string]>([
  [
    'arn:aws:sts::111122223333:assumed-role/rollcall-dev-admin/maria@vendor.example',
    'rollcall-dev-admin/maria@vendor.example',
  ],
  ['arn:aws-us-gov:iam::111122223333:user/ops/maria', 'ops/maria'],
  ['arn:aws:iam::111122223333:root', 'root'],
])('%s', (arn, person) => {
  expect(personOf(arn)).toBe(person);
});
