import { detached } from '../oneroster/detached.ts';
import { isStudent, type SchoolKind, schoolsOf } from './school-cells.ts';

/** What of a school is counted (R11). Students are also users. */
export const SCHOOL_MEASURES = ['students', 'users', 'enrollments', 'classes'] as const;

export type SchoolMeasure = (typeof SCHOOL_MEASURES)[number];

/** How many a school has before the plan, and how many of those it no longer has after it. */
export interface SchoolCount {
  active: number;
  lost: number;
}

/** The counts of one school, or of another org that users belong to. */
export type SchoolCounts = Readonly<Record<SchoolMeasure, SchoolCount>>;

const MEASURES_OF = { user: ['students', 'users'], class: ['classes'], enrollment: ['enrollments'] } as const;
const MEASURE_OF = { class: 'classes', enrollment: 'enrollments' } as const;

/** Counts by school what there is and what a plan takes away. Keeps counters only, some hundred bytes per school. */
export class SchoolTally {
  readonly #schools = new Map<string, SchoolCounts>();
  /** Records of one school tend to follow each other. */
  #lastId = '';
  #last: SchoolCounts | null = null;

  /** The active records of a kind are about to be read, or to be read again. */
  restart(kind: SchoolKind): void {
    for (const counts of this.#schools.values()) for (const measure of MEASURES_OF[kind]) counts[measure].active = 0;
  }

  /** An active record of the table. */
  sawActive(kind: SchoolKind, line: string): void {
    const schools = schoolsOf(kind, line);
    if (kind !== 'user') {
      if (schools !== '') this.#countsOf(schools)[MEASURE_OF[kind]].active++;
      return;
    }
    const student = isStudent(line);
    for (const id of listed(schools)) {
      const counts = this.#countsOf(id);
      counts.users.active++;
      if (student) counts.students.active++;
    }
  }

  /** What was active and is (`after`) another line now, or gone (null). What a school gains does not make up for it. */
  sawChange(kind: SchoolKind, before: string, after: string | null): void {
    const had = schoolsOf(kind, before);
    const has = after === null ? '' : schoolsOf(kind, after);
    if (kind !== 'user') {
      if (had !== '' && had !== has) this.#countsOf(had)[MEASURE_OF[kind]].lost++;
      return;
    }
    const student = isStudent(before);
    const staysStudent = after !== null && isStudent(after);
    if (had === has && student === staysStudent) return;
    const stays = new Set(listed(has));
    for (const id of listed(had)) {
      const counts = this.#countsOf(id);
      if (!stays.has(id)) counts.users.lost++;
      if (student && !(staysStudent && stays.has(id))) counts.students.lost++;
    }
  }

  /** The schools that lose something. */
  *losing(): Generator<readonly [schoolSourcedId: string, counts: SchoolCounts]> {
    for (const [id, counts] of this.#schools) {
      if (SCHOOL_MEASURES.some((measure) => counts[measure].lost > 0)) yield [id, counts];
    }
  }

  #countsOf(id: string): SchoolCounts {
    if (this.#last !== null && id === this.#lastId) return this.#last;
    let counts = this.#schools.get(id);
    if (counts === undefined) {
      counts = { students: none(), users: none(), enrollments: none(), classes: none() };
      this.#schools.set(detached(id), counts);
    }
    this.#lastId = id;
    this.#last = counts;
    return counts;
  }
}

const none = (): SchoolCount => ({ active: 0, lost: 0 });

/** The ids of a list cell, each once. */
function listed(cell: string): readonly string[] {
  if (cell === '') return [];
  return cell.includes(',') ? [...new Set(cell.split(','))] : [cell];
}
