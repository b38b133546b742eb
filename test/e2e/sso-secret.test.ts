import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { hashClientSecret, newSignOnSecret } from '../../lib/adapters/secrets/new-secret.ts';
import { readSignOnSecret } from '../../lib/core/sso/sign-on-secret.ts';
import { type StageAnswerer, startStageAnswerer } from '../support/stage-answerer.ts';
import { STAGE_NAMES } from '../support/stage-names.ts';
import { cleanUp, type Ended, rollcall } from './rollcall-process.ts';

const ID = STAGE_NAMES.signOnSecret;
const PLACEHOLDER = '{"state":"not filled in","placeholder":"x"}';
const CLASSLINK = 'what-classlink-gave';
let answerer: StageAnswerer;

beforeAll(async () => {
  answerer = await startStageAnswerer({ parameters: { '/rollcall/dev/names': JSON.stringify(STAGE_NAMES) } });
});
beforeEach(() => {
  answerer.state.secrets[ID] = PLACEHOLDER;
  answerer.asked.splice(0);
});
afterAll(async () => {
  await answerer.close();
  await cleanUp();
});

const secretOf = () => readSignOnSecret(answerer.state.secrets[ID] ?? '');
const run = (args: readonly string[], input?: string): Promise<Ended> =>
  rollcall(['sso-secret', ...args, '--stage', 'dev', '--json'], {
    env: { ...answerer.env },
    ...(input === undefined ? {} : { input }),
  });
const make = (...more: readonly string[]) => run(['make', '--client-id', 'c123', ...more], `${CLASSLINK}\n`);
const errorOf = ({ json }: Ended) => json[0]?.['error'] as { readonly code: string; readonly hint: string };
const fill = () => {
  const { secret } = newSignOnSecret(['imagine'], new Date(0));
  answerer.state.secrets[ID] = JSON.stringify({ ...secret, ofALaterVersion: true });
  return secret;
};

describe('day 0', () => {
  test('all is made; the product gets its secret once, the stage keeps the hash', async () => {
    const ended = await make('--product', 'imagine');
    expect(ended).toMatchObject({ code: 0, stderr: '', json: [{ made: true }] });
    const { imagine = '' } = (ended.json[0]?.['clientSecrets'] ?? {}) as Readonly<Record<string, string>>;
    expect(secretOf()).toMatchObject({
      classLink: { clientId: 'c123', clientSecret: CLASSLINK },
      cookieKeys: [{}],
      clientSecretHashes: { imagine: [hashClientSecret(imagine)] },
    });
    expect(answerer.state.secrets[ID]).not.toContain(imagine);
    expect(ended.stdout).not.toContain(CLASSLINK);
  });

  test('without --product it is all products of the stage', async () => {
    await make();
    expect(Object.keys(secretOf().clientSecretHashes)).toEqual(STAGE_NAMES.productClientIds);
  });

  test('at a terminal the secret is asked for, and not shown', async () => {
    const command = 'node bin/rollcall.mjs sso-secret make --client-id c123 --stage dev';
    const child = promisify(execFile)('script', ['-qec', command, '/dev/null'], {
      env: { ...process.env, ...answerer.env },
    });
    child.child.stdout?.on('data', (said: string) => {
      if (said.includes('(not shown)')) child.child.stdin?.write(`${CLASSLINK}\r`);
    });
    const { stdout } = await child;
    expect(stdout).toMatch(/Product imagine, client secret \S{43} \(shown only now\)/);
    expect(stdout).not.toContain(CLASSLINK);
    expect(secretOf().classLink.clientSecret).toBe(CLASSLINK);
  });

  test.each<[string, readonly string[], string | undefined, string]>([
    ['no secret of ClassLink', ['make', '--client-id', 'c'], undefined, 'no-secret'],
    ['a blank one', ['make', '--client-id', 'c'], '\n', 'no-secret'],
    [
      'a product that the stage does not have',
      ['make', '--client-id', 'c', '--product', 'imagin'],
      'x',
      'unknown-product',
    ],
    ['a part of what is not there', ['product', 'add', 'imagine'], undefined, 'secret-empty'],
    ['ClassLink, before day 0', ['class-link', '--client-id', 'c'], 'x', 'secret-empty'],
  ])('%s changes nothing', async (_name, args, input, code) => {
    const ended = await run(args, input);
    expect(ended.code).toBe(2);
    expect(errorOf(ended)).toMatchObject({ code, hint: expect.stringMatching(/.+/) });
    expect(answerer.asked).not.toContain('PutSecretValue');
  });

  test('the local stack has its own', async () => {
    const ended = await rollcall(['sso-secret', 'make', '--client-id', 'c', '--local', '--json']);
    expect(errorOf(ended)).toMatchObject({ code: 'only-stages' });
  });
});

describe('a secret that is filled in', () => {
  test.each<[string, string]>([
    ['is', ''],
    ['is not readable, and not ours to throw away', '{"classLink":{}}'],
  ])('%s left alone', async (_name, text) => {
    if (text === '') fill();
    else answerer.state.secrets[ID] = text;
    const before = answerer.state.secrets[ID];
    expect(errorOf(await make())).toMatchObject({ code: 'secret-filled' });
    expect(answerer.state.secrets[ID]).toBe(before);
  });

  test('is replaced where that is said', async () => {
    const before = fill();
    expect(await make('--replace')).toMatchObject({ code: 0 });
    expect(secretOf().classLink.clientSecret).toBe(CLASSLINK);
    expect(secretOf().signingKeys.current).not.toEqual(before.signingKeys.current);
  });

  test('two who fill it in at once: one is refused, and the other stands', async () => {
    answerer.state.meanwhile['PutSecretValue'] = async () => void fill();
    expect(errorOf(await make())).toMatchObject({ code: 'secret-changed' });
    expect(secretOf().classLink.clientSecret).not.toBe(CLASSLINK);
  });

  test('gets a new secret of ClassLink, and everything else stays', async () => {
    const before = fill();
    expect(await run(['class-link', '--client-id', 'c9'], 'new\n')).toMatchObject({ code: 0 });
    expect(secretOf()).toEqual({ ...before, classLink: { clientId: 'c9', clientSecret: 'new' } });
    expect(answerer.state.secrets[ID]).toContain('ofALaterVersion');
  });
});

test('a product changes its secret with both in force, and never loses its last one', async () => {
  const before = fill();
  const [old = ''] = before.clientSecretHashes['imagine'] ?? [];
  const added = await run(['product', 'add', 'imagine']);
  const fresh = hashClientSecret(String(added.json[0]?.['clientSecret']));
  expect(secretOf()).toEqual({ ...before, clientSecretHashes: { imagine: [old, fresh] } });
  expect(errorOf(await run(['product', 'add', 'imagine']))).toMatchObject({ code: 'two-secrets' });
  expect(await run(['product', 'remove', 'imagine'])).toMatchObject({ code: 0, json: [{ count: 1 }] });
  expect(secretOf().clientSecretHashes).toEqual({ imagine: [fresh] });
  expect(errorOf(await run(['product', 'remove', 'imagine']))).toMatchObject({ code: 'last-secret' });
  expect(secretOf().clientSecretHashes).toEqual({ imagine: [fresh] });
});
