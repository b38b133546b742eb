import type { DistrictRows, RowBatch } from '../../ports/district-rows.ts';
import type { MemoryStore } from './memory-store.ts';

/** Rows in a batch: several batches even in small tests. */
const BATCH = 40;

interface Part {
  readonly what: string;
  readonly names: readonly string[];
  readonly remove: (name: string) => void;
}

/** Rows of a district over plain maps. */
export function memoryDistrictRows(store: MemoryStore): DistrictRows {
  return {
    async *count(districtId) {
      for (const { what, names } of partsOf(store, districtId)) if (names.length > 0) yield { [what]: names.length };
    },
    async *remove(districtId) {
      for (const part of partsOf(store, districtId)) yield* removePart(part);
    },
  };
}

function* removePart({ what, names, remove }: Part): Generator<RowBatch> {
  for (let start = 0; start < names.length; start += BATCH) {
    const batch = names.slice(start, start + BATCH);
    for (const name of batch) remove(name);
    yield { [what]: batch.length };
  }
}

function partsOf(store: MemoryStore, districtId: string): readonly Part[] {
  const part = <V>(what: string, map: Map<string, V>, isOurs: (value: V) => boolean = () => true): Part => ({
    what,
    names: [...map].filter(([, value]) => isOurs(value)).map(([name]) => name),
    remove: (name) => void map.delete(name),
  });
  const manual = new Set(
    store.records.below(districtId).flatMap(({ key, map }) => (key[2] === 'manual' ? [...map.keys()] : [])),
  );
  const synced = store.records.below(districtId).filter(({ key }) => key[2] === 'synced');
  const syncs = store.syncs.of(districtId);
  return [
    ...store.schoolRows
      .below(districtId)
      .map(({ map }) => part('schoolRow', map, ({ userSourcedId }) => !manual.has(userSourcedId))),
    ...synced.map(({ key, map }) => part(key[1] ?? '', map)),
    ...store.files.below(districtId).map(({ map }) => part('deliveryFile', map)),
    part('delivery', store.deliveries.of(districtId)),
    part('command', store.commands.of(districtId)),
    part('claim', store.claims.of(districtId)),
    part('bar', store.bars.of(districtId)),
    part('state', store.sets.of(districtId)),
    {
      ...part('sync', syncs),
      remove: (syncId) => {
        syncs.delete(syncId);
        store.syncIndex.delete(syncId);
      },
    },
    ...[store.watches, store.states, store.settings].map((map: Map<string, unknown>) => ({
      what: 'state',
      names: map.has(districtId) ? [districtId] : [],
      remove: (name: string) => void map.delete(name),
    })),
  ];
}
