import type { RecordKind } from '../../../lib/core/oneroster/kinds.ts';
import { idOfLine, valuesOfLine } from '../../../lib/core/oneroster/record-line.ts';
import { storedColumnsOf } from '../../../lib/core/oneroster/tables.ts';
import { ModelTable } from '../../support/model-table.ts';
import { edited, inMode, PLAIN, withCopy, without } from '../../support/plain-delivery.ts';
import { sync, type Trial } from '../../support/plan-trial.ts';
import { filesOf, type SmallDelivery, uploadOf } from '../../support/small-delivery.ts';

const written = (delivery: SmallDelivery) => uploadOf(filesOf(delivery));

async function afterDays(...deliveries: readonly SmallDelivery[]): Promise<Trial & { table: ModelTable }> {
  const table = new ModelTable();
  let last: Trial | null = null;
  for (const delivery of deliveries) last = await sync(written(delivery), table);
  return { ...last!, table };
}

const inactive = (table: ModelTable): string[] =>
  table
    .all()
    .filter(({ status }) => status === 'inactive')
    .map(({ kind, line }) => `${kind} ${idOfLine(line)}`);

const cellOf = (table: ModelTable, kind: RecordKind, id: string, column: string): string | undefined =>
  valuesOfLine(table.get(kind, id)?.line ?? '')[storedColumnsOf(kind).findIndex(({ name }) => name === column)];

const saying = ({ result }: Trial, code: string) =>
  result.findings
    .filter((finding) => finding.code === code)
    .map(({ severity, file, row, column, sourcedId }) => [severity, file, row, column, sourcedId].join(' '));

describe('R5b: a missing record of a bulk file', () => {
  test.each<[RecordKind, string]>([
    ['org', 'district'],
    ['org', 'school'],
    ['academicSession', 'year'],
    ['academicSession', 'term'],
    ['course', 'course'],
    ['class', 'class'],
  ])('%s %s is kept, and named, while rows still refer to it; those rows stand', async (kind, id) => {
    const full = withOtherClass(PLAIN);
    const trial = await afterDays(full, without(full, kind, id));
    expect(trial.changes).toEqual([]);
    expect(saying(trial, 'kept-because-referred')).toEqual([expect.stringContaining(`csv   ${id}`)]);
  });

  test('is removed when the last row that refers to it is gone too', async () => {
    const full = withOtherClass(PLAIN);
    const trial = await afterDays(full, without(without(full, 'class', 'class'), 'enrollment', 'seat', 'desk'));
    expect(inactive(trial.table)).toEqual(['class class', 'enrollment seat', 'enrollment desk']);
    expect(saying(trial, 'kept-because-referred')).toEqual([]);
  });

  test('keeps what it refers to itself: class, course and school year', async () => {
    const full = withOtherClass(PLAIN);
    const fewer = without(without(full, 'class', 'class'), 'course', 'course');
    const trial = await afterDays(full, without(fewer, 'academicSession', 'year'));
    expect(trial.changes).toEqual([]);
    const named = saying(trial, 'kept-because-referred').map((text) => text.split(' ').at(-1));
    expect(named).toEqual(['year', 'course', 'class']);
  });

  test('user: is deactivated whatever still refers to them, and their enrollments go with them', async () => {
    const trial = await afterDays(PLAIN, without(PLAIN, 'user', 'student'));
    expect(inactive(trial.table)).toEqual(['user student', 'enrollment seat', 'demographics student']);
    expect(saying(trial, 'user-removed')).toEqual([
      'error enrollments.csv 2 userSourcedId seat',
      'error demographics.csv 2 sourcedId student',
    ]);
    expect(trial.result.files['enrollments']).toEqual({ mode: 'bulk', rows: 2, valid: 1, errors: 1 });
  });

  test('user: their enrollments go with them also when enrollments.csv is a delta', async () => {
    const delta = inMode(without(PLAIN, 'enrollment', 'seat'), 'delta', 'enrollment');
    const trial = await afterDays(PLAIN, without(delta, 'user', 'student'));
    expect(inactive(trial.table)).toEqual(['user student', 'enrollment seat', 'demographics student']);
  });

  test('agent: the reference is dropped with a warning, the student stays', async () => {
    const trial = await afterDays(PLAIN, without(PLAIN, 'user', 'parent'));
    expect(inactive(trial.table)).toEqual(['user parent']);
    expect(cellOf(trial.table, 'user', 'student', 'agentSourcedIds')).toBe('');
    expect(saying(trial, 'unresolved-reference')).toEqual(['warning users.csv 2 agentSourcedIds student']);
  });
});

