import { headerOf } from '../../lib/core/oneroster/tables.ts';
import { type Day, generateDistrict } from '../../lib/generate/generate-district.ts';

/** Counts the rows of one file by a property of each. */
function countBy(
  day: Day,
  kind: 'user' | 'class' | 'enrollment' | 'org',
  of: (cell: (name: string) => string) => string,
) {
  const file = day.files.find((each) => each.kind === kind);
  const header = headerOf(kind);
  const counts = new Map<string, number>();
  for (let at = 0; at < (file?.rowCount ?? 0); at += 1) {
    const cells = file?.cells(at) ?? [];
    const key = of((name) => cells[header.indexOf(name)] ?? '');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** The figures that facts/oneroster.md §10 gives, measured on day 1. */
function shapeOf(students: number) {
  for (const day of generateDistrict({ students, seed: 'ratios', guardians: true })) {
    const roles = countBy(day, 'user', (cell) => cell('role'));
    const enrollments = countBy(day, 'enrollment', (cell) => `${cell('role')} ${cell('primary')}`);
    const classes = [...countBy(day, 'class', (cell) => cell('classType')).values()].reduce(
      (sum, each) => sum + each,
      0,
    );
    const severalOrgs = countBy(day, 'user', (cell) => `${cell('role')} ${cell('orgSourcedIds').includes(',')}`);
    return {
      roles,
      enrollments,
      classes,
      severalOrgs,
      grades: countBy(day, 'user', (cell) => cell('grades')),
      orgs: countBy(day, 'org', (cell) => cell('type')),
    };
  }
  throw new Error('no day');
}

describe('a district has the proportions of real ones', () => {
  const shape = shapeOf(2_000);
  const student = shape.enrollments.get('student false') ?? 0;
  const coTeachers = shape.enrollments.get('teacher false') ?? 0;
  const total = [...shape.enrollments.values()].reduce((sum, each) => sum + each, 0);

  test.each<[string, number, number, number]>([
    ['students', shape.roles.get('student') ?? 0, 2_000, 2_000],
    ['schools of 492', shape.orgs.get('school') ?? 0, 4, 4],
    ['students per teacher', 2_000 / (shape.roles.get('teacher') ?? 0), 14.5, 16.3],
    ['guardians per student', (shape.roles.get('guardian') ?? 0) / 2_000, 1.5, 1.7],
    ['enrollments per student', total / 2_000, 8.2, 8.9],
    ['students per class', student / shape.classes, 19, 23],
    ['classes with a second teacher', coTeachers / shape.classes, 0.07, 0.13],
    ['students with two schools', (shape.severalOrgs.get('student true') ?? 0) / 2_000, 0.004, 0.02],
    ['administrators', shape.roles.get('administrator') ?? 0, 5, 20],
    ['aides', shape.roles.get('aide') ?? 0, 10, 60],
  ])('%s', (_, value, low, high) => {
    expect(value).toBeGreaterThanOrEqual(low);
    expect(value).toBeLessThanOrEqual(high);
  });

  test('every grade from kindergarten to 12 has its thirteenth', () => {
    const { grades } = shape;
    grades.delete('');
    expect(grades.size).toBe(13);
    for (const count of grades.values()) expect(Math.abs(count - 2_000 / 13)).toBeLessThan(1);
  });
});
