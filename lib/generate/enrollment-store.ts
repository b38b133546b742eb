import { Lives } from './lives.ts';

/** What an enrollment row says of its user: student, the class's one primary teacher, or a further teacher. */
export const STUDENT = 0;
export const PRIMARY_TEACHER = 1;
export const CO_TEACHER = 2;
export type EnrollmentRole = typeof STUDENT | typeof PRIMARY_TEACHER | typeof CO_TEACHER;

/** No row: the end of a chain. */
export const NO_ROW = -1;

/**
 * All enrollments that ever were, in typed arrays (20 bytes each with `lives`). A row is one pair of class and user for
 * ever; it comes and goes. The rows of one student, and the staff rows of one class, are chained so that they can be found.
 */
export class EnrollmentStore {
  readonly lives: Lives;
  private classes: Uint32Array;
  private people: Uint32Array;
  private nexts: Int32Array;
  private begins: Uint16Array;
  private roles: Uint8Array;
  private length = 0;

  /** `expected` rows fit without growing. */
  constructor(expected: number) {
    this.lives = new Lives(expected);
    this.classes = new Uint32Array(expected);
    this.people = new Uint32Array(expected);
    this.nexts = new Int32Array(expected);
    this.begins = new Uint16Array(expected);
    this.roles = new Uint8Array(expected);
  }

  classOf(row: number): number {
    return this.classes[row] ?? 0;
  }

  personOf(row: number): number {
    return this.people[row] ?? 0;
  }

  roleOf(row: number): number {
    return this.roles[row] ?? STUDENT;
  }

  /** Offset of the begin date, see `dateText`. */
  beginOf(row: number): number {
    return this.begins[row] ?? 0;
  }

  /** The next row of the same chain. */
  nextOf(row: number): number {
    return this.nexts[row] ?? NO_ROW;
  }

  /** The row of a class and a person in the chain that starts at `head`, present or not. */
  find(head: number, classIndex: number, person: number): number {
    let row = head;
    while (row !== NO_ROW && (this.classes[row] !== classIndex || this.people[row] !== person)) row = this.nextOf(row);
    return row;
  }

  /** A pair that was never there before. Returns its row, the new head of the chain that started at `head`. */
  add(head: number, classIndex: number, person: number, role: EnrollmentRole, begin: number, day: number): number {
    const row = this.length;
    if (row === this.classes.length) this.grow();
    this.length += 1;
    this.classes[row] = classIndex;
    this.people[row] = person;
    this.nexts[row] = head;
    this.begins[row] = begin;
    this.roles[row] = role;
    this.lives.appear(row, day, true);
    return row;
  }

  /** The row is delivered with these values from today on. */
  put(row: number, role: number, begin: number, day: number): void {
    const changed = this.roles[row] !== role || this.begins[row] !== begin;
    this.roles[row] = role;
    this.begins[row] = begin;
    this.lives.appear(row, day, changed);
  }

  /** The delivered student rows of some classes, by class: one pass over all rows. */
  studentRowsOf(classes: ReadonlySet<number>): Map<number, number[]> {
    const rows = new Map<number, number[]>([...classes].map((each) => [each, []]));
    for (let row = 0; row < this.length; row += 1) {
      if (this.roles[row] !== STUDENT || !classes.has(this.classOf(row)) || !this.lives.isPresent(row)) continue;
      rows.get(this.classOf(row))?.push(row);
    }
    return rows;
  }

  private grow(): void {
    const room = Math.ceil((this.length + 64) * 1.3);
    const moved = <T extends Uint8Array | Uint16Array | Uint32Array | Int32Array>(into: T, from: T): T => {
      into.set(from);
      return into;
    };
    this.classes = moved(new Uint32Array(room), this.classes);
    this.people = moved(new Uint32Array(room), this.people);
    this.nexts = moved(new Int32Array(room), this.nexts);
    this.begins = moved(new Uint16Array(room), this.begins);
    this.roles = moved(new Uint8Array(room), this.roles);
  }
}
