import { scryptPasswords } from '../adapters/passwords/scrypt.ts';
import type { DistrictSettings } from '../core/district/settings.ts';
import type { SftpAccount } from '../ports/sftp-accounts.ts';
import { checkRanges } from './district-login.ts';
import { assignSettings, readAssignments, saveSettings } from './district-settings.ts';
import { writeSheet } from './district-sheet.ts';
import { withTarget } from './district-target.ts';
import { CommandError, counted, printJson, printLine } from './output.ts';
import { readPublicKeyFiles } from './public-key-files.ts';
import type { Target, TargetOptions } from './target.ts';

/** Options of `district add`. */
export interface AddOptions extends TargetOptions {
  readonly json?: true;
  readonly name?: string;
  readonly firstSync?: string;
  readonly set?: readonly string[];
  readonly key: readonly string[];
  /** False: `--no-password`. */
  readonly password: boolean;
  readonly cidr: readonly string[];
  readonly out?: string;
}

/** An address of nobody (RFC 5737): for the test of a login that may come from anywhere. */
const SOME_ADDRESS = '192.0.2.1';

/** `rollcall district add`: settings, SFTP login and set-up sheet of a new district. */
export async function addDistrict(districtId: string, options: AddOptions): Promise<void> {
  const settings = assignSettings(
    {
      districtId,
      name: options.name,
      ...(options.firstSync === undefined ? {} : { firstSync: options.firstSync }),
    },
    readAssignments(options.set ?? []),
  );
  const publicKeys = await readPublicKeyFiles(options.key);
  const allowedCidrs = checkRanges(options.cidr);
  if (!options.password && publicKeys.length === 0) {
    throw new CommandError('bad-options', 'Without a password the login needs a key.', 'Give its file: --key FILE.pub');
  }
  await withTarget(
    options,
    async (target) => {
      // A district without a login is one whose `add` was interrupted: it goes on where it was.
      if ((await target.accounts.find(districtId)) !== null) {
        throw new CommandError('district-exists', `There is a district ${districtId} already.`, 'Use `district set`.');
      }
      await saveSettings(target, settings, 0);
      const password = options.password ? scryptPasswords.make() : null;
      const passwordHash = password === null ? null : await scryptPasswords.hash(password);
      const login: SftpAccount = { districtId, username: districtId, passwordHash, publicKeys, allowedCidrs };
      await target.accounts.save(login);
      const sftp = { username: districtId, password };
      // The password is said before anything else can go wrong: it is nowhere else.
      if (!options.json) sayLogin(districtId, sftp, publicKeys.length);
      const tried = await attempt(() => tryLogin(target, login, password));
      const sheet = await attempt(async () => (await writeSheet(target, settings, login, options.out)).written);
      if (!options.json) printLine(quietWords(settings));
      if (options.json) printJson({ district: settings, sftp, login: tried, sheet });
      else sayRest(tried, sheet, target.flags);
    },
    true,
  );
}

/** What came of something that must not undo what was done before it. `result` null: there is nobody to ask. */
type Attempt<T> = { readonly result: T | null } | { readonly problem: string };

async function attempt<T>(work: () => Promise<T | null>): Promise<Attempt<T>> {
  try {
    return { result: await work() };
  } catch (thrown) {
    return { problem: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

const LOGIN_WORDS = {
  true: 'The server lets this login in.',
  false: 'THE SERVER REFUSES THIS LOGIN. See the runbook, "SFTP logins are refused".',
} as const;

function sayRest(tried: Attempt<boolean>, sheet: Attempt<readonly string[]>, flags: string): void {
  if ('problem' in tried) printLine(`The login could not be tried: ${tried.problem}`);
  else if (tried.result !== null) printLine(LOGIN_WORDS[`${tried.result}`]);
  if ('problem' in sheet) printLine(`There is no set-up sheet yet: ${sheet.problem}`);
  else if (sheet.result === null) printLine(`Set-up sheet: rollcall district sheet ${flags}, while the stack runs.`);
  else printLine(`Set-up sheet, ready to send (the password goes separately): ${sheet.result.join(', ')}`);
}

/** Who uploads a first file by hand wonders why nothing happens. */
function quietWords({ quietSeconds }: DistrictSettings): string {
  const time = quietSeconds % 60 === 0 ? counted(quietSeconds / 60, 'minute') : counted(quietSeconds, 'second');
  return `An export is taken ${time} after its last file (quietSeconds); loose files without a manifest after ten times that.`;
}

function sayLogin(districtId: string, sftp: { username: string; password: string | null }, keys: number): void {
  printLine(`District ${districtId} added.`);
  const password = sftp.password === null ? 'no password' : `password ${sftp.password} (shown only now)`;
  printLine(`SFTP user ${sftp.username}, ${password}${keys === 0 ? '' : `, ${counted(keys, 'key')}`}.`);
}

/** Asks the server as a client of the district would: from an address that it may come from. */
function tryLogin(target: Target, { username, allowedCidrs }: SftpAccount, password: string | null) {
  const sourceIp = allowedCidrs[0]?.split('/')[0] ?? SOME_ADDRESS;
  return target.testLogin({ username, password, sourceIp });
}
