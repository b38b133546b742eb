import type { FindingLog } from '../oneroster/finding-log.ts';
import type { RecordKind } from '../oneroster/kinds.ts';
import { idOfLine } from '../oneroster/record-line.ts';
import { storedColumnsOf } from '../oneroster/tables.ts';
import type { ManualUserLook } from './plan-input.ts';
import type { RowStore } from './row-store.ts';

const at = (kind: RecordKind, column: string): number =>
  storedColumnsOf(kind).findIndex((each) => each.name === column);

const SESSION_TYPE = at('academicSession', 'type');
const SESSION_END = at('academicSession', 'endDate');
const SESSION_YEAR = at('academicSession', 'schoolYear');
const ENROLLMENT_CLASS = at('enrollment', 'classSourcedId');
const ENROLLMENT_ROLE = at('enrollment', 'role');
const ENROLLMENT_PRIMARY = at('enrollment', 'primary');
const USER_NAME = at('user', 'username');
const USER_EMAIL = at('user', 'email');

/** Says what is odd about rows that are valid by themselves: none of it changes what is stored. */
export class RowObserver {
  readonly #log: FindingLog;
  /** Primary teachers of each class, by the index of the class in its file. */
  #primaryTeachers = new Uint8Array(0);
  #classes: RowStore | null = null;
  readonly #manual = new Set<string>();

  constructor(log: FindingLog) {
    this.#log = log;
  }

  /** Manual users, to be known before users.csv is read (R2). */
  addManualUsers(users: readonly ManualUserLook[]): void {
    for (const { username, email } of users) {
      if (username !== '') this.#manual.add(`u${username.toLowerCase()}`);
      if (email !== '') this.#manual.add(`e${email.toLowerCase()}`);
    }
  }

  /** The classes of this delivery, before enrollments.csv is read. */
  setClasses(classes: RowStore): void {
    this.#classes = classes;
    this.#primaryTeachers = new Uint8Array(classes.count);
  }

  /** Looks at a usable row. */
  observe(kind: RecordKind, file: string, row: number, sourcedId: string, values: readonly string[]): void {
    if (kind === 'enrollment') {
      if (values[ENROLLMENT_ROLE] !== 'teacher' || values[ENROLLMENT_PRIMARY] !== 'true') return;
      const at = this.#classes?.find(values[ENROLLMENT_CLASS]!) ?? -1;
      if (at >= 0 && this.#primaryTeachers[at]! < 2) this.#primaryTeachers[at]!++;
    } else if (kind === 'user') {
      if (this.#manual.size === 0 || !this.#looksManual(values)) return;
      this.#log.add('manual-lookalike', { file, row, sourcedId });
    } else if (kind === 'academicSession' && values[SESSION_TYPE] === 'schoolYear') {
      if (values[SESSION_END]!.slice(0, 4) === values[SESSION_YEAR]) return;
      this.#log.add('school-year-start', { file, row, column: 'schoolYear', sourcedId });
    }
  }

  /** After enrollments.csv: what only the whole file shows. */
  finish(file: string): void {
    this.#primaryTeachers.forEach((count, at) => {
      if (count < 2) return;
      const sourcedId = idOfLine(this.#classes!.line(at));
      this.#log.add('several-primary-teachers', { file, column: 'primary', sourcedId });
    });
  }

  #looksManual(values: readonly string[]): boolean {
    const username = values[USER_NAME]!.toLowerCase();
    const email = values[USER_EMAIL]!.toLowerCase();
    return this.#manual.has(`u${username}`) || (email !== '' && this.#manual.has(`e${email}`));
  }
}
