import { newHostKeySecret, readHostKeySecret } from '../../../lib/adapters/transfer/host-key-secret.ts';
import { makeSshKeyPair } from '../../../lib/local/sftp/ssh-key-pair.ts';
import { asOpenSshReads } from '../../support/stage-answerer.ts';

test('new keys are what OpenSSH reads them as, of all three types', () => {
  const keys = readHostKeySecret(newHostKeySecret()) ?? [];
  expect(keys.map(({ type, bits }) => [type, bits])).toEqual([
    ['ssh-ed25519', 256],
    ['ecdsa-sha2-nistp256', 256],
    ['ssh-rsa', 3072],
  ]);
  for (const { type, fingerprint, privateKey } of keys) {
    expect(asOpenSshReads(privateKey)).toEqual({ Type: type, Fingerprint: fingerprint });
  }
});

test('keys that ssh-keygen wrote, in OpenSSH format, are read too', () => {
  const pairs = { ed25519: makeSshKeyPair('ed25519'), ecdsa: makeSshKeyPair('ecdsa'), rsa: makeSshKeyPair('rsa') };
  const secret = Object.fromEntries(Object.entries(pairs).map(([name, { privateKey }]) => [name, privateKey]));
  for (const key of readHostKeySecret(JSON.stringify(secret)) ?? []) {
    expect(asOpenSshReads(key.privateKey).Fingerprint).toBe(key.fingerprint);
  }
});

test('the placeholder of the stack holds no keys', () => {
  expect(readHostKeySecret('{"state":"not filled in","placeholder":"x"}')).toBeNull();
});

const good = JSON.parse(newHostKeySecret()) as Record<string, string>;
test.each<[string, string]>([
  ['no JSON', 'ssh-ed25519'],
  ['a list', '[]x'],
  ['a missing key', JSON.stringify({ ...good, rsa: undefined })],
  ['a key of another type', JSON.stringify({ ...good, rsa: good['ecdsa'] })],
  ['a damaged key', JSON.stringify({ ...good, ed25519: good['ed25519']?.replace(/[A-Za-z0-9]{40}/, '') })],
  ['a number', JSON.stringify({ ...good, rsa: 7 })],
])('a secret with %s is damaged, and no value is said', (_name, text) => {
  const read = () => readHostKeySecret(text);
  expect(read).toThrow(expect.objectContaining({ name: 'HostKeySecretDamaged' }));
  expect(read).not.toThrow(/PRIVATE/);
});
