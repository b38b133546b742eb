import { partsOfSchoolRow, schoolRowsOf } from '../../contracts/record-index.ts';
import { CHANGE_PLACES } from '../../contracts/table-definition.ts';
import { WRITE_LANES } from '../../contracts/table-keys.ts';
import { idOfLine, valuesOfLine } from '../../core/oneroster/record-line.ts';
import { type Change, type RecordImage, recordsOf } from '../../core/plan/change.ts';
import { NotASyncedRecord } from '../../ports/failure.ts';
import type { RosterTable, WriteStamp } from '../../ports/roster-table.ts';
import { readRecord, recordAfter } from './memory-record.ts';
import type { MemoryRecord, MemoryStore } from './memory-store.ts';

/** Records in a batch of a read: several batches even in small tests. */
const BATCH = 100;

/** The roster part of the table over plain maps. Failure: `NotASyncedRecord`. */
export function memoryRosterTable(store: MemoryStore): RosterTable {
  return {
    async *readSynced(districtId, kind) {
      const ids = [...store.synced(districtId, kind).keys()];
      for (let start = 0; start < ids.length; start += BATCH)
        yield ids.slice(start, start + BATCH).flatMap((id) => {
          const record = store.synced(districtId, kind).get(id);
          return (record && readRecord(kind, id, record)) ?? [];
        });
    },
    async *readManualUsers(districtId) {
      const text = (value: unknown) => (typeof value === 'string' ? value : '');
      const users = [...store.manual(districtId, 'user')].map(([productId, { fields }]) => ({
        productId,
        username: text(fields['username']),
        email: text(fields['email']),
      }));
      if (users.length > 0) yield users;
    },
    async raiseFences(districtId, number) {
      const fences = store.fences.of(districtId);
      let raised = true;
      for (let lane = 0; lane < WRITE_LANES; lane++)
        if ((fences.get(String(lane)) ?? number) <= number) fences.set(String(lane), number);
        else raised = false;
      return raised;
    },
    async writeChanges(districtId, fence, changes, stamp) {
      if (store.fences.of(districtId).get(String(fence.lane)) !== fence.number) return 'fenced';
      const written = changes.flatMap(recordsOf);
      const old = written.map(({ kind, after }) => store.synced(districtId, kind).get(idOfLine(after.line)));
      const foreign = old.filter((record) => record && record.source !== 'sis').length;
      if (foreign > 0) throw new NotASyncedRecord(`${foreign} records under synced keys are not synced records`);
      written.forEach((change, index) => {
        applyChange(store, districtId, change, stamp, old[index]);
      });
      return 'written';
    },
    weightOf(change) {
      return Math.min(
        CHANGE_PLACES,
        recordsOf(change).reduce((sum, each) => sum + 1 + movedRows(each), 0),
      );
    },
  };
}

function movedRows(change: Change): number {
  const before = schoolRows(change, change.before);
  const after = schoolRows(change, change.after);
  return before.filter((row) => !after.includes(row)).length + after.filter((row) => !before.includes(row)).length;
}

const schoolRows = ({ kind }: Change, image: RecordImage | null): readonly string[] =>
  image && kind === 'user' ? schoolRowsOf(kind, image.status, valuesOfLine(image.line)) : [];

function applyChange(
  store: MemoryStore,
  districtId: string,
  change: Change,
  stamp: WriteStamp,
  old: MemoryRecord | undefined,
): void {
  const sourcedId = idOfLine(change.after.line);
  const record = recordAfter(change, stamp, old);
  for (const row of old?.schoolRows ?? []) {
    const { role, orgSourcedId } = partsOfSchoolRow(row);
    store.school(districtId, orgSourcedId).delete(`${role}#${sourcedId}`);
  }
  putSchoolRows(store, districtId, record, sourcedId);
  store.synced(districtId, change.kind).set(sourcedId, record);
}

/** Writes the school rows that a record asks for. */
export function putSchoolRows(
  store: MemoryStore,
  districtId: string,
  record: MemoryRecord,
  userSourcedId: string,
): void {
  for (const row of record.schoolRows) {
    const { role, orgSourcedId } = partsOfSchoolRow(row);
    const { productId } = record;
    store
      .school(districtId, orgSourcedId)
      .set(`${role}#${userSourcedId}`, { orgSourcedId, role, userSourcedId, productId });
  }
}
