import { scryptPasswords } from '../adapters/passwords/scrypt.ts';
import { isAddressRange } from '../core/district/address-range.ts';
import type { SftpAccount } from '../ports/sftp-accounts.ts';
import { type AskOptions, mayGoOn } from './ask.ts';
import { districtOf, withTarget } from './district-target.ts';
import { CommandError, formatTable, printJson, printLine } from './output.ts';
import { fingerprintOf, readPublicKeyFiles, withoutTooMany } from './public-key-files.ts';
import type { Target, TargetOptions } from './target.ts';

type Options = TargetOptions & AskOptions;

/** `rollcall district password DISTRICT`: a new password, shown once. The old one is refused from now on. */
export async function renewPassword(districtId: string, options: Options): Promise<void> {
  await withTarget(options, async (target) => {
    await districtOf(target, districtId);
    const before = await target.accounts.find(districtId);
    if (before !== null && !(await mayGoOn('The old password stops working at once. Go on?', options))) {
      return printLine('Nothing was changed.');
    }
    const password = scryptPasswords.make();
    const passwordHash = await scryptPasswords.hash(password);
    const username = districtId;
    if (before !== null) await change(target, districtId, (login) => ({ ...login, passwordHash }));
    // Its `district add` was interrupted between the settings and the login: this makes it.
    else await target.accounts.save({ districtId, username, passwordHash, publicKeys: [], allowedCidrs: [] });
    if (options.json) printJson({ district: districtId, sftp: { username, password } });
    else printLine(`SFTP user ${username}, password ${password} (shown only now).`);
  });
}

/** What `district keys` and `district addresses` do with their values. */
export const LIST_ACTIONS = ['list', 'add', 'remove'] as const;
type ListAction = (typeof LIST_ACTIONS)[number];

/** `rollcall district keys DISTRICT list|add FILE…|remove FINGERPRINT…`. */
export async function keepKeys(
  districtId: string,
  action: ListAction,
  values: readonly string[],
  options: Options,
): Promise<void> {
  demandValues(action, values, 'district keys maple add key.pub, or district keys maple remove SHA256:…');
  const added = action === 'add' ? await readPublicKeyFiles(values) : [];
  await withTarget(options, async (target) => {
    const edit = (login: SftpAccount): SftpAccount => {
      if (action === 'add') {
        return { ...login, publicKeys: withoutTooMany([...new Set([...login.publicKeys, ...added])]) };
      }
      const kept = withoutNamed(login.publicKeys, values, fingerprintOf, 'key');
      return demandWayIn({ ...login, publicKeys: kept });
    };
    const { publicKeys } = await changed(target, districtId, action, edit);
    const keys = publicKeys.map((line) => ({ type: line.split(' ')[0] ?? '', fingerprint: fingerprintOf(line) }));
    if (options.json) printJson({ district: districtId, keys });
    else if (keys.length === 0) printLine('No keys: the login has a password only.');
    else printLine(formatTable(['type', 'fingerprint'], keys.map(Object.values)));
  });
}

/** `rollcall district addresses DISTRICT list|add CIDR…|remove CIDR…`: where the login may come from. */
export async function keepAddresses(
  districtId: string,
  action: ListAction,
  values: readonly string[],
  options: Options,
): Promise<void> {
  demandValues(action, values, 'district addresses maple add 203.0.113.0/24');
  if (action === 'add') checkRanges(values);
  await withTarget(options, async (target) => {
    const { allowedCidrs } = await changed(target, districtId, action, (login) => {
      if (action === 'add') return { ...login, allowedCidrs: [...new Set([...login.allowedCidrs, ...values])] };
      const kept = withoutNamed(login.allowedCidrs, values, (cidr) => cidr, 'address');
      if (kept.length > 0) return { ...login, allowedCidrs: kept };
      const message = 'Without any address the login could come from anywhere. Nothing was changed.';
      throw new CommandError('last-address', message, 'If that is meant, add 0.0.0.0/0 and ::/0 first.');
    });
    if (options.json) printJson({ district: districtId, addresses: allowedCidrs });
    else printLine(allowedCidrs.length === 0 ? 'From anywhere.' : allowedCidrs.join('\n'));
  });
}

/** Refuses what no address can be compared with: it would lock the district out. */
export function checkRanges(cidrs: readonly string[]): readonly string[] {
  const wrong = cidrs.filter((cidr) => !isAddressRange(cidr));
  if (wrong.length === 0) return [...new Set(cidrs)];
  const hint = 'For example 203.0.113.0/24, 203.0.113.7 or 2001:db8::/32.';
  throw new CommandError('bad-address', `Not an address or a range of addresses: ${wrong.join(', ')}.`, hint);
}

function demandValues(action: ListAction, values: readonly string[], example: string): void {
  if (action === 'list' || values.length > 0) return;
  throw new CommandError(
    'usage',
    `What is to be ${action === 'add' ? 'added' : 'removed'}?`,
    `For example: ${example}`,
  );
}

function withoutNamed(
  all: readonly string[],
  named: readonly string[],
  nameOf: (each: string) => string,
  thing: string,
): readonly string[] {
  const unknown = named.filter((name) => !all.some((each) => nameOf(each) === name));
  if (unknown.length === 0) return all.filter((each) => !named.includes(nameOf(each)));
  const message = `The login has no such ${thing}: ${unknown.join(', ')}. Nothing was changed.`;
  throw new CommandError(`unknown-${thing}`, message, 'See which there are with `list`.');
}

function demandWayIn(login: SftpAccount): SftpAccount {
  if (login.passwordHash !== null || login.publicKeys.length > 0) return login;
  const message = 'The login has no password: without this key nobody could come in. Nothing was changed.';
  throw new CommandError('last-key', message, 'Add the new key first, or suspend the district.');
}

async function changed(
  target: Target,
  districtId: string,
  action: ListAction,
  edit: (login: SftpAccount) => SftpAccount,
): Promise<SftpAccount> {
  await loginOf(target, districtId);
  if (action !== 'list') await change(target, districtId, edit);
  return loginOf(target, districtId);
}

/** The SFTP login of a district; a `CommandError` where there is none. */
export async function loginOf(target: Target, districtId: string): Promise<SftpAccount> {
  await districtOf(target, districtId);
  const login = await target.accounts.find(districtId);
  if (login?.districtId === districtId) return login;
  throw noLogin(districtId);
}

async function change(target: Target, districtId: string, edit: (login: SftpAccount) => SftpAccount): Promise<void> {
  if ((await target.accounts.change(districtId, edit)) === 'gone') throw noLogin(districtId);
}

const noLogin = (districtId: string): CommandError =>
  new CommandError(
    'no-login',
    `${districtId} has no SFTP login.`,
    'Its `district add` was interrupted: `district password` makes one.',
  );
