import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { localDate } from '../core/district/local-date.ts';
import { districtSettingsSchema } from '../core/district/settings.ts';
import type { Hold } from '../core/limits/hold.ts';
import { DEFAULT_LIMITS } from '../core/limits/limit-settings.ts';
import { limitsOn } from '../core/limits/limit-windows.ts';
import type { JudgedPlan } from '../core/plan/judge-plan.ts';
import { changesAnything, FIRST_SYNC_HOLD } from '../core/sync/decide-sync.ts';
import { CommandError, printJson, printLine } from './output.ts';
import { applyInMemory, demandAccepted, judgeExport } from './plan-export.ts';
import { describeChanges, describeFindings } from './report-text.ts';
import { describeSchools } from './schools-text.ts';

interface Options {
  readonly against: string;
  readonly settings?: string;
  readonly storeDemographics?: true;
  readonly date?: string;
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
    .option('--date <day>', 'the day, for roll-over windows of the settings (YYYY-MM-DD)', dayOf)
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
  const today = options.date ?? localDate(new Date(), settings?.timeZone ?? 'UTC');
  const limits = settings === null ? DEFAULT_LIMITS : limitsOn(settings, today);
  const judged = await judgeExport(path, against, reading, limits);
  // Without settings nobody knows whether a first plan waits.
  const isFirst = against === null && settings?.firstSync === 'hold';
  const { verdict, holds } = verdictOf(judged, isFirst ? [FIRST_SYNC_HOLD] : []);
  const { changes, findings, findingCounts } = judged.result;
  // A district's first plan: a person looks at the counts of each school (R11).
  const sizes = against === null && judged.result.verdict === 'accepted' ? judged.schoolSizes : null;
  if (options.json) printJson({ verdict, holds, changes, findingCounts, pairs: judged.pairs.length, ...sizes });
  else {
    printLine(verdict);
    for (const { code, message } of holds) printLine(`held: ${message} [${code}]`);
    printLine(`\n${describeChanges(changes)}\n`);
    if (sizes !== null) printLine(`${describeSchools(sizes)}\n`);
    printLine(describeFindings(findings, findingCounts));
  }
  process.exitCode = verdict === 'apply' || verdict === 'unchanged' ? 0 : 1;
}

/** What the sync would end in. Counts of a delivery that changes nothing by rule say so. */
function verdictOf(
  { result, holds: crossed }: JudgedPlan,
  first: readonly Hold[],
): { verdict: Verdict; holds: readonly Hold[] } {
  if (result.verdict !== 'accepted') return { verdict: result.verdict, holds: [] };
  if (!changesAnything(result)) return { verdict: 'unchanged', holds: [] };
  const holds = [...first, ...crossed];
  return { verdict: holds.length > 0 ? 'held' : 'apply', holds };
}

type Verdict = 'apply' | 'held' | 'unchanged' | 'rejected' | 'incomplete';

function dayOf(text: string): string {
  // 31 February parses, as a day of March.
  const parsed = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(parsed) && new Date(parsed).toISOString().startsWith(text)) return text;
  throw new CommandError('bad-date', `${text} is not a day.`, 'Write it as YYYY-MM-DD.');
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
