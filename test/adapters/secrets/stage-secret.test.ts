import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { newSignOnSecret } from '../../../lib/adapters/secrets/new-secret.ts';
import { createStageSecret, rotateStageSecret, type StageSecret } from '../../../lib/adapters/secrets/stage-secret.ts';
import { readSignOnSecret } from '../../../lib/core/sso/sign-on-secret.ts';
import { type StageAnswerer, startStageAnswerer } from '../../support/stage-answerer.ts';

const ID = 'arn:secret';
const MOVE = 'UpdateSecretVersionStage';
let answerer: StageAnswerer;
let client: SecretsManagerClient;
let mine: StageSecret;
let others: StageSecret;

beforeEach(async () => {
  answerer = await startStageAnswerer({ secrets: { [ID]: 'first' } });
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  const endpoint = answerer.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] ?? '';
  client = new SecretsManagerClient({ region: 'us-east-1', credentials, endpoint });
  mine = createStageSecret(client, ID);
  others = createStageSecret(client, ID);
});
afterEach(async () => {
  client.destroy();
  await answerer.close();
});

const add = (secret: StageSecret, word: string) =>
  secret.change((text) => ({ text: `${text} ${word}`, outcome: `added ${word}` }));

/** The labels of all versions that have one. */
const labels = async (): Promise<string[]> => {
  const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId: ID }));
  return Object.values(VersionIdsToStages).flat().sort();
};
const times = (operation: string): number => answerer.asked.filter((each) => each === operation).length;

test('a change is in force, the version before it is kept, and no label of ours stays', async () => {
  expect(await add(mine, 'mine')).toBe('added mine');
  expect(await mine.read()).toBe('first mine');
  expect(await labels()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
});

test('an edit that leaves the text as it is writes nothing', async () => {
  expect(await mine.change(() => ({ text: null, outcome: 'too-early' }))).toBe('too-early');
  expect(answerer.asked).toEqual(['GetSecretValue']);
});

describe('two at once', () => {
  test.each([['PutSecretValue'], [MOVE]])(
    'a change that comes before my %s is not lost; mine is refused',
    async (at) => {
      answerer.state.meanwhile[at] = () => add(others, 'theirs');
      await expect(add(mine, 'mine')).rejects.toMatchObject({ name: 'SecretChanged', code: 'secret-changed' });
      expect(await mine.read()).toBe('first theirs');
      expect(await labels()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
      await add(mine, 'mine');
      expect(await mine.read()).toBe('first theirs mine');
    },
  );

  test('one of many counts, or each after the other', async () => {
    const words = ['a', 'b', 'c', 'd'];
    const ended = await Promise.allSettled(words.map((word) => add(createStageSecret(client, ID), word)));
    const counted = words.filter((_, at) => ended[at]?.status === 'fulfilled');
    expect((await mine.read()).split(' ').toSorted()).toEqual(['first', ...counted].toSorted());
    expect(counted).not.toEqual([]);
  });
});

describe('an answer that is lost', () => {
  test.each([['PutSecretValue'], [MOVE]])('of %s: once in effect', async (operation) => {
    answerer.state.lost.add(operation);
    expect(await add(mine, 'mine')).toBe('added mine');
    expect(times(operation)).toBeGreaterThan(operation === MOVE ? 2 : 1);
    expect(await mine.read()).toBe('first mine');
    expect(await labels()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  test('of the move, and somebody builds on it before it is sent again: both count', async () => {
    answerer.state.lost.add(MOVE);
    answerer.state.meanwhile[MOVE] = async () => {
      // The hook of the second time that it comes.
      answerer.state.meanwhile[MOVE] = () => add(others, 'theirs');
    };
    expect(await add(mine, 'mine')).toBe('added mine');
    expect(await mine.read()).toBe('first mine theirs');
  });
});

test('who may not move labels changes nothing, and hears why', async () => {
  answerer.state.denied.add(MOVE);
  await expect(add(mine, 'mine')).rejects.toThrow(expect.objectContaining({ name: 'AccessDeniedException' }));
  expect(await mine.read()).toBe('first');
});

test('of two rotations at once one is refused, and no key is lost', async () => {
  const { secret } = newSignOnSecret(['imagine'], new Date(0));
  answerer.state.secrets[ID] = JSON.stringify({ ...secret, ofALaterVersion: true });
  answerer.state.meanwhile[MOVE] = () => rotateStageSecret(others, new Date());
  await expect(rotateStageSecret(mine, new Date())).rejects.toMatchObject({ code: 'secret-changed' });
  const text = await mine.read();
  expect(readSignOnSecret(text).signingKeys).toMatchObject({
    previous: secret.signingKeys.current,
    current: secret.signingKeys.next,
  });
  expect(JSON.parse(text)).toMatchObject({ ofALaterVersion: true });
  expect(await rotateStageSecret(mine, new Date())).toMatchObject({ done: 'too-early' });
});
