import { cellOf, type Export, mapRows, mapTable, type TextTable, withCells } from './tables.ts';

/** How much happens between two nights. */
export interface Night {
  /** Students who leave, by their place in users.csv among the students. */
  readonly leave: (at: number) => boolean;
  readonly rename: (at: number) => boolean;
  /** Students who come, each into the classes of the first student of a school. */
  readonly come: number;
  readonly mark: string;
}

/** The same district a night later (or earlier): students left, came and were renamed, with all that belongs to them. */
export function anotherNight(tables: Export, { leave, rename, come, mark }: Night): Export {
  const students = tables.users.rows.filter((row) => cellOf(tables.users, row, 'role') === 'student');
  const idsOf = (chosen: (at: number) => boolean) =>
    new Set(students.filter((_, at) => chosen(at)).map(([id = '']) => id));
  const gone = idsOf(leave);
  const renamed = idsOf((at) => rename(at) && !leave(at));
  const idOf = { users: 'sourcedId', demographics: 'sourcedId', enrollments: 'userSourcedId' } as const;
  let next = tables;
  for (const name of ['users', 'demographics', 'enrollments'] as const) {
    next = mapTable(next, name, (table) =>
      mapRows(table, (row) => (gone.has(cellOf(table, row, idOf[name])) ? null : row)),
    );
  }
  next = mapTable(next, 'users', (table) =>
    mapRows(table, (row) =>
      renamed.has(row[0] ?? '') ? withCells(table, row, { familyName: `Newname ${mark}`, phone: '555-0199' }) : row,
    ),
  );
  for (let number = 0; number < come; number++)
    next = withNewcomer(next, students[number * 11]?.[0] ?? '', `${mark}${number}`);
  return next;
}

/** One more student, with the school, grade and classes of a model. */
function withNewcomer(tables: Export, model: string, mark: string): Export {
  const id = `stu-new-${mark}`;
  const copies = (table: TextTable, column: string, cells: (at: number) => Record<string, string>): TextTable => {
    const rows = table.rows.filter((row) => cellOf(table, row, column) === model);
    return { ...table, rows: [...table.rows, ...rows.map((row, at) => withCells(table, row, cells(at)))] };
  };
  const person = {
    ...{ username: `new${mark}`, email: `new${mark}@maple.example`, identifier: `n${mark}`, userIds: '' },
    ...{ givenName: 'Nova', agentSourcedIds: '' },
  };
  const enrollments = copies(tables.enrollments, 'userSourcedId', (at) => ({
    sourcedId: `enr-new-${mark}-${at}`,
    userSourcedId: id,
  }));
  return {
    ...tables,
    users: copies(tables.users, 'sourcedId', () => ({ sourcedId: id, ...person })),
    demographics: copies(tables.demographics, 'sourcedId', () => ({ sourcedId: id })),
    enrollments,
  };
}
