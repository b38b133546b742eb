import { FILE_OF_KIND, RECORD_KINDS, type RosterFile } from '../../lib/core/oneroster/kinds.ts';
import type { RecordStatus } from '../../lib/core/plan/change.ts';
import type { ApplyScope, UndoRequest } from '../../lib/core/sync/sync.ts';
import { ModelTable } from '../support/model-table.ts';
import { namedBy, RosterModel } from '../support/roster-model.ts';
import type { SmallDelivery } from '../support/small-delivery.ts';
import {
  cellOf,
  isSame,
  keyOf,
  listOf,
  lookAt,
  type RecordLook,
  type Snapshots,
  type TableLook,
} from './table-look.ts';

/** Asks the model what the table must be after a delivery (R1 to R6). `lastUnreadable` counts rows of the last one (R5). */
export function afterDelivery(
  delivery: SmallDelivery,
  snapshots: Snapshots,
  lastUnreadable: Readonly<Partial<Record<RosterFile, number>>>,
): TableLook {
  const table = new ModelTable();
  for (const { records } of snapshots.values())
    table.apply(
      records.map(({ kind, productId, status, line }) => ({
        op: 'add',
        kind,
        productId,
        before: null,
        after: { status, line },
      })),
    );
  const before = lookAt(snapshots);
  const after = new Map<string, RecordLook>();
  for (const [key, text] of Object.entries(new RosterModel(delivery, table, lastUnreadable).image())) {
    const kind = RECORD_KINDS.find((each) => key.startsWith(`${each} `))!;
    const space = text.indexOf(' ');
    const status = text.slice(0, space) as RecordStatus;
    // R12: who comes back has not moved.
    const movedTo = status === 'inactive' ? (before.get(key)?.movedTo ?? null) : null;
    const line = text.slice(space + 1).replaceAll('|', '\u001f');
    after.set(key, { kind, id: key.slice(kind.length + 1), status, line, movedTo });
  }
  return after;
}

/** Rows without a readable sourcedId, by file that came in full. */
export const unreadableRows = (delivery: SmallDelivery): Partial<Record<RosterFile, number>> =>
  Object.fromEntries(
    RECORD_KINDS.filter((kind) => delivery[kind].mode === 'bulk' || delivery[kind].mode === 'header-only').map(
      (kind) => [FILE_OF_KIND[kind], delivery[kind].rows.filter((row) => namedBy(row) === null).length],
    ),
  );

/** Two users whose productIds change over: `to` gets that of `from` (R12). */
export interface Pair {
  readonly from: string;
  readonly to: string;
}

/** What a sync read, and what it makes of it. */
export interface PlannedTable {
  readonly before: TableLook;
  readonly after: TableLook;
  readonly pairs: readonly Pair[];
}

/** What of a plan is left in the scope in which a person approved it (R12, R13). `pairs`: those that the plan found. */
export function inScope({ before, after, pairs }: PlannedTable, scope: ApplyScope): PlannedTable {
  if (scope === 'as-shown') return { before, after, pairs: [] };
  const scoped = new Map(after);
  if (scope === 'as-rekey') {
    for (const { from, to } of pairs)
      scoped.set(keyOf('user', from), { ...after.get(keyOf('user', from))!, movedTo: to });
    return { before, after: scoped, pairs };
  }
  for (const [key, old] of before)
    if (old.status === 'active' && after.get(key)?.status === 'inactive') scoped.set(key, old);
  return { before, after: scoped, pairs: [] };
}

/** R12: one user's work moves to another record. */
export function afterRekey(now: TableLook, pair: Pair): PlannedTable {
  const after = new Map(now);
  const old = now.get(keyOf('user', pair.from));
  if (old !== undefined) after.set(keyOf('user', pair.from), { ...old, movedTo: pair.to });
  return { before: now, after, pairs: [pair] };
}

/** R14: what an undo makes of the table, and how many records it must leave alone. */
export function afterUndo(
  now: TableLook,
  undone: PlannedTable,
  request: UndoRequest,
  ownsWhatItShould: (userId: string) => boolean,
): PlannedTable & { readonly conflicts: number } {
  const after = new Map(now);
  const pairs: Pair[] = [];
  let conflicts = 0;
  const scope = new Scope(now, undone, request);
  const mayUndo = (unchanged: boolean) => {
    if (!unchanged && !request.force) conflicts++;
    return unchanged || request.force;
  };
  const before = (current: RecordLook, key: string): RecordLook =>
    undone.before.get(key) ?? { ...current, status: 'inactive' };
  const paired = new Set(undone.pairs.flatMap(({ from, to }) => [keyOf('user', from), keyOf('user', to)]));
  const undoRecord = (key: string, made: RecordLook) => {
    const current = now.get(key);
    if (paired.has(key) || isSame(undone.before.get(key), made) || current === undefined || !scope.has(key)) return;
    const target = before(current, key);
    if (isSame(current, target)) return;
    // Re-keyed since: no force brings it back by halves (R12).
    const torn = current.movedTo !== made.movedTo || (made.kind === 'user' && !ownsWhatItShould(made.id));
    if (torn || comesBackToNobody(current, target, after, undone)) conflicts++;
    else if (mayUndo(isSame(current, made))) after.set(key, target);
  };
  for (const [key, made] of undone.after) if (!belongs(made)) undoRecord(key, made);
  for (const { from, to } of undone.pairs) {
    const [oldKey, newKey] = [keyOf('user', from), keyOf('user', to)];
    const [old, young] = [now.get(oldKey), now.get(newKey)];
    if (old === undefined || young === undefined || !(scope.has(oldKey) || scope.has(newKey))) continue;
    const both = [
      mayUndo(isSame(young, undone.after.get(newKey)) && ownsWhatItShould(to)),
      mayUndo(isSame(old, undone.after.get(oldKey)) && ownsWhatItShould(from)),
    ];
    if (both.includes(false)) continue;
    after.set(newKey, before(young, newKey));
    after.set(oldKey, before(old, oldKey));
    pairs.push({ from, to });
  }
  // Last: only then it is known who will be active.
  for (const [key, made] of undone.after) if (belongs(made)) undoRecord(key, made);
  return { before: now, after, pairs, conflicts };
}

