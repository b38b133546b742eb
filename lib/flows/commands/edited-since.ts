import { planPrefix } from '../../contracts/object-keys.ts';
import { detached } from '../../core/oneroster/detached.ts';
import { RECORD_KINDS } from '../../core/oneroster/kinds.ts';
import { idOfLine } from '../../core/oneroster/record-line.ts';
import { recordsOf } from '../../core/plan/change.ts';
import { PLAN_SECTIONS } from '../../core/plan/sections.ts';
import { LISTED_RECORDS, type RecordName } from '../../core/sync/command.ts';
import type { ApplyScope, Sync } from '../../core/sync/sync.ts';
import { AppliedChanges } from '../applied-changes.ts';
import type { CommandPorts } from './command-ports.ts';

/** Records that an approval overwrites although somebody edited them. */
export interface EditedRecords {
  readonly overwrites: number;
  /** The first of them. */
  readonly edited: readonly RecordName[];
}

/**
 * Records of a plan that the Portal edited after the plan was made: they are listed and will be overwritten (R13).
 * `beat` keeps the lease alive meanwhile.
 */
export async function findEditedSince(
  ports: Pick<CommandPorts, 'plans' | 'roster'>,
  { districtId, syncId, attempt, createdAt }: Sync,
  scope: ApplyScope,
  beat: () => Promise<void>,
): Promise<EditedRecords> {
  const applied = new AppliedChanges(ports.plans, planPrefix({ districtId, syncId, attempt }), scope);
  const listed: RecordName[] = [];
  let overwrites = 0;
  for (const kind of RECORD_KINDS) {
    const edited = new Set<string>();
    for await (const batch of ports.roster.readSynced(districtId, kind)) {
      await beat();
      for (const { editedAt, line } of batch)
        if (editedAt !== undefined && editedAt >= createdAt) edited.add(detached(idOfLine(line)));
    }
    if (edited.size === 0) continue;
    for (const section of PLAN_SECTIONS.filter((each) => each.kind === kind))
      for await (const batch of applied.read(section, 0)) {
        await beat();
        for (const { after } of batch.flatMap(recordsOf)) {
          const sourcedId = idOfLine(after.line);
          if (!edited.has(sourcedId)) continue;
          overwrites++;
          if (listed.length < LISTED_RECORDS) listed.push({ kind, sourcedId: detached(sourcedId) });
        }
      }
  }
  return { overwrites, edited: listed };
}
