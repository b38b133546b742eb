import type { FindingLog } from '../oneroster/finding-log.ts';
import type { RecordKind } from '../oneroster/kinds.ts';
import { FIELD_SEPARATOR } from '../oneroster/record-line.ts';
import { storedColumnsOf } from '../oneroster/tables.ts';
import { findCaseTwins } from './case-twins.ts';
import { findParentCycles } from './parent-cycles.ts';
import type { ManualUserLook } from './plan-input.ts';
import { ROW_USABLE, RowStore } from './row-store.ts';
import { TargetTypes } from './target-types.ts';

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
  readonly #targetTypes: TargetTypes;
  /** Usernames of users.csv while it is read, folded: 300,000 of them in about 20 MB. */
  #usernames = new RowStore();

  constructor(log: FindingLog) {
    this.#log = log;
    this.#targetTypes = new TargetTypes(log);
  }

  /** Manual users, to be known before users.csv is read (R2). */
  addManualUsers(users: readonly ManualUserLook[]): void {
    for (const { username, email } of users) {
      if (username !== '') this.#manual.add(`u${username.toLowerCase()}`);
      if (email !== '') this.#manual.add(`e${email.toLowerCase()}`);
    }
  }

  /** Looks at a usable row. */
  observe(kind: RecordKind, file: string, row: number, sourcedId: string, values: readonly string[]): void {
    this.#targetTypes.observe(kind, file, row, sourcedId, values);
    if (kind === 'enrollment') {
      if (values[ENROLLMENT_ROLE] !== 'teacher' || values[ENROLLMENT_PRIMARY] !== 'true') return;
      const at = this.#classes?.find(values[ENROLLMENT_CLASS]!) ?? -1;
      if (at >= 0 && this.#primaryTeachers[at]! < 2) this.#primaryTeachers[at]!++;
    } else if (kind === 'user') {
      this.#noteUsername(values[USER_NAME]!.toLowerCase(), file, row, sourcedId);
      if (this.#manual.size === 0 || !this.#looksManual(values)) return;
      this.#log.add('manual-lookalike', { file, row, sourcedId });
    } else if (kind === 'academicSession' && values[SESSION_TYPE] === 'schoolYear') {
      if (values[SESSION_END]!.slice(0, 4) === values[SESSION_YEAR]) return;
      this.#log.add('school-year-start', { file, row, column: 'schoolYear', sourcedId });
    }
  }

  /** After the last row of a file: what only the whole file shows, and what later files need of it. */
  finish(kind: RecordKind, file: string, store: RowStore): void {
    this.#targetTypes.learn(kind, store);
    if (kind === 'class') {
      this.#classes = store;
      this.#primaryTeachers = new Uint8Array(store.count);
    }
    if (kind === 'user') this.#usernames = new RowStore();
    if (kind === 'enrollment') this.#sayPrimaryTeachers(file);
    if (kind !== 'demographics') this.#sayCaseTwins(file, store);
    if (kind === 'org' || kind === 'academicSession') this.#sayCycles(kind, file, store);
  }

  #sayPrimaryTeachers(file: string): void {
    this.#primaryTeachers.forEach((count, at) => {
      if (count < 2) return;
      const sourcedId = this.#classes!.id(at);
      this.#log.add('several-primary-teachers', { file, column: 'primary', sourcedId });
    });
  }

  #sayCaseTwins(file: string, store: RowStore): void {
    for (const index of findCaseTwins(store)) {
      const place = { file, row: store.rowOf(index), column: 'sourcedId', sourcedId: store.id(index) };
      this.#log.add('ids-differ-in-case', place);
    }
  }

  #sayCycles(kind: RecordKind, file: string, store: RowStore): void {
    for (const { index, length } of findParentCycles(kind, store)) {
      const place = { file, row: store.rowOf(index), column: 'parentSourcedId', sourcedId: store.id(index) };
      this.#log.add(length === 1 ? 'own-parent' : 'parent-cycle', place, { count: length });
    }
  }

  #noteUsername(folded: string, file: string, row: number, sourcedId: string): void {
    if (this.#usernames.find(folded) < 0) this.#usernames.append(folded, folded + FIELD_SEPARATOR, ROW_USABLE, row);
    else this.#log.add('duplicate-username', { file, row, column: 'username', sourcedId });
  }

  #looksManual(values: readonly string[]): boolean {
    const username = values[USER_NAME]!.toLowerCase();
    const email = values[USER_EMAIL]!.toLowerCase();
    return this.#manual.has(`u${username}`) || (email !== '' && this.#manual.has(`e${email}`));
  }
}
