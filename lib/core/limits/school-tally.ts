import { detached } from '../oneroster/detached.ts';
import { roleGroupOf, type SchoolKind, schoolsOf } from './school-cells.ts';

/** What of a school is counted (R11). Students and staff are also users; a parent is a user only. */
export const SCHOOL_MEASURES = ['students', 'users', 'enrollments', 'classes', 'staff'] as const;

export type SchoolMeasure = (typeof SCHOOL_MEASURES)[number];

/** How many a school has before the plan, how many of those it no longer has after it, and how many others it has then. */
export interface SchoolCount {
  active: number;
  lost: number;
  gained: number;
}

/** The counts of one school, or of another org that users belong to. */
export type SchoolCounts = Readonly<Record<SchoolMeasure, SchoolCount>>;

/** Where a user is counted, and as what. */
interface Side {
  readonly schools: readonly string[];
  readonly measures: readonly SchoolMeasure[];
}

const MEASURES_OF = {
  user: ['students', 'users', 'staff'],
  class: ['classes'],
  enrollment: ['enrollments'],
} as const satisfies Record<SchoolKind, readonly SchoolMeasure[]>;
const MEASURE_OF = { class: 'classes', enrollment: 'enrollments' } as const;

/** One list for each group of roles, so that equal groups are the same list. */
const MEASURES_OF_GROUP = {
  student: ['users', 'students'],
  staff: ['users', 'staff'],
  other: ['users'],
} as const satisfies Record<string, readonly SchoolMeasure[]>;

const NOWHERE: Side = { schools: [], measures: [] };

/** Counts by school what there is and what a plan takes away or brings. Keeps counters only, some hundred bytes per school. */
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
    const measures = measuresOf(line);
    for (const id of listed(schools)) {
      const counts = this.#countsOf(id);
      for (const measure of measures) counts[measure].active++;
    }
  }

  /**
   * A record before and after, as far as it is active then (null: it is not). What a school gains does not make up for
   * what it loses.
   */
  sawChange(kind: SchoolKind, before: string | null, after: string | null): void {
    const had = before === null ? '' : schoolsOf(kind, before);
    const has = after === null ? '' : schoolsOf(kind, after);
    if (kind !== 'user') {
      if (had === has) return;
      if (had !== '') this.#countsOf(had)[MEASURE_OF[kind]].lost++;
      if (has !== '') this.#countsOf(has)[MEASURE_OF[kind]].gained++;
      return;
    }
    const was: Side = before === null ? NOWHERE : { schools: listed(had), measures: measuresOf(before) };
    const is: Side = after === null ? NOWHERE : { schools: listed(has), measures: measuresOf(after) };
    if (had === has && was.measures === is.measures) return;
    this.#count(was, is, 'lost');
    this.#count(is, was, 'gained');
  }

  /** The schools that lose something. */
  *losing(): Generator<readonly [schoolSourcedId: string, counts: SchoolCounts]> {
    for (const [id, counts] of this.#schools) {
      if (SCHOOL_MEASURES.some((measure) => counts[measure].lost > 0)) yield [id, counts];
    }
  }

  /** How many a school has when the plan is applied. */
  after(schoolSourcedId: string, measure: SchoolMeasure): number {
    const count = this.#schools.get(schoolSourcedId)?.[measure];
    return count === undefined ? 0 : count.active - count.lost + count.gained;
  }

  /** What is on one side and not on the other. */
  #count(here: Side, there: Side, as: 'lost' | 'gained'): void {
    const both = new Set(there.schools);
    for (const id of here.schools) {
      const counts = this.#countsOf(id);
      for (const measure of here.measures) {
        if (!both.has(id) || !there.measures.includes(measure)) counts[measure][as]++;
      }
    }
  }

  #countsOf(id: string): SchoolCounts {
    if (this.#last !== null && id === this.#lastId) return this.#last;
    let counts = this.#schools.get(id);
    if (counts === undefined) {
      counts = { students: none(), users: none(), enrollments: none(), classes: none(), staff: none() };
      this.#schools.set(detached(id), counts);
    }
    this.#lastId = id;
    this.#last = counts;
    return counts;
  }
}

const none = (): SchoolCount => ({ active: 0, lost: 0, gained: 0 });

const measuresOf = (userLine: string): readonly SchoolMeasure[] => MEASURES_OF_GROUP[roleGroupOf(userLine)];

/** The ids of a list cell, each once. */
function listed(cell: string): readonly string[] {
  if (cell === '') return [];
  return cell.includes(',') ? [...new Set(cell.split(','))] : [cell];
}
