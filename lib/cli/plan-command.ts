import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { districtSettingsSchema } from '../core/district/settings.ts';
import type { PlanResult } from '../core/plan/plan-input.ts';
import { CommandError, printJson, printLine } from './output.ts';
import { applyInMemory, demandAccepted, planExport } from './plan-export.ts';
import { describeChanges, describeFindings } from './report-text.ts';

interface Options {
  readonly against: string;
  readonly settings?: string;
  readonly storeDemographics?: true;
  readonly json?: true;
}

/** `rollcall plan EXPORT --against EXPORT0|empty`: what would a sync change? */
export function planCommand(): Command {
  return new Command('plan')
    .description('what a sync of this export would do to a district that had applied another; needs no server')
    .argument('<export>', 'zip file or folder of CSV files')
    .requiredOption('--against <export>', 'the export that the district had applied, or "empty"')
    .option('--settings <file>', "the district's settings as JSON (rollcall district show --json)")
    .option('--store-demographics', 'as if the district stored demographics')
    .option('--json', 'one JSON object on stdout')
    .addHelpText('after', '\nExit codes: 0 apply or unchanged, 1 held, rejected or incomplete, 2 wrong usage.')
    .action(plan);
}

async function plan(path: string, options: Options): Promise<void> {
  const settings = options.settings === undefined ? null : await readSettings(options.settings);
  const reading = {
    storeDemographics: options.storeDemographics ?? settings?.storeDemographics ?? false,
    ...(settings === null ? {} : { maxRowBytes: settings.maxRowBytes }),
  };
  const against = options.against === 'empty' ? null : await applyInMemory(options.against, reading);
  if (against !== null) demandAccepted(against);
  const result = await planExport(path, against, reading);
  const verdict = verdictOf(result);
  const { changes, findings, findingCounts } = result;
  if (options.json) printJson({ verdict, holds: [], changes, findingCounts });
  else {
    printLine(`${verdict}\n\n${describeChanges(changes)}\n`);
    printLine(describeFindings(findings, findingCounts));
  }
  process.exitCode = verdict === 'apply' || verdict === 'unchanged' ? 0 : 1;
}

/** What the sync would end in. Counts of a delivery that changes nothing by rule say so. */
function verdictOf({ verdict, changes }: PlanResult): 'apply' | 'unchanged' | 'rejected' | 'incomplete' {
  if (verdict !== 'accepted') return verdict;
  const touched = Object.values(changes).some((c) => c.add + c.update + c.deactivate + c.reactivate > 0);
  return touched ? 'apply' : 'unchanged';
}

async function readSettings(file: string) {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new CommandError(
      'settings-not-readable',
      `The settings file cannot be read: ${cause.message}`,
      'Check the path.',
    );
  });
  const parsed = districtSettingsSchema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'settings'}: ${issue.message}`);
  throw new CommandError('settings-invalid', faults.join('; '), 'See docs/data-model.md for the settings.');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError(
      'settings-invalid',
      'The settings file is not JSON.',
      'Write it with `rollcall district show --json`.',
    );
  }
}
