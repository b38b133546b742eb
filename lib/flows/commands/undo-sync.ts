import { planPrefix, planSummaryKey } from '../../contracts/object-keys.ts';
import type { RecordKind } from '../../core/oneroster/kinds.ts';
import type { Change } from '../../core/plan/change.ts';
import { PLAN_SECTIONS } from '../../core/plan/sections.ts';
import type { Command } from '../../core/sync/command.ts';
import { changesAnything } from '../../core/sync/decide-sync.ts';
import type { Sync } from '../../core/sync/sync.ts';
import { planUndo } from '../../core/undo/plan-undo.ts';
import { AppliedChanges, promisedChanges, scopeOf } from '../applied-changes.ts';
import { type Answer, type Commanded, type CommandPorts, refused, STALE, syncIdOfCommand } from './command-ports.ts';
import { refuseSuspended } from './refuse-suspended.ts';
import { type LeftAlone, writePlan } from './write-plan.ts';

type Undo = Extract<Command, { name: 'undo' }>;

/**
 * Takes an applied sync back (R14), as a plan of its own, and pauses the district's syncs: tonight's export would redo it.
 * Records that changed since are listed and left alone, unless it is forced (R13).
 */
export async function undoSync(commanded: Commanded<Undo>): Promise<Answer | typeof STALE> {
  const { ports, lease, message, command } = commanded;
  const { districtId, commandId } = message;
  const begun = await ports.log.get(districtId, syncIdOfCommand(commandId));
  if (begun !== null) return undone(begun, await leftIn(ports, begun));
  const state = await ports.log.state(districtId);
  const sync = await ports.log.get(districtId, command.undo.syncId);
  if (sync === null) return refused('unknown-sync', `There is no sync ${command.undo.syncId} in this district.`);
  if (sync.state !== 'applied') {
    return refused('not-applied', `The sync is ${sync.state}; only an applied one can be undone.`, {
      syncId: sync.syncId,
    });
  }
  if (state.applyingSyncId !== null) {
    return refused('applying', `The sync ${state.applyingSyncId} is being applied.`, { newer: [state.applyingSyncId] });
  }
  const suspended = command.dryRun ? null : await refuseSuspended(ports, districtId, sync.syncId);
  if (suspended !== null) return suspended;
  if (!(await isKept(ports, sync))) return expired(sync);
  if (!(await ports.roster.raiseFences(districtId, lease.number))) return STALE;
  const identity = { origin: 'undo', deliveryId: sync.deliveryId, undo: command.undo, basis: state.revision } as const;
  let read = 0;
  let asked = 0;
  let left = NOTHING_LEFT;
  const planned = await writePlan(commanded, identity, command.why, async (tools) => {
    const { changes, conflicts, pairs, ...more } = await planUndo({
      ...tools,
      request: command.undo,
      async *applied(kind) {
        for await (const batch of appliedOf(ports, sync, kind)) {
          await tools.beat();
          read += batch.length;
          yield batch;
        }
      },
    });
    asked = more.asked;
    left = { beyondForce: more.beyondForce, conflicting: more.conflicting };
    return { changes, conflicts, pairs, left };
  });
  // A part of it has expired: half an undo would be worse than none.
  if (read !== promisedChanges(sync)) return expired(sync);
  if (!changesAnything(planned)) {
    const { conflicts } = planned;
    return refused('nothing-to-undo', whyNothing(command, asked), { syncId: sync.syncId, conflicts, ...left });
  }
  if (command.dryRun)
    return { ...undone(planned, left), message: 'This is what it would do. Nothing was changed.', syncId: null };
  // Suspended while this was planned.
  const late = await refuseSuspended(ports, districtId, sync.syncId);
  if (late !== null) return late;
  const next = { ...state, applyingSyncId: planned.syncId, syncPaused: true };
  if (!(await ports.log.save(lease, planned, null, next))) return STALE;
  return { ...undone(planned, left), apply: true };
}

const NOTHING_LEFT: LeftAlone = { beyondForce: 0, conflicting: [] };

/** Why an undo has nothing to do; `asked`: how many changes of the sync it is about. */
function whyNothing({ undo: { user, onlySchool } }: Undo, asked: number): string {
  const of = [
    user === null ? [] : [`the user ${user}`],
    onlySchool === null ? [] : [`the school ${onlySchool}`],
  ].flat();
  if (asked === 0 && of.length > 0) return `That sync changed nothing of ${of.join(' in ')}. Nothing was changed.`;
  return 'No record is still as that sync left it and would change. Nothing was changed.';
}

/** What an undo that has begun leaves alone, from its plan's summary; nothing where that has expired. */
async function leftIn({ archive }: CommandPorts, sync: Sync): Promise<LeftAlone> {
  const text = await archive.readText(planSummaryKey(prefixOf(sync)));
  if (text === null) return NOTHING_LEFT;
  const { beyondForce, conflicting } = { ...NOTHING_LEFT, ...(JSON.parse(text) as Partial<LeftAlone>) };
  return { beyondForce, conflicting };
}

const expired = ({ syncId }: Sync): Answer =>
  refused('plan-expired', 'Its plan is no longer kept, so it cannot be undone.', { syncId });

const undone = (sync: Sync, left: LeftAlone): Answer => ({
  outcome: 'done',
  code: 'undo',
  message: 'It is being undone. Syncs of the district are paused until somebody resumes them.',
  syncId: sync.syncId,
  changes: sync.changes,
  holds: sync.holds,
  conflicts: sync.conflicts,
  ...left,
  ...(sync.state === 'applying' ? { apply: true } : {}),
});

const prefixOf = ({ districtId, syncId, attempt }: Sync): string => planPrefix({ districtId, syncId, attempt });

const isKept = async ({ archive }: CommandPorts, sync: Sync): Promise<boolean> =>
  (await archive.readText(planSummaryKey(prefixOf(sync)))) !== null;

/** All changes of a kind that a sync applied. */
async function* appliedOf(ports: CommandPorts, sync: Sync, kind: RecordKind): AsyncGenerator<readonly Change[]> {
  const applied = new AppliedChanges(ports.plans, prefixOf(sync), scopeOf(sync));
  for (const section of PLAN_SECTIONS) if (section.kind === kind) yield* applied.read(section, 0);
}
