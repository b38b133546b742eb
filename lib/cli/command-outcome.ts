import type { CommandResult, ConflictingRecord, RecordName } from '../core/sync/command.ts';
import { describeGiver } from '../core/sync/giver.ts';
import type { Sync } from '../core/sync/sync.ts';
import { counted, grouped, printJson, printLine } from './output.ts';
import { describeChanges } from './report-text.ts';
import { waitForSync } from './send-command.ts';
import { describeDecision, describeSync } from './sync-commands.ts';
import type { Target } from './target.ts';

/** Records of a list that are printed; `--json` has all that the result lists. */
const SHOWN_RECORDS = 20;

/** Tells what became of a command, after its sync has ended; sets the exit code: 0 done, 1 refused or failed, 2 not yet. */
export async function tellOutcome(
  target: Target,
  result: CommandResult,
  { json, wait }: { readonly json?: true; readonly wait: number },
): Promise<void> {
  const applies = result.outcome === 'done' && ['approve', 'undo', 'rekey'].includes(result.code);
  const sync = applies && result.syncId !== null ? await waitForSync(target, result, wait) : null;
  const goesOn = applies && result.syncId !== null && sync === null;
  if (json) printJson({ result, sync: sync && describeSync(sync) });
  else {
    for (const line of describeResult(result)) printLine(line);
    if (sync !== null) printLine(`\n${describeEnd(sync).join('\n')}`);
    if (goesOn) printLine(`\nIt is still being applied: rollcall sync ${result.syncId} ${target.flags}`);
  }
  process.exitCode = result.outcome === 'refused' || sync?.state === 'failed' ? 1 : 0;
  if (goesOn) process.exitCode = 2;
}

/** The result of a command, for people. */
export function describeResult(result: CommandResult): string[] {
  const lines = [result.outcome === 'done' ? result.message : `Refused: ${result.message} [${result.code}]`];
  if (result.by?.saidWho) lines.push(`Recorded as given by ${describeGiver(result.by)}.`);
  for (const id of result.newer ?? []) lines.push(`  newer: ${id}`);
  if (result.overwrites) {
    lines.push(`${counted(result.overwrites, 'record')} edited in the Portal since: overwritten.`);
    lines.push(...namesOf(result.edited ?? [], result.overwrites));
  }
  lines.push(...describeConflicts(result));
  for (const { message, code } of result.holds ?? []) lines.push(`limit: ${message} [${code}]`);
  if (result.changes !== undefined) lines.push(`\n${describeChanges(result.changes)}`);
  return lines;
}

/** What an undo leaves alone: what force sets back and what it does not are two things (R13). */
function describeConflicts({ conflicts = 0, beyondForce = 0, conflicting = [] }: CommandResult): string[] {
  const lines: string[] = [];
  const those = (forceHelps: boolean): readonly ConflictingRecord[] =>
    conflicting.filter((each) => each.forceHelps === forceHelps);
  const changed = conflicts - beyondForce;
  if (changed > 0) {
    lines.push(`${counted(changed, 'record')} changed since: left alone (--force sets them back).`);
    lines.push(...namesOf(those(true), changed));
  }
  if (beyondForce > 0) {
    const why = 're-keyed since, or what they belong to will not be active';
    lines.push(`${counted(beyondForce, 'record')} cannot be set back, by --force neither (${why}): left alone.`);
    lines.push(...namesOf(those(false), beyondForce));
  }
  return lines;
}

/** The first of so many records, a line each. */
function namesOf(records: readonly RecordName[], total: number): string[] {
  const shown = records.slice(0, SHOWN_RECORDS).map(({ kind, sourcedId }) => `  ${kind} ${sourcedId}`);
  const more = total - shown.length;
  return shown.length > 0 && more > 0 ? [...shown, `  and ${grouped(more)} more`] : shown;
}

const describeEnd = (sync: Sync): string[] => [
  `${sync.syncId}: ${sync.state}`,
  ...describeDecision(sync).filter((each) => !each.startsWith('was held')),
];
