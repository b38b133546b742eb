import { limitsSchema } from '../../../lib/core/district/limit-settings.ts';
import type { Hold } from '../../../lib/core/limits/hold.ts';
import type { Limits } from '../../../lib/core/limits/limit-settings.ts';
import { type LastProfile, LimitWatch } from '../../../lib/core/limits/limit-watch.ts';
import { FILE_OF_KIND, type RecordKind } from '../../../lib/core/oneroster/kinds.ts';
import { idOfLine, joinLine } from '../../../lib/core/oneroster/record-line.ts';
import { storedColumnsOf } from '../../../lib/core/oneroster/tables.ts';
import type { Change, ChangeOp, RecordImage, StoredRecord } from '../../../lib/core/plan/change.ts';
import { ChangeWriter } from '../../../lib/core/plan/change-writer.ts';
import type { FileTotals } from '../../../lib/core/plan/plan-input.ts';

/** The limits of R11. */
export const LIMITS: Limits = limitsSchema.parse({});

export type Cells = Readonly<Record<string, string>>;

/** A record of a kind; cells that are not given are blank. */
export const record = (
  kind: RecordKind,
  id: string,
  cells: Cells = {},
  more: Partial<StoredRecord> = {},
): StoredRecord => ({
  kind,
  status: 'active',
  productId: `p-${id}`,
  line: joinLine(
    id,
    storedColumnsOf(kind).map(({ name }) => cells[name] ?? ''),
  ),
  sound: true,
  ...more,
});

/** So many records of a kind, all with the same cells. */
export const records = (count: number, kind: RecordKind, cells: Cells = {}, prefix = ''): StoredRecord[] =>
  Array.from({ length: count }, (_, i) => record(kind, `${prefix}${kind}-${i}`, cells));

export const students = (count: number, schools: string, prefix = ''): StoredRecord[] =>
  records(count, 'user', { orgSourcedIds: schools, role: 'student' }, prefix);

export const teachers = (count: number, schools: string, prefix = 't-'): StoredRecord[] =>
  records(count, 'user', { orgSourcedIds: schools, role: 'teacher' }, prefix);

const change = (op: ChangeOp, of: StoredRecord, before: RecordImage | null, after: RecordImage): Change => ({
  op,
  kind: of.kind,
  productId: of.productId,
  before,
  after,
});

const imageOf = ({ status, line, movedTo }: StoredRecord): RecordImage => ({
  status,
  line,
  ...(movedTo === undefined ? {} : { movedTo }),
});

export const added = (each: StoredRecord): Change => change('add', each, null, { status: 'active', line: each.line });

export const removed = (each: StoredRecord): Change =>
  change('deactivate', each, imageOf(each), { status: 'inactive', line: each.line });

export const reactivated = (each: StoredRecord): Change =>
  change('reactivate', each, imageOf({ ...each, status: 'inactive' }), { status: 'active', line: each.line });

/** The record with other cells; those that are not given become blank. */
export const updated = (each: StoredRecord, cells: Cells): Change => {
  const { line } = record(each.kind, idOfLine(each.line), cells);
  return change('update', each, imageOf(each), { status: 'active', line });
};

/** A plan as the watch sees it. */
export interface WatchedPlan {
  readonly table?: readonly StoredRecord[];
  readonly changes?: readonly Change[];
  readonly unchanged?: Partial<Record<RecordKind, number>>;
  readonly files?: Readonly<Record<string, Partial<FileTotals>>>;
  readonly last?: LastProfile | null;
  readonly pairs?: number;
  /** How often each table is read; the planner reads users twice for some deliveries. */
  readonly readings?: number;
}

/** The holds of a plan. */
export function holdsOf(plan: WatchedPlan, limits: Limits = LIMITS): Hold[] {
  const { table = [], changes = [], unchanged = {}, files = {}, last = null, pairs = 0, readings = 1 } = plan;
  const watch = new LimitWatch();
  for (let reading = 0; reading < readings; reading++) {
    for (const [kind, batch] of byKind(table)) {
      watch.startTable(kind);
      const half = Math.ceil(batch.length / 2);
      watch.sawTable(kind, batch.slice(0, half));
      watch.sawTable(kind, batch.slice(half));
    }
  }
  watch.sawChanges(changes);
  const { counts } = new ChangeWriter({ write: async () => {}, newProductId: () => '' });
  for (const { kind, op } of changes) counts[FILE_OF_KIND[kind]][op]++;
  for (const [kind, count] of Object.entries(unchanged)) counts[FILE_OF_KIND[kind as RecordKind]].unchanged += count;
  const totals = Object.entries(files).map(([name, each]) => {
    const { mode = 'bulk', rows = 0, errors = 0 } = each;
    return [name, { mode, rows, errors, valid: rows - errors }] as const;
  });
  return watch.holds({
    limits,
    result: { changes: counts, files: Object.fromEntries(totals) },
    lastProfile: last,
    pairs,
  });
}

function byKind(table: readonly StoredRecord[]): Map<RecordKind, StoredRecord[]> {
  const batches = new Map<RecordKind, StoredRecord[]>();
  for (const each of table) {
    const batch = batches.get(each.kind);
    if (batch === undefined) batches.set(each.kind, [each]);
    else batch.push(each);
  }
  return batches;
}
