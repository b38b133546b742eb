import type { RecordKind } from '../../../lib/core/oneroster/kinds.ts';
import { joinLine } from '../../../lib/core/oneroster/record-line.ts';
import { storedColumnsOf } from '../../../lib/core/oneroster/tables.ts';
import type { Change, ChangeOp, RecordImage, RecordStatus } from '../../../lib/core/plan/change.ts';

/** A record line with the given values, others blank. */
export const lineOf = (kind: RecordKind, sourcedId: string, values: Readonly<Record<string, string>>): string =>
  joinLine(
    sourcedId,
    storedColumnsOf(kind).map((column) => values[column.name] ?? ''),
  );

/** A user of schools (comma separated). */
export const userLine = (id: string, orgs: string, extra: Readonly<Record<string, string>> = {}): string =>
  lineOf('user', id, {
    enabledUser: 'true',
    orgSourcedIds: orgs,
    role: 'student',
    username: `name-${id}`,
    givenName: 'Maria',
    familyName: 'Gómez',
    ...extra,
  });

export const active = (line: string): RecordImage => ({ status: 'active', line });
export const inactive = (line: string): RecordImage => ({ status: 'inactive', line });

const OPS: Record<`${RecordStatus | 'none'}-${RecordStatus}`, ChangeOp> = {
  'none-active': 'add',
  'none-inactive': 'add',
  'active-active': 'update',
  'inactive-inactive': 'update',
  'active-inactive': 'deactivate',
  'inactive-active': 'reactivate',
};

/** The change from one image to another. */
export const change = (
  kind: RecordKind,
  productId: string,
  before: RecordImage | null,
  after: RecordImage,
): Change => ({ op: OPS[`${before?.status ?? 'none'}-${after.status}`], kind, productId, before, after });

export const STAMP = { syncId: 's-1', at: '2026-11-23T18:47:00.000Z' };
