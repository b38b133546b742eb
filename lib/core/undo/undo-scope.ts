import type { RecordKind } from '../oneroster/kinds.ts';
import { idOfLine, valuesOfLine } from '../oneroster/record-line.ts';
import { storedColumnsOf } from '../oneroster/tables.ts';
import type { Change, StoredRecord } from '../plan/change.ts';
import type { UndoRequest } from '../sync/sync.ts';

/** Columns that say which school or user a record belongs to. */
const SCHOOL_COLUMNS: Readonly<Partial<Record<RecordKind, string>>> = {
  user: 'orgSourcedIds',
  class: 'schoolSourcedId',
  course: 'orgSourcedId',
  enrollment: 'schoolSourcedId',
};

const positionOf = (kind: RecordKind, name: string): number =>
  storedColumnsOf(kind).findIndex((column) => column.name === name);

const SCHOOL_AT = Object.fromEntries(
  Object.entries(SCHOOL_COLUMNS).map(([kind, name]) => [kind, positionOf(kind as RecordKind, name)]),
) as Readonly<Partial<Record<RecordKind, number>>>;

const ENROLLMENT_USER = positionOf('enrollment', 'userSourcedId');

/**
 * Which records an undo is about (R14): all, those of a school (the school itself, its users with their demographics, its
 * classes, courses and enrollments), or one user with enrollments and demographics.
 */
export class UndoScope {
  readonly #request: UndoRequest;
  readonly #usersOfSchool = new Set<string>();
  /** sourcedIds of the one user: two, where the sync re-keyed them. */
  readonly #user = new Set<string>();

  constructor(request: UndoRequest) {
    this.#request = request;
    if (request.user !== null) this.#user.add(request.user);
  }

  /** Remembers the users of the school, as the table has them. */
  sawUser(record: StoredRecord): void {
    if (this.#inSchool('user', record.line)) this.#usersOfSchool.add(idOfLine(record.line));
  }

  includes(change: Change): boolean {
    const { partner } = change;
    if (partner === undefined) return this.#includesRecord(change);
    if (![change, partner].some((each) => this.#includesRecord(each))) return false;
    // Both sides are one person: what belongs to either goes with them.
    for (const { after } of [change, partner]) {
      if (this.#request.user !== null) this.#user.add(idOfLine(after.line));
      if (this.#request.onlySchool !== null) this.#usersOfSchool.add(idOfLine(after.line));
    }
    return true;
  }

  #includesRecord({ kind, before, after }: Change): boolean {
    const { onlySchool, user } = this.#request;
    if (user !== null && !this.#isOfUser(kind, after.line)) return false;
    if (onlySchool === null) return true;
    const id = idOfLine(after.line);
    if (kind === 'demographics') return this.#usersOfSchool.has(id);
    const here = this.#inSchool(kind, after.line) || (before !== null && this.#inSchool(kind, before.line));
    if (here && kind === 'user') this.#usersOfSchool.add(id);
    return here;
  }

  #isOfUser(kind: RecordKind, line: string): boolean {
    if (kind === 'user' || kind === 'demographics') return this.#user.has(idOfLine(line));
    return kind === 'enrollment' && this.#user.has(valuesOfLine(line)[ENROLLMENT_USER] ?? '');
  }

  #inSchool(kind: RecordKind, line: string): boolean {
    const school = this.#request.onlySchool;
    if (school === null) return false;
    if (kind === 'org') return idOfLine(line) === school;
    const at = SCHOOL_AT[kind];
    return at !== undefined && (valuesOfLine(line)[at] ?? '').split(',').includes(school);
  }
}
