import type { EventType } from './events.ts';

/** A part of JSON Schema (2020-12), as plain data. */
type Schema = Readonly<Record<string, unknown>>;

const TEXT: Schema = { type: 'string', minLength: 1 };
const COUNT: Schema = { type: 'integer', minimum: 0 };
const CODES: Schema = { type: 'array', items: { type: 'string', minLength: 1 } };
const INSTANT: Schema = { type: 'string', format: 'date-time' };

const strict = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const counts = (...names: readonly string[]): Schema => strict(Object.fromEntries(names.map((name) => [name, COUNT])));

const FINDINGS = counts('error', 'warning', 'info');
const CHANGES: Schema = {
  type: 'object',
  additionalProperties: counts('add', 'update', 'deactivate', 'reactivate', 'unchanged'),
};

const FIELDS: Readonly<Record<EventType, Readonly<Record<string, Schema>>>> = {
  'rollcall.sync.applied': {
    syncId: TEXT,
    origin: { type: 'string', enum: ['delivery', 'undo', 'rekey'] },
    first: { type: 'boolean' },
    changes: CHANGES,
    findings: FINDINGS,
  },
  'rollcall.sync.held': {
    syncId: TEXT,
    codes: CODES,
    waitingDays: COUNT,
    changes: CHANGES,
    findings: FINDINGS,
  },
  'rollcall.sync.rejected': {
    syncId: TEXT,
    by: { type: 'string', enum: ['checks', 'person'] },
    codes: CODES,
    findings: FINDINGS,
  },
  'rollcall.sync.failed': { syncId: TEXT, code: TEXT },
  'rollcall.sync.late': {
    localDate: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
    expectedAt: INSTANT,
    dueAt: INSTANT,
  },
  'rollcall.sync.resumed': { syncId: TEXT },
  'rollcall.delivery.resumed': { deliveryId: TEXT },
  'rollcall.delivery.incomplete': { deliveryId: TEXT },
  'rollcall.delivery.blocked': { deliveryId: TEXT, blockedBy: { type: 'array', items: TEXT } },
  'rollcall.delivery.same-bytes': { deliveryId: TEXT, days: COUNT },
  'rollcall.district.weekly': {
    week: { type: 'string', pattern: '^\\d{4}-W\\d{2}$' },
    syncs: counts('applied', 'unchanged', 'held', 'rejected', 'incomplete', 'failed'),
    changed: counts('add', 'update', 'deactivate', 'reactivate'),
  },
};

/** What the `detail` of an event on the bus looks like, by its `detail-type`. docs/events.md shows the same. */
export const EVENT_SCHEMAS: Readonly<Record<EventType, Schema>> = Object.fromEntries(
  Object.entries(FIELDS).map(([type, fields]) => [
    type,
    strict({ type: { type: 'string', const: type }, eventId: TEXT, districtId: TEXT, ...fields }),
  ]),
) as Record<EventType, Schema>;
