import type { AuthContext } from 'ssh2';
import ssh2 from 'ssh2';
import { decideLogin } from '../../../lib/local/sftp/authentication.ts';
import { makeSshKeyPair } from '../../../lib/local/sftp/ssh-key-pair.ts';

const ORIGIN = { serverId: 's-00000000000000001', sourceIp: '127.0.0.1' };
const pair = makeSshKeyPair('rsa');
const GRANT = {
  Role: 'arn:aws:iam::000000000000:role/sftp',
  Policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}',
  HomeDirectoryType: 'LOGICAL' as const,
  HomeDirectoryDetails: '[{"Entry":"/","Target":"/landing/home/maple"}]',
  PublicKeys: [pair.publicKey],
};

function parsed(text: string) {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) throw key;
  return key;
}
const key = { algo: 'ssh-rsa', data: parsed(pair.publicKey).getPublicSSH() };
const blob = Buffer.from('what the client signs');
const signed = (hash: string) => parsed(pair.privateKey).sign(blob, hash);

/** Contexts that no client library sends on its own. */
test.each<[string, object, boolean]>([
  ['an empty password, which the provider would take for a key login', { method: 'password', password: '' }, false],
  ['a key enquiry', { method: 'publickey', key, hashAlgo: 'sha512' }, true],
  ['a signature', { method: 'publickey', key, blob, hashAlgo: 'sha512', signature: signed('sha512') }, true],
  ['a SHA-1 signature', { method: 'publickey', key, blob, signature: signed('sha1') }, false],
  ['no bytes that were signed', { method: 'publickey', key, hashAlgo: 'sha512', signature: signed('sha512') }, false],
  [
    'a signature of something else',
    { method: 'publickey', key, blob: Buffer.from('else'), hashAlgo: 'sha512', signature: signed('sha512') },
    false,
  ],
  ['a method that Transfer does not have', { method: 'keyboard-interactive' }, false],
])('%s', async (_name, context, allowed) => {
  const grant = await decideLogin({ username: 'maple', ...context } as AuthContext, ORIGIN, async () => GRANT);
  expect(grant !== null).toBe(allowed);
});
