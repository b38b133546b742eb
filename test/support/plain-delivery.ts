import { RECORD_KINDS, type RecordKind } from '../../lib/core/oneroster/kinds.ts';
import type { SmallDelivery, SmallFile, SmallMode, SmallRow } from './small-delivery.ts';

type Values = Readonly<Record<string, string>>;

const row = (id: string, values: Values): SmallRow => ({
  id,
  status: '',
  defect: null,
  cells: Object.fromEntries(Object.entries(values).map(([name, raw]) => [name, { raw, means: raw }])),
});

const user = (id: string, role: string, more: Values = {}): SmallRow =>
  row(id, {
    enabledUser: 'true',
    orgSourcedIds: 'school',
    role,
    username: `${id}.name`,
    givenName: 'Ann',
    familyName: 'Lee',
    ...more,
  });

const enrollment = (id: string, userSourcedId: string, role: string): SmallRow =>
  row(id, { classSourcedId: 'class', schoolSourcedId: 'school', userSourcedId, role, primary: 'false' });

const ROWS: Readonly<Record<RecordKind, readonly SmallRow[]>> = {
  org: [
    row('district', { name: 'Maple', type: 'district' }),
    row('school', { name: 'Maple High', type: 'school', parentSourcedId: 'district' }),
  ],
  academicSession: [
    row('year', {
      title: '2026/27',
      type: 'schoolYear',
      startDate: '2026-08-15',
      endDate: '2027-06-10',
      schoolYear: '2027',
    }),
    row('term', {
      title: 'Fall',
      type: 'term',
      startDate: '2026-08-15',
      endDate: '2026-12-20',
      parentSourcedId: 'year',
      schoolYear: '2027',
    }),
  ],
  course: [row('course', { title: 'Reading', orgSourcedId: 'district', schoolYearSourcedId: 'year' })],
  user: [
    user('student', 'student', { agentSourcedIds: 'parent', grades: '07' }),
    user('teacher', 'teacher'),
    user('parent', 'parent'),
  ],
  class: [
    row('class', {
      title: 'Reading 1',
      courseSourcedId: 'course',
      classType: 'scheduled',
      schoolSourcedId: 'school',
      termSourcedIds: 'term',
    }),
  ],
  enrollment: [enrollment('seat', 'student', 'student'), enrollment('desk', 'teacher', 'teacher')],
  demographics: [row('student', { birthDate: '2013-02-03', sex: 'female' })],
};

/** A district of one class, as a full export: every record is referred to by the next. */
export const PLAIN: SmallDelivery = Object.fromEntries(
  RECORD_KINDS.map((kind): [RecordKind, SmallFile] => [kind, { mode: 'bulk', rows: ROWS[kind] }]),
) as Record<RecordKind, SmallFile>;

const withRows = (delivery: SmallDelivery, kind: RecordKind, rows: readonly SmallRow[]): SmallDelivery => ({
  ...delivery,
  [kind]: { ...delivery[kind], rows },
});

/** Without the rows of these ids. */
export const without = (delivery: SmallDelivery, kind: RecordKind, ...ids: readonly string[]): SmallDelivery =>
  withRows(
    delivery,
    kind,
    delivery[kind].rows.filter(({ id }) => !ids.includes(id)),
  );

/** With these cells (or `status`) of one row written otherwise. */
export const edited = (delivery: SmallDelivery, kind: RecordKind, id: string, cells: Values): SmallDelivery =>
  withRows(
    delivery,
    kind,
    delivery[kind].rows.map((each) => (each.id === id ? editedRow(each, cells) : each)),
  );

function editedRow(each: SmallRow, { status, ...cells }: Values): SmallRow {
  return { ...each, status: status ?? each.status, cells: { ...each.cells, ...row('', cells).cells } };
}

/** With one more row after the others. */
export const withRow = (delivery: SmallDelivery, kind: RecordKind, more: SmallRow): SmallDelivery =>
  withRows(delivery, kind, [...delivery[kind].rows, more]);

/** With a copy of a row after the others, changed by `cells`. */
export function withCopy(delivery: SmallDelivery, kind: RecordKind, id: string, cells: Values = {}): SmallDelivery {
  const found = delivery[kind].rows.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no ${kind} ${id}`);
  return withRow(delivery, kind, editedRow(found, cells));
}

/** With files in other modes; a file that is `absent` or `header-only` loses its rows. */
export function inMode(delivery: SmallDelivery, mode: SmallMode, ...kinds: readonly RecordKind[]): SmallDelivery {
  const keepsRows = mode === 'bulk' || mode === 'delta';
  const entries = kinds.map((kind) => [kind, { mode, rows: keepsRows ? delivery[kind].rows : [] }]);
  return { ...delivery, ...Object.fromEntries(entries) };
}
