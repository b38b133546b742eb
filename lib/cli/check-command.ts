import { Command } from 'commander';
import { DEFAULT_FINDING_LIMIT } from '../core/oneroster/finding-log.ts';
import { printJson, printLine } from './output.ts';
import { applyInMemory, demandAccepted, planExport } from './plan-export.ts';
import { describeFiles, describeFindings } from './report-text.ts';
import { wholeNumber } from './values.ts';

interface Options {
  readonly against?: string;
  readonly limit: number;
  readonly json?: true;
}

/** `rollcall check EXPORT`: is this export readable, and what is wrong with it? */
export function checkCommand(): Command {
  return new Command('check')
    .description('read an export (zip, folder or single CSV) and name every fault; changes nothing')
    .argument('<export>', 'zip file, folder of CSV files, or one CSV file')
    .option('--against <export>', 'an earlier export: references may point at its records')
    .option('--limit <n>', 'findings to list (all are counted)', wholeNumber('--limit', 0), DEFAULT_FINDING_LIMIT)
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExit codes: 0 accepted, 1 rejected or incomplete, 2 wrong usage or unreadable path.')
    .action(check);
}

async function check(path: string, options: Options): Promise<void> {
  const reading = { storeDemographics: true, findingLimit: options.limit };
  const against = options.against === undefined ? null : await applyInMemory(options.against, reading);
  if (against !== null) demandAccepted(against);
  const { verdict, version, files, findings, findingCounts } = await planExport(path, against, reading);
  if (options.json) printJson({ verdict, version, files, findings, findingCounts });
  else {
    printLine(`${verdict}${version === null ? '' : `, OneRoster ${version}`}`);
    printLine(`\n${describeFiles(files)}\n`);
    printLine(describeFindings(findings, findingCounts));
  }
  process.exitCode = verdict === 'accepted' ? 0 : 1;
}
