import { RECORD_KINDS, type RecordKind } from '../../lib/core/oneroster/kinds.ts';
import { storedColumnsOf } from '../../lib/core/oneroster/tables.ts';
import type { SmallCell, SmallDelivery, SmallFile, SmallRow } from '../support/small-delivery.ts';

/** Every user has an identifier of their own, whatever their sourcedId is: that is how a re-key is known (R12). */
export const withIdentifiers = (delivery: SmallDelivery): SmallDelivery => ({
  ...delivery,
  user: {
    ...delivery.user,
    rows: delivery.user.rows.map((row) => ({
      ...row,
      cells: { ...row.cells, identifier: { raw: `n-${row.id}`, means: `n-${row.id}` } },
    })),
  },
});

/** A SIS that gave its users new sourcedIds (R12): the same people, all over the files. Generation 0 is as it was. */
export function renameUsers(delivery: SmallDelivery, generation: number): SmallDelivery {
  if (generation === 0) return delivery;
  const renamed = new Set(delivery.user.rows.map(({ id }) => id));
  const nameOf = (id: string) => (renamed.has(id) ? `${id}~${generation}` : id);
  const files = RECORD_KINDS.map((kind): [RecordKind, SmallFile] => [
    kind,
    { ...delivery[kind], rows: delivery[kind].rows.map((row) => renamedRow(kind, row, nameOf)) },
  ]);
  return Object.fromEntries(files) as SmallDelivery;
}

function renamedRow(kind: RecordKind, row: SmallRow, nameOf: (id: string) => string): SmallRow {
  const cells: Record<string, SmallCell> = { ...row.cells };
  for (const { name, target } of storedColumnsOf(kind)) {
    const cell = cells[name];
    if (target !== 'user' || cell === undefined || cell.means === null || cell.means === '') continue;
    const renamed = cell.means.split(',').map(nameOf).join(',');
    cells[name] = { raw: renamed, means: renamed };
  }
  const isUser = kind === 'user' || kind === 'demographics';
  return { ...row, id: isUser ? nameOf(row.id) : row.id, cells };
}
