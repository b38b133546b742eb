import { RECORD_KINDS, type RecordKind } from '../../lib/core/oneroster/kinds.ts';
import { storedColumnsOf } from '../../lib/core/oneroster/tables.ts';
import type { PortalFields } from '../../lib/ports/portal.ts';
import type { Chance } from './chance.ts';

/** Something that a person does in the Portal (R2). */
export interface PortalAct {
  readonly name: string;
  readonly districtId: string;
  readonly atMillis: number;
  readonly kind: RecordKind;
  /** Null: a new manual record. */
  readonly sourcedId: string | null;
  readonly fields: PortalFields;
}

const IDS: Readonly<Record<RecordKind, readonly string[]>> = {
  org: ['o1', 'o2'],
  academicSession: ['s1', 's2'],
  course: ['c1', 'c2'],
  user: ['u1', 'u2', 'u5'],
  class: ['k1', 'k2'],
  enrollment: ['e1', 'e2', 'e3'],
  demographics: ['u1', 'u2'],
};

/** Columns whose cells are plain text, so that any text is a value the Portal may write. */
const textColumns = (kind: RecordKind): string[] =>
  storedColumnsOf(kind)
    .filter(({ type }) => type === 'string' || type === 'reference')
    .map(({ name }) => name);

/** Draws a district's Portal acts. */
export function drawEdits(districtId: string, chance: Chance, untilMillis: number): PortalAct[] {
  return Array.from({ length: chance.integer(0, 8) }, (_, number): PortalAct => {
    const manual = chance.happens(0.3);
    const kind = manual ? chance.pick(['user', 'user', 'org', 'class'] as const) : chance.pick(RECORD_KINDS);
    const columns = textColumns(kind);
    const value = chance.pick([`edit-${number}`, `edit-${number}`, 'o1', 'u1', 'nobody', null]);
    const fields = columns.length === 0 ? {} : { [chance.pick(columns)]: value };
    return {
      name: `${districtId}/portal-${number}`,
      districtId,
      atMillis: chance.integer(0, untilMillis),
      kind,
      sourcedId: manual ? null : chance.pick(IDS[kind]),
      fields: manual && kind === 'user' ? { username: 'Ann', email: 'Ann', ...fields } : fields,
    };
  });
}
