import { districtSettingsSchema } from '../../lib/core/district/settings.ts';
import type { TransferAuthEvent } from '../../lib/core/district/sftp-login.ts';
import { authenticateSftp, type SftpLoginCode } from '../../lib/flows/authenticate-sftp.ts';
import type { SftpAccount } from '../../lib/ports/sftp-accounts.ts';

const ACCOUNT: SftpAccount = {
  districtId: 'maple-unified',
  username: 'maple-sftp',
  passwordHash: 'hash of right',
  publicKeys: ['ssh-ed25519 AAAA'],
  allowedCidrs: [],
};
const EVENT: TransferAuthEvent = {
  username: 'maple-sftp',
  password: 'right',
  protocol: 'SFTP',
  serverId: 's-00000000000000001',
  sourceIp: '203.0.113.7',
};
const SETTINGS = {
  roleArn: 'arn:aws:iam::123456789012:role/sftp',
  landingBucket: 'landing',
  landingKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/landing',
  homePrefix: (districtId: string) => `home/${districtId}/`,
};

/** Answers one event for one account, and says what else happened. */
async function ask(
  event: Partial<TransferAuthEvent>,
  account: Partial<SftpAccount> = {},
  settings: object | null = {},
) {
  const stored = { ...ACCOUNT, ...account };
  const checks: [string, string | null][] = [];
  const lookedUp: string[] = [];
  const decisions: { code: SftpLoginCode; districtId: string | null }[] = [];
  const response = await authenticateSftp(
    { ...EVENT, ...event },
    {
      accounts: { find: async (username) => (username === stored.username ? stored : null) },
      districts: {
        async get(districtId) {
          lookedUp.push(districtId);
          if (settings === null || districtId !== stored.districtId) return null;
          return { settings: districtSettingsSchema.parse({ districtId, name: 'Maple', ...settings }), version: 1 };
        },
      },
      passwords: {
        async verify(password, hash) {
          checks.push([password, hash]);
          return hash === `hash of ${password}`;
        },
      },
      settings: SETTINGS,
      report: (decision) => decisions.push(decision),
    },
  );
  return { response, checks, lookedUp, code: decisions[0]?.code, districtId: decisions[0]?.districtId };
}

const byKey = { password: '' };
const ranges = { allowedCidrs: ['198.51.100.0/24', '203.0.113.0/29'] };

test.each<[string, Partial<TransferAuthEvent>, Partial<SftpAccount>]>([
  ['the right password', {}, {}],
  ['the right password, no key on file', {}, { publicKeys: [] }],
  ['a key on file, password empty', byKey, {}],
  ['a key on file, no password set', byKey, { passwordHash: null }],
  ['an address of an allowed range', {}, ranges],
  ['an address of an allowed range, by key', byKey, ranges],
])('lets in: %s', async (_name, event, account) => {
  const { response, code, districtId } = await ask(event, account);
  expect(code).toBe('allowed');
  expect(districtId).toBe('maple-unified');
  expect(response).toMatchObject({
    Role: SETTINGS.roleArn,
    HomeDirectoryType: 'LOGICAL',
    HomeDirectoryDetails: '[{"Entry":"/","Target":"/landing/home/maple-unified"}]',
  });
});

test.each<[string, SftpLoginCode, Partial<TransferAuthEvent>, Partial<SftpAccount>]>([
  ['a wrong password', 'wrong-password', { password: 'wrong' }, {}],
  ['a password where none is set', 'wrong-password', {}, { passwordHash: null }],
  ['an unknown username', 'unknown-account', { username: 'elm-sftp' }, {}],
  ['the username in another case', 'unknown-account', { username: 'Maple-SFTP' }, {}],
  ['a username that Transfer does not know', 'bad-username', { username: 'm' }, { username: 'm' }],
  ['a key login without a key on file', 'no-public-key', byKey, { publicKeys: [] }],
  ['an address out of range', 'address-not-allowed', { sourceIp: '203.0.113.8' }, ranges],
  ['an address out of range, by key', 'address-not-allowed', { ...byKey, sourceIp: '2001:db8::1' }, ranges],
  ['a range that nobody can read', 'address-not-allowed', {}, { allowedCidrs: ['203.0.113.7/33'] }],
])('keeps out with an empty answer: %s', async (_name, expected, event, account) => {
  const { response, code } = await ask(event, account);
  expect(code).toBe(expected);
  expect(response).toEqual({});
});

test.each<[string, SftpLoginCode, Partial<TransferAuthEvent>, object | null]>([
  ['a suspended district (R14)', 'suspended', {}, { suspended: true }],
  ['a suspended district, by key (R14)', 'suspended', byKey, { suspended: true }],
  ['a district that was off-boarded (R22)', 'no-district', {}, null],
])('keeps out with an empty answer: %s', async (_name, expected, event, settings) => {
  const { response, code } = await ask(event, {}, settings);
  expect([code, response]).toEqual([expected, {}]);
});

test('public keys are only in the answer to a login without a password', async () => {
  expect((await ask({})).response).not.toHaveProperty('PublicKeys');
  expect((await ask(byKey)).response).toHaveProperty('PublicKeys', ACCOUNT.publicKeys);
});

test.each<[string, Partial<TransferAuthEvent>, Partial<SftpAccount>]>([
  ['nobody', { username: 'elm-sftp' }, {}],
  ['a username that cannot be', { username: '.' }, {}],
  ['a distant address', {}, { allowedCidrs: ['192.0.2.1'] }],
  ['an account without a password', {}, { passwordHash: null }],
])('the slow check and the same look-ups are also made for %s', async (_name, event, account) => {
  const { checks, lookedUp } = await ask(event, account);
  expect([checks, lookedUp]).toEqual([[expect.anything()], [expect.any(String)]]);
});

test('no decision names the username or the password (R22)', async () => {
  const { code, districtId } = await ask({ password: 'wrong' });
  expect(JSON.stringify({ code, districtId })).toBe('{"code":"wrong-password","districtId":"maple-unified"}');
});
