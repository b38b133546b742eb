import { schoolRowsOf } from '../../contracts/record-index.ts';
import { storedColumnsOf } from '../../core/oneroster/tables.ts';
import type { PortalFields, PortalRoster } from '../../ports/portal.ts';
import type { MemoryStore } from './memory-store.ts';
import { putSchoolRows } from './roster-table.ts';

/** The Portal's side of the table over plain maps. */
export function memoryPortal(store: MemoryStore): PortalRoster {
  return {
    async create({ districtId, kind, productId, fields, createdAt }) {
      const record = {
        source: 'manual',
        status: 'active',
        productId,
        fields: setFields({}, fields),
        indexed: '',
        schoolRows: schoolRowsOf(
          kind,
          'active',
          storedColumnsOf(kind).map(({ name }) => String(fields[name] ?? '')),
        ),
        syncId: null,
        syncedAt: null,
        inactiveSince: null,
        editedAt: createdAt,
        movedTo: null,
      };
      store.manual(districtId, kind).set(productId, record);
      putSchoolRows(store, districtId, record, productId);
    },
    async edit({ districtId, kind, sourcedId, fields, editedAt }) {
      const record = store.synced(districtId, kind).get(sourcedId);
      if (record?.source !== 'sis') return 'missing';
      record.fields = setFields(record.fields, fields);
      record.editedAt = editedAt;
      return 'edited';
    },
  };
}

function setFields(old: Readonly<Record<string, unknown>>, fields: PortalFields): Record<string, unknown> {
  const now = { ...old };
  for (const [name, value] of Object.entries(fields))
    if (value === null) delete now[name];
    else now[name] = value;
  return now;
}
