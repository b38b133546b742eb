import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { DEFAULT_DATA_DIR } from '../local/names.ts';
import { openMailStore } from '../local/notify/mail-store.ts';
import { printJson, printLine } from './output.ts';

interface Options {
  readonly local?: true;
  readonly data: string;
  readonly json?: true;
}

/** A district without contacts, such as the sample, gets none. */
const NO_MAILS =
  'No mails yet. They go to the contacts of a district: rollcall district set DISTRICT contacts=NAME@HOST --local';

/** `rollcall mails --local`: what the local stack would have mailed. A deployed stage keeps no mails. */
export const mailsCommand = (): Command =>
  new Command('mails')
    .description('mails that the local stack kept instead of sending them, newest first')
    .requiredOption('--local', 'of the stack on this machine; a deployed stage keeps none')
    .option('--data <dir>', "the local stack's data folder", DEFAULT_DATA_DIR)
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExit codes: 0 shown, also where there are none; 2 wrong usage.')
    .action(({ data, json }: Options) => {
      const mails = existsSync(join(data, 'mails')) ? openMailStore(data).list() : [];
      if (json) printJson({ mails });
      else if (mails.length === 0) printLine(NO_MAILS);
      else
        for (const { at, to, replyTo, subject, text } of mails)
          printLine(`${at}  to ${to}, answers to ${replyTo}\n${subject}\n\n${text}\n`);
    });
