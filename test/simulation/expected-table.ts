import { readRecord } from '../../lib/adapters/memory/memory-record.ts';
import type { MemoryStore } from '../../lib/adapters/memory/memory-store.ts';
import { FILE_OF_KIND, RECORD_KINDS, type RecordKind, type RosterFile } from '../../lib/core/oneroster/kinds.ts';
import { idOfLine } from '../../lib/core/oneroster/record-line.ts';
import type { StoredRecord } from '../../lib/core/plan/change.ts';
import { ModelTable } from '../support/model-table.ts';
import { namedBy, RosterModel } from '../support/roster-model.ts';
import type { SmallDelivery } from '../support/small-delivery.ts';

/** The synced records of one kind as they were at one step. */
export interface KindSnapshot {
  readonly step: number;
  readonly records: readonly StoredRecord[];
}

export type Snapshots = Map<RecordKind, KindSnapshot>;

/** Reads a kind as a sync does, in one step. */
export const snapshotOf = (store: MemoryStore, districtId: string, kind: RecordKind, step: number): KindSnapshot => ({
  step,
  records: [...store.synced(districtId, kind)].flatMap(([id, record]) => readRecord(kind, id, record) ?? []),
});

/** What the whole table of a district must be after a delivery: the model's word by R1 to R6, and since when edits may differ. */
export interface ExpectedTable {
  /** `kind id` → `status line`. */
  readonly image: Readonly<Record<string, string>>;
  readonly readAt: ReadonlyMap<RecordKind, number>;
}

/** Asks the model. `lastUnreadable` counts rows of the last applied delivery (R5). */
export function expectTable(
  delivery: SmallDelivery,
  snapshots: Snapshots,
  lastUnreadable: Readonly<Partial<Record<RosterFile, number>>>,
): ExpectedTable {
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
  return {
    image: new RosterModel(delivery, table, lastUnreadable).image(),
    readAt: new Map([...snapshots].map(([kind, { step }]) => [kind, step])),
  };
}

/** Rows without a readable sourcedId, by file. */
export const unreadableRows = (delivery: SmallDelivery): Partial<Record<RosterFile, number>> =>
  Object.fromEntries(
    RECORD_KINDS.map((kind) => [FILE_OF_KIND[kind], delivery[kind].rows.filter((row) => namedBy(row) === null).length]),
  );

/** Differences between the table and what is expected, a sentence each; `editedAt`: last Portal edit by `kind id`. */
export function differences(
  store: MemoryStore,
  districtId: string,
  expected: ExpectedTable,
  editedAt: ReadonlyMap<string, number>,
): string[] {
  const wrong: string[] = [];
  const seen = new Set<string>();
  for (const kind of RECORD_KINDS) {
    for (const { line, status } of snapshotOf(store, districtId, kind, 0).records) {
      const key = `${kind} ${idOfLine(line)}`;
      seen.add(key);
      const found = `${status} ${line.replaceAll('\u001f', '|')}`;
      const wanted = expected.image[key];
      if (found === wanted) continue;
      const edited = (editedAt.get(key) ?? -1) > (expected.readAt.get(kind) ?? 0);
      if (edited && wanted?.startsWith(`${status} `)) continue;
      wrong.push(`${key} is ${found}, not ${wanted ?? 'there'}`);
    }
  }
  for (const key of Object.keys(expected.image)) if (!seen.has(key)) wrong.push(`${key} is missing`);
  return wrong;
}
