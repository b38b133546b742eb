import { planPrefix } from '../../contracts/object-keys.ts';
import type { UserKeys } from '../../core/explain/match-user.ts';
import type { HeldFacts } from '../../core/explain/user-facts.ts';
import type { RecordKind } from '../../core/oneroster/kinds.ts';
import { idOfLine, valueAt } from '../../core/oneroster/record-line.ts';
import { storedColumnsOf } from '../../core/oneroster/tables.ts';
import { type Change, recordsOf } from '../../core/plan/change.ts';
import { PLAN_SECTIONS } from '../../core/plan/sections.ts';
import type { Sync } from '../../core/sync/sync.ts';
import type { ExplainPorts } from './explain-ports.ts';

const placeOf = (kind: RecordKind, column: string): number =>
  storedColumnsOf(kind).findIndex(({ name }) => name === column);
const USER = { username: placeOf('user', 'username'), email: placeOf('user', 'email'), role: placeOf('user', 'role') };
const ENROLLMENT_USER = placeOf('enrollment', 'userSourcedId');

/** The district's syncs that wait for a person, oldest first. */
export async function heldSyncsOf(log: ExplainPorts['log'], districtId: string): Promise<readonly Sync[]> {
  const { heldSyncIds } = await log.state(districtId);
  const syncs = await Promise.all(heldSyncIds.map((syncId) => log.get(districtId, syncId)));
  return syncs.flatMap((sync) => (sync?.state === 'held' ? [sync] : []));
}

/** The users that a held plan would add or change. A plan that is no longer kept has none. */
export async function usersInPlan(
  plans: ExplainPorts['plans'],
  sync: Sync,
  isMeant: (user: UserKeys) => boolean,
): Promise<readonly (UserKeys & { readonly role: string })[]> {
  const found: (UserKeys & { readonly role: string })[] = [];
  for await (const { after } of changesOf(plans, sync, 'user')) {
    const [username, email] = [valueAt(after.line, USER.username), valueAt(after.line, USER.email)];
    const user = { sourcedId: idOfLine(after.line), username, email, role: valueAt(after.line, USER.role) };
    if (isMeant(user)) found.push(user);
  }
  return found;
}

/** What a held plan would do to a user; null where nothing. */
export async function heldFactsOf(
  plans: ExplainPorts['plans'],
  sync: Sync,
  sourcedId: string,
): Promise<HeldFacts | null> {
  let op: HeldFacts['op'] = null;
  for await (const change of changesOf(plans, sync, 'user')) {
    // Pairs come twice, with the same op: as they are, and as the re-key that they may be approved as (R12).
    if (idOfLine(change.after.line) === sourcedId) op = change.op;
  }
  const enrollments = { add: 0, change: 0, remove: 0 };
  for await (const change of changesOf(plans, sync, 'enrollment')) {
    if (isOf(change, sourcedId)) enrollments[COUNTED_AS[change.op]]++;
  }
  if (op === null && enrollments.add + enrollments.change + enrollments.remove === 0) return null;
  return { syncId: sync.syncId, op, enrollments, holds: sync.holds.map(({ code, message }) => ({ code, message })) };
}

const COUNTED_AS = { add: 'add', reactivate: 'add', update: 'change', deactivate: 'remove' } as const;

const isOf = ({ before, after }: Change, sourcedId: string): boolean =>
  valueAt(after.line, ENROLLMENT_USER) === sourcedId ||
  (before !== null && valueAt(before.line, ENROLLMENT_USER) === sourcedId);

async function* changesOf(plans: ExplainPorts['plans'], sync: Sync, kind: RecordKind): AsyncGenerator<Change> {
  for (const section of PLAN_SECTIONS.filter((each) => each.kind === kind))
    for await (const batch of plans.readSection(planPrefix(sync), section, 0))
      for (const change of batch) yield* recordsOf(change);
}
