import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SftpSession } from './openssh.ts';
import { temporaryFolder } from './rollcall-process.ts';

/** How a district's person gets in: what stands on the sheet, and what was sent separately. */
export interface SheetLogin {
  /** The command of the sheet, as it stands there; `your-key` in it is a file's name that a person puts in. */
  readonly command: string;
  /** A fingerprint of the sheet. It is typed as the answer to OpenSSH's question, which accepts no other. */
  readonly fingerprint: string;
  readonly password?: string;
  /** File of a private key. */
  readonly identity?: string;
}

/** Runs the sheet's command as a careful person does: the host key is unknown, and compared with the sheet. */
export async function sheetSession(login: SheetLogin, commands: readonly string[]): Promise<SftpSession> {
  const folder = mkdtempSync(join(temporaryFolder(), 'sheet-'));
  const askpass = join(folder, 'askpass');
  // Asked a second time, the fingerprint was not the right one: a careful person goes no further.
  const answer = `#!/bin/sh
case "$1" in
*"is SHA256:"*) echo "$SHEET_FINGERPRINT";;
*fingerprint*) echo no;;
*) echo "$SHEET_PASSWORD";;
esac
`;
  writeFileSync(askpass, answer, { mode: 0o700 });
  writeFileSync(join(folder, 'batch'), `${commands.join('\n')}\n`);
  const [program = '', ...typed] = login.command
    .split(' ')
    .map((each) => (each === 'your-key' ? (login.identity ?? each) : each));
  const options = {
    BatchMode: 'no',
    NumberOfPasswordPrompts: '1',
    IdentityAgent: 'none',
    StrictHostKeyChecking: 'ask',
    UserKnownHostsFile: join(folder, 'known_hosts'),
    ...(login.identity === undefined
      ? { PreferredAuthentications: 'password' }
      : { PreferredAuthentications: 'publickey', IdentitiesOnly: 'yes' }),
  };
  const ours = ['-F', '/dev/null', ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])];
  const child = spawn(program, [...ours, '-b', join(folder, 'batch'), ...typed], {
    env: {
      ...process.env,
      SSH_ASKPASS: askpass,
      SSH_ASKPASS_REQUIRE: 'force',
      SHEET_FINGERPRINT: login.fingerprint,
      SHEET_PASSWORD: login.password ?? '',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (output += piece.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

/** What a person reads off the Markdown sheet: the commands, and the table of fingerprints. */
export function readSheet(markdown: string) {
  const commands = [...markdown.matchAll(/^```\n(sftp .*)\n```$/gm)].map(([, command = '']) => command);
  const command = commands.find((each) => !each.includes(' -i ')) ?? '';
  const keyCommand = commands.find((each) => each.includes(' -i ')) ?? '';
  const keys = [...markdown.matchAll(/^\| (\S+) \| `(SHA256:\S+)` \| `([^`]+)` \|$/gm)].map(
    ([, type = '', openSsh = '', winScp = '']) => ({ type, openSsh, winScp }),
  );
  const row = (name: string): string => new RegExp(`^\\| ${name} \\| (.*) \\|$`, 'm').exec(markdown)?.[1] ?? '';
  return { command, keyCommand, keys, row };
}
