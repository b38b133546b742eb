import type { RecordKind } from '../core/oneroster/kinds.ts';
import { storedColumnsOf } from '../core/oneroster/tables.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import { Failure } from '../ports/failure.ts';
import type { PortalFields, PortalRoster } from '../ports/portal.ts';

/** A field that the Portal may not write: not a stored column of the kind (R2, R10). */
export class FieldNotEditable extends Failure {
  override readonly name = 'FieldNotEditable';
  readonly code = 'field-not-editable';
  readonly retryable = false;
}

export interface PortalPorts {
  readonly portal: PortalRoster;
  readonly clock: Clock;
  readonly ids: Ids;
}

function checkFields(kind: RecordKind, fields: PortalFields): void {
  const editable = new Set(storedColumnsOf(kind).map((column) => column.name));
  const refused = Object.keys(fields).filter((name) => !editable.has(name));
  if (refused.length > 0) throw new FieldNotEditable(`not a field of ${kind}: ${refused.join(', ')}`);
}

/**
 * Makes a manual record (R2) and returns its productId.
 *
 * @throws FieldNotEditable
 */
export async function createManualRecord(
  ports: PortalPorts,
  districtId: string,
  kind: RecordKind,
  fields: PortalFields,
): Promise<string> {
  checkFields(kind, fields);
  const productId = ports.ids.productId();
  await ports.portal.create({ districtId, kind, productId, fields, createdAt: ports.clock.now().toISOString() });
  return productId;
}

/**
 * Edits fields of a synced record, which the next sync overrides (R1).
 *
 * @throws FieldNotEditable
 */
export async function editSyncedRecord(
  ports: PortalPorts,
  districtId: string,
  kind: RecordKind,
  sourcedId: string,
  fields: PortalFields,
): Promise<'edited' | 'missing'> {
  checkFields(kind, fields);
  return ports.portal.edit({ districtId, kind, sourcedId, fields, editedAt: ports.clock.now().toISOString() });
}
