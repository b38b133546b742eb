import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planHostKeys, winScpFingerprint } from '../../../lib/core/district/host-keys.ts';
import { readSshPublicKey } from '../../../lib/core/district/ssh-public-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;
/** A key as ssh-keygen makes it. */
function keyOf(type: string, bits: number): { readonly line: string; readonly file: string } {
  const file = join(folder, `key-${++made}`);
  execFileSync('ssh-keygen', [
    '-q',
    '-t',
    type,
    '-b',
    String(bits),
    '-N',
    '',
    '-C',
    'maria@district.example',
    '-f',
    file,
  ]);
  return { line: readFileSync(`${file}.pub`, 'utf8'), file };
}

test.each([
  ['ed25519', 256, 'ssh-ed25519'],
  ['ecdsa', 256, 'ecdsa-sha2-nistp256'],
  ['ecdsa', 384, 'ecdsa-sha2-nistp384'],
  ['ecdsa', 521, 'ecdsa-sha2-nistp521'],
  ['rsa', 2048, 'ssh-rsa'],
  ['rsa', 3072, 'ssh-rsa'],
])('%s of %i bits is read, without its comment', (type, bits, name) => {
  const { line } = keyOf(type, bits);
  expect(readSshPublicKey(line)).toEqual({ line: line.split(' ').slice(0, 2).join(' '), type: name, bits });
});

const { line, file } = keyOf('ed25519', 256);
const [type = '', body = ''] = line.split(' ');

test.each<[string, string, RegExp]>([
  ['the private key', readFileSync(file, 'utf8'), /private key: keep it/],
  ['a key in SSH2 format', '---- BEGIN SSH2 PUBLIC KEY ----\nAAAA', /ssh-keygen -i/],
  ['DSA', `ssh-dss ${body}`, /no public key of these types/],
  ['a line of authorized_keys with options', `command="x" ${line}`, /no public key/],
  ['a cut key', `${type} ${body.slice(0, -8)}`, /damaged/],
  [
    'a key with something behind it',
    `${type} ${Buffer.concat([Buffer.from(body, 'base64'), Buffer.of(0, 0, 0, 0)]).toString('base64')}`,
    /damaged/,
  ],
  ['another type in front', `ssh-rsa ${body}`, /damaged/],
  ['no key', type, /damaged/],
  ['what is no base64', `${type} ${'!'.repeat(68)}`, /damaged/],
  ['nothing', '', /no public key/],
])('%s is refused with words', (_name, text, message) => {
  expect(readSshPublicKey(text)).toMatch(message);
});

test('a short RSA key is refused', () => {
  expect(readSshPublicKey(keyOf('rsa', 1024).line)).toMatch(/too short: 1024 bits/);
});

test('WinSCP shows type, its own bits, and base64 with padding', () => {
  const fingerprint = 'SHA256:2EPqmpSRaRtUIqwvm15rzavssrhHxJ3avJWh9mBaz8M';
  expect(winScpFingerprint({ type: 'ssh-rsa', bits: 2048, fingerprint })).toBe(
    'ssh-rsa 2048 2EPqmpSRaRtUIqwvm15rzavssrhHxJ3avJWh9mBaz8M=',
  );
  expect(winScpFingerprint({ type: 'ssh-ed25519', bits: 256, fingerprint })).toMatch(/^ssh-ed25519 255 /);
});

test('a key of ours that is not the oldest of its type: the older ones go, ours stays', () => {
  const ours = { type: 'ssh-rsa', bits: 3072, fingerprint: 'SHA256:ours' };
  const server = [
    { id: '1', type: 'ssh-rsa', fingerprint: 'SHA256:aws' },
    { id: '2', type: 'ssh-rsa', fingerprint: 'SHA256:ours' },
  ];
  expect(planHostKeys(server, [ours])).toEqual({ imports: [], deletes: [server[0]] });
});