describe('R5b: a reference', () => {
  test('resolves when its target is active in the table and its file is absent', async () => {
    const trial = await afterDays(PLAIN, inMode(PLAIN, 'absent', 'org', 'academicSession', 'course', 'user', 'class'));
    expect(trial.result.findingCounts.error).toBe(0);
    expect(trial.changes).toEqual([]);
  });

  test('resolves when its target is active in the table and its row is damaged', async () => {
    const trial = await afterDays(PLAIN, edited(PLAIN, 'class', 'class', { title: '' }));
    expect(trial.changes).toEqual([]);
    expect(saying(trial, 'unresolved-reference')).toEqual([]);
  });

  test('does not resolve when its target is damaged and the table has no such record', async () => {
    const trial = await afterDays(edited(PLAIN, 'class', 'class', { title: '' }));
    expect(trial.table.get('class', 'class')).toBeUndefined();
    expect(trial.table.get('enrollment', 'seat')).toBeUndefined();
    expect(saying(trial, 'unresolved-reference')).toHaveLength(2);
  });

  test('does not resolve when its target is inactive in the table', async () => {
    const absent = inMode(PLAIN, 'absent', 'org', 'academicSession', 'course', 'user');
    const twoDays = [PLAIN, edited(PLAIN, 'class', 'class', { status: 'tobedeleted' })];
    const trial = await afterDays(...twoDays, inMode(absent, 'absent', 'class'));
    expect(saying(trial, 'unresolved-reference')).toHaveLength(2);
  });

  test('that is required and unresolved is an error of its row: the record keeps what the table has', async () => {
    const trial = await afterDays(
      PLAIN,
      edited(PLAIN, 'enrollment', 'seat', { classSourcedId: 'nowhere', role: 'teacher' }),
    );
    expect(trial.changes).toEqual([]);
    expect(saying(trial, 'unresolved-reference')).toEqual(['error enrollments.csv 2 classSourcedId seat']);
  });

  test.each<[RecordKind, string, string]>([
    ['course', 'course', 'schoolYearSourcedId'],
    ['org', 'school', 'parentSourcedId'],
    ['academicSession', 'term', 'parentSourcedId'],
    ['user', 'student', 'agentSourcedIds'],
  ])('that is optional and unresolved is a warning and blank: %s %s %s', async (kind, id, column) => {
    const trial = await afterDays(edited(PLAIN, kind, id, { [column]: 'nowhere' }));
    expect(cellOf(trial.table, kind, id, column)).toBe('');
    expect(trial.result.findingCounts).toMatchObject({ error: 0, warning: 1 });
  });

  test('inside a list loses only the items that are not there', async () => {
    const trial = await afterDays(edited(PLAIN, 'user', 'student', { agentSourcedIds: 'nowhere,parent,student' }));
    expect(cellOf(trial.table, 'user', 'student', 'agentSourcedIds')).toBe('parent,student');
  });

  test('of a delta to what was sent before resolves through the table', async () => {
    const delta = inMode(PLAIN, 'delta', 'enrollment', 'user');
    const only = without(edited(delta, 'enrollment', 'seat', { role: 'proctor' }), 'user', 'student');
    const trial = await afterDays(PLAIN, only);
    expect(trial.changes).toHaveLength(1);
    expect(trial.result.findingCounts.error).toBe(0);
  });
});

