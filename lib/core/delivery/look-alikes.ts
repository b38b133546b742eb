/** A roster format that is not OneRoster, recognised by columns that only it has in that file (R9). */
interface LookAlike {
  readonly product: string;
  readonly marks: readonly Mark[];
}

/** A file with all of these columns, and without those that OneRoster requires there. */
interface Mark {
  readonly file: RegExp;
  readonly columns: readonly string[];
  readonly without?: readonly string[];
}

const LOOK_ALIKES: readonly LookAlike[] = [
  {
    product: 'School Data Sync v1',
    marks: [
      { file: /^(student|teacher)\.csv$/i, columns: ['SIS ID', 'School SIS ID', 'Username'] },
      { file: /^section\.csv$/i, columns: ['SIS ID', 'School SIS ID', 'Section Name'] },
      { file: /^(studentenrollment|teacherroster)\.csv$/i, columns: ['Section SIS ID', 'SIS ID'] },
      { file: /^school\.csv$/i, columns: ['SIS ID', 'Name'] },
    ],
  },
  {
    product: 'School Data Sync v2.1',
    marks: [
      { file: /^roles\.csv$/i, columns: ['userSourcedId', 'orgSourcedId', 'role', 'sessionSourcedId'] },
      { file: /^users\.csv$/i, columns: ['sourcedId', 'username', 'activeDirectoryMatchId'] },
      { file: /^userflags\.csv$/i, columns: ['userSourcedId', 'flag'] },
      {
        file: /^classes\.csv$/i,
        columns: ['sourcedId', 'orgSourcedId', 'title', 'sessionSourcedIds'],
        without: ['schoolSourcedId'],
      },
    ],
  },
  {
    product: 'School Data Sync v2',
    marks: [{ file: /^classes\.csv$/i, columns: ['sourcedId', 'orgSourcedId', 'title'], without: ['schoolSourcedId'] }],
  },
  {
    product: 'a Clever export',
    marks: [
      { file: /^students\.csv$/i, columns: ['School_id', 'Student_id'] },
      { file: /^teachers\.csv$/i, columns: ['School_id', 'Teacher_id'] },
      { file: /^sections\.csv$/i, columns: ['School_id', 'Section_id'] },
      { file: /^enrollments\.csv$/i, columns: ['School_id', 'Section_id', 'Student_id'] },
      { file: /^schools\.csv$/i, columns: ['School_id', 'School_name'] },
    ],
  },
  {
    product: 'a Canvas SIS export',
    marks: [
      { file: /^users\.csv$/i, columns: ['user_id', 'login_id'] },
      { file: /^courses\.csv$/i, columns: ['course_id', 'short_name'] },
      { file: /^enrollments\.csv$/i, columns: ['user_id', 'role', 'status'] },
      { file: /^sections\.csv$/i, columns: ['section_id', 'course_id'] },
      { file: /^terms\.csv$/i, columns: ['term_id', 'name', 'status'] },
    ],
  },
];

/** The product whose export this is, or null. `headers` maps file names as found to their header cells. */
export function recogniseLookAlike(headers: ReadonlyMap<string, readonly string[]>): string | null {
  const lower = [...headers].map(
    ([name, cells]) => [name, new Set(cells.map((cell) => cell.trim().toLowerCase()))] as const,
  );
  for (const { product, marks } of LOOK_ALIKES) {
    if (marks.some((mark) => lower.some(([name, cells]) => mark.file.test(name) && bears(cells, mark)))) return product;
  }
  return null;
}

function bears(cells: ReadonlySet<string>, { columns, without = [] }: Mark): boolean {
  const has = (column: string) => cells.has(column.toLowerCase());
  return columns.every(has) && !without.some(has);
}
