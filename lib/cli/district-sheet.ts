import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DistrictSettings } from '../core/district/settings.ts';
import { setUpSheet } from '../pages/set-up-sheet.ts';
import { sheetAsHtml } from '../pages/set-up-sheet-html.ts';
import { sheetAsMarkdown } from '../pages/set-up-sheet-markdown.ts';
import type { SftpAccount } from '../ports/sftp-accounts.ts';
import { loginOf } from './district-login.ts';
import { districtOf, withTarget } from './district-target.ts';
import { CommandError, printJson, printLine } from './output.ts';
import { fingerprintOf } from './public-key-files.ts';
import type { Target, TargetOptions } from './target.ts';

interface Options extends TargetOptions {
  readonly json?: true;
  readonly out?: string;
}

/** `rollcall district sheet DISTRICT`: the page that the district's administrator works from. */
export async function makeSheet(districtId: string, options: Options): Promise<void> {
  await withTarget(options, async (target) => {
    const { settings } = await districtOf(target, districtId);
    const { written } = await writeSheet(target, settings, await loginOf(target, districtId), options.out);
    if (written === null) {
      const hint = 'Start it with `rollcall local`: the sheet says where it listens.';
      throw new CommandError('not-running', 'The local stack is not running.', hint);
    }
    if (options.json) printJson({ district: districtId, sheet: written });
    else printLine(written.join('\n'));
  });
}

/** Reports in the district's folder are not built yet; a sheet does not promise them. */
const REPORTS_ARE_WRITTEN = false;

/** Writes the set-up sheet of a district in both forms; null where nothing runs that it could tell of. */
export async function writeSheet(
  target: Pick<Target, 'doors' | 'sheetsFolder'>,
  settings: DistrictSettings,
  login: SftpAccount,
  folder = target.sheetsFolder,
): Promise<{ readonly written: readonly string[] | null }> {
  const doors = await target.doors();
  if (doors === null) return { written: null };
  const sheet = setUpSheet({
    settings,
    login: {
      username: login.username,
      hasPassword: login.passwordHash !== null,
      keyFingerprints: login.publicKeys.map(fingerprintOf),
      allowedCidrs: login.allowedCidrs,
    },
    ...doors,
    reportsInFolder: REPORTS_ARE_WRITTEN,
  });
  await mkdir(folder, { recursive: true });
  const written = ['md', 'html'].map((ending) => join(folder, `${settings.districtId}-set-up.${ending}`));
  const [markdown = '', html = ''] = written;
  await writeFile(markdown, sheetAsMarkdown(sheet));
  await writeFile(html, sheetAsHtml(sheet));
  return { written };
}