describe('R5b: rows of one sourcedId', () => {
  test('that are equal count once, with a warning', async () => {
    const trial = await afterDays(withCopy(PLAIN, 'user', 'student'));
    expect(saying(trial, 'duplicate-row')).toEqual(['warning users.csv 5  student']);
    expect(trial.result.files['users']).toMatchObject({ rows: 4, valid: 4, errors: 0 });
    expect(trial.table.get('user', 'student')?.status).toBe('active');
  });

  test('that differ only in what is not stored are equal', async () => {
    const trial = await afterDays(withCopy(PLAIN, 'user', 'student', { password: 'secret', phone: '1' }));
    expect(trial.result.findingCounts.byCode['duplicate-row']).toBe(1);
  });

  test('that differ are all errors, each named, and protect the record', async () => {
    const trial = await afterDays(
      PLAIN,
      withCopy(withCopy(PLAIN, 'user', 'student'), 'user', 'student', { grades: '08' }),
    );
    expect(trial.changes).toEqual([]);
    expect(saying(trial, 'duplicate-id')).toEqual([
      'error users.csv 2 sourcedId student',
      'error users.csv 6 sourcedId student',
    ]);
    expect(trial.result.files['users']).toMatchObject({ rows: 5, valid: 2, errors: 3 });
  });

  test('of which one deletes and one does not contradict each other', async () => {
    const trial = await afterDays(PLAIN, withCopy(PLAIN, 'user', 'student', { status: 'tobedeleted' }));
    expect(trial.changes).toEqual([]);
    expect(saying(trial, 'duplicate-id')).toHaveLength(2);
  });
});

test('R20: sourcedIds that differ only in case are two records', async () => {
  const trial = await afterDays(rename(withCopy(PLAIN, 'user', 'teacher'), 'user', 'teacher', 'TEACHER'));
  expect(trial.result.changes.users.add).toBe(4);
});

test.each<[string, string]>([
  ['before', ' teacher'],
  ['after', 'teacher '],
])('R5: a blank %s a sourcedId protects the record without it, wherever the row stands', async (_where, id) => {
  const others = without(PLAIN, 'user', 'teacher').user.rows;
  const row = { ...PLAIN.user.rows.find((each) => each.id === 'teacher')!, id };
  const trials = [
    [row, ...others],
    [...others, row],
  ].map((rows) => afterDays(PLAIN, { ...PLAIN, user: { mode: 'bulk', rows } }));
  for (const trial of await Promise.all(trials)) {
    expect(trial.changes).toEqual([]);
    expect(saying(trial, 'id-blanks')).toHaveLength(1);
  }
});

/** With the last row of this id under another one. */
function rename(delivery: SmallDelivery, kind: RecordKind, from: string, to: string): SmallDelivery {
  const last = delivery[kind].rows.findLastIndex(({ id }) => id === from);
  const rows = delivery[kind].rows.map((row, i) => (i === last ? { ...row, id: to } : row));
  return { ...delivery, [kind]: { ...delivery[kind], rows } };
}

/** With a second course, class and enrollment, so that files still have rows when the first ones are missing. */
function withOtherClass(delivery: SmallDelivery): SmallDelivery {
  const terms = edited(delivery, 'academicSession', 'term', { parentSourcedId: '' });
  const courses = rename(withCopy(terms, 'course', 'course', { schoolYearSourcedId: '' }), 'course', 'course', 'art');
  const classes = rename(
    withCopy(courses, 'class', 'class', { courseSourcedId: 'art' }),
    'class',
    'class',
    'art-class',
  );
  const copy = withCopy(classes, 'enrollment', 'seat', { classSourcedId: 'art-class' });
  return rename(copy, 'enrollment', 'seat', 'art-seat');
}

test('R5: in a row of another width only a sourcedId in the first column can be trusted', async () => {
  const files = filesOf(
    inMode(PLAIN, 'absent', 'academicSession', 'course', 'user', 'class', 'enrollment', 'demographics'),
  );
  const orgs = (last: string) =>
    uploadOf({ ...files, 'orgs.csv': `name,sourcedId,type\nMaple,district,district\n${last}\n` });
  const table = new ModelTable();
  await sync(orgs('Maple High,school,school'), table);
  const trial = await sync(orgs('Maple High,school'), table);
  expect(trial.changes).toEqual([]);
  expect(trial.result.profile.unreadableRows.orgs).toBe(1);
  expect(saying(trial, 'removals-withheld')).toHaveLength(1);
});
