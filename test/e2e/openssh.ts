import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './rollcall-process.ts';

/** Where OpenSSH's `sftp` goes, and as whom. */
export interface Account {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/** How a session ended: 0 where every command worked. */
export interface SftpSession {
  readonly code: number | null;
  readonly output: string;
}

/** Runs OpenSSH's `sftp` with a list of commands; the first one that fails ends it. */
export async function sftp(account: Account, commands: readonly string[]): Promise<SftpSession> {
  const child = startSftp(account, commands);
  let output = '';
  const keep = (piece: Buffer) => {
    output += piece.toString('utf8');
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

/** The same, not waited for. `limitKilobits`: kilobits a second (`sftp -l`). */
export function startSftp(account: Account, commands: readonly string[], limitKilobits?: number): ChildProcess {
  const folder = mkdtempSync(join(temporaryFolder(), 'ssh-'));
  const askpass = join(folder, 'askpass');
  // What asks for a password on a terminal asks this program instead.
  writeFileSync(askpass, '#!/bin/sh\nprintf "%s\\n" "$ROLLCALL_SFTP_PASSWORD"\n', { mode: 0o700 });
  const batch = join(folder, 'batch');
  writeFileSync(batch, `${commands.join('\n')}\n`);
  const options = {
    // Before -b, which says BatchMode=yes and with it "never ask for a password".
    BatchMode: 'no',
    PreferredAuthentications: 'password',
    NumberOfPasswordPrompts: '1',
    IdentityAgent: 'none',
    StrictHostKeyChecking: 'accept-new',
    UserKnownHostsFile: join(folder, 'known_hosts'),
  };
  const args = [
    ...['-F', '/dev/null', '-P', String(account.port)],
    ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    ...(limitKilobits === undefined ? [] : ['-l', String(limitKilobits)]),
    ...['-b', batch, `${account.username}@${account.host}`],
  ];
  const env = {
    ...process.env,
    SSH_ASKPASS: askpass,
    SSH_ASKPASS_REQUIRE: 'force',
    ROLLCALL_SFTP_PASSWORD: account.password,
  };
  return spawn('sftp', args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
}