const belongs = ({ kind }: RecordLook): boolean => kind === 'enrollment' || kind === 'demographics';

/** Keys of the user and the class that an enrollment or demographics is of. */
function ownersOf(look: RecordLook): readonly string[] {
  if (look.kind === 'demographics') return [keyOf('user', look.id)];
  if (look.kind !== 'enrollment') return [];
  return [keyOf('user', cellOf(look, 'userSourcedId')), keyOf('class', cellOf(look, 'classSourcedId'))];
}

/**
 * R5b: whether an undo would make a record active for a user or a class that will not be. Where it is so already, or where
 * the undone sync itself found it so, the undo gives back what was (R14).
 */
function comesBackToNobody(
  current: RecordLook,
  target: RecordLook,
  after: TableLook,
  { before: wasBefore, after: wasAfter }: PlannedTable,
): boolean {
  if (target.status === 'inactive') return false;
  const has = current.status === 'active' ? ownersOf(current) : [];
  const found = (key: string) =>
    wasBefore.get(key)?.status === 'inactive' && !isSame(wasBefore.get(key), wasAfter.get(key));
  return ownersOf(target).some((key) => after.get(key)?.status === 'inactive' && !has.includes(key) && !found(key));
}

const SCHOOL_COLUMN = {
  user: 'orgSourcedIds',
  class: 'schoolSourcedId',
  course: 'orgSourcedId',
  enrollment: 'schoolSourcedId',
};

/** Which changed records an undo is about: all, one school's, or one user's. */
class Scope {
  readonly #now: TableLook;
  readonly #undone: PlannedTable;
  readonly #request: UndoRequest;

  constructor(now: TableLook, undone: PlannedTable, request: UndoRequest) {
    this.#now = now;
    this.#undone = undone;
    this.#request = request;
  }

  has(key: string): boolean {
    const { onlySchool, user } = this.#request;
    const made = this.#undone.after.get(key)!;
    if (
      user !== null &&
      !(made.kind === 'enrollment' ? cellOf(made, 'userSourcedId') === user : this.#isUser(made, user))
    )
      return false;
    if (onlySchool === null) return true;
    if (made.kind !== 'demographics') return this.#changedAt(key, onlySchool);
    const userKey = keyOf('user', made.id);
    const current = this.#now.get(userKey);
    return (current !== undefined && isAt(current, onlySchool)) || this.#userChangedAt(userKey, onlySchool);
  }

  #isUser({ kind, id }: RecordLook, user: string): boolean {
    return (kind === 'user' || kind === 'demographics') && id === user;
  }

  #userChangedAt(key: string, school: string): boolean {
    const { before, after, pairs } = this.#undone;
    const paired = pairs.some(({ from, to }) => key === keyOf('user', from) || key === keyOf('user', to));
    return (paired || !isSame(before.get(key), after.get(key))) && this.#changedAt(key, school);
  }

  #changedAt(key: string, school: string): boolean {
    return [this.#undone.before.get(key), this.#undone.after.get(key)].some((look) => look && isAt(look, school));
  }
}

function isAt(look: RecordLook, school: string): boolean {
  if (look.kind === 'org') return look.id === school;
  const column = (SCHOOL_COLUMN as Partial<Record<string, string>>)[look.kind];
  return column !== undefined && listOf(cellOf(look, column)).includes(school);
}

/** Differences between the table and what is expected, a sentence each. `wasEdited`: the Portal was there since. */
export function differences(now: TableLook, expected: TableLook, wasEdited: (look: RecordLook) => boolean): string[] {
  const wrong: string[] = [];
  for (const [key, found] of now) {
    const wanted = expected.get(key);
    if (isSame(found, wanted)) continue;
    if (wanted !== undefined && isSame({ ...found, line: wanted.line }, wanted) && wasEdited(found)) continue;
    wrong.push(`${key} is ${textOf(found)}, not ${wanted === undefined ? 'there' : textOf(wanted)}`);
  }
  for (const key of expected.keys()) if (!now.has(key)) wrong.push(`${key} is missing`);
  return wrong;
}

const textOf = ({ status, line, movedTo }: RecordLook): string =>
  `${status} ${line.replaceAll('\u001f', '|')}${movedTo === null ? '' : ` moved to ${movedTo}`}`;
