import type { SurveyedFile } from '../delivery/survey.ts';
import type { FileRow } from '../delivery/table-file.ts';
import { detached } from '../oneroster/detached.ts';
import type { FindingLog } from '../oneroster/finding-log.ts';
import { type Header, readHeader } from '../oneroster/header.ts';
import { idProblem } from '../oneroster/ids.ts';
import { valuesOfLine } from '../oneroster/record-line.ts';
import { RowReader, type RowReaderInput } from '../oneroster/row-reader.ts';
import { isKnownRole, ROLES_COLUMNS, ROLES_TOLERATED, userRoleOf } from '../oneroster/version-1p2.ts';
import { RowGatherer, type RowTaker, type RowTotals, readRows } from './read-rows.ts';
import { ROW_DAMAGED, ROW_REMOVE, ROW_USABLE } from './row-store.ts';
import type { RoleRow, UserRoles } from './user-roles.ts';

/** roles.csv of OneRoster 1.2 (R9, facts §7). */
export interface RolesFile {
  readonly totals: RowTotals;
  /** Its rows; null where it is unreadable as a whole. */
  readonly rows: RoleRows | null;
}

/**
 * Reads roles.csv. A row with an error makes its user's row one, too: half of somebody's roles would change their
 * record (R5).
 */
export async function readRoles(
  surveyed: SurveyedFile,
  resolve: RowReaderInput['resolve'],
  log: FindingLog,
): Promise<RolesFile> {
  const { name: file, mode } = surveyed;
  const spec = { columns: ROLES_COLUMNS, tolerated: ROLES_TOLERATED, mode: mode === 'delta' ? mode : 'bulk' } as const;
  const header = surveyed.header === null ? null : readHeader(surveyed.header, spec, file, log);
  if (surveyed.header === null || header === null) {
    const widths = new WidthChecker(surveyed.header?.length ?? 0, file, log);
    if (surveyed.header !== null) await readRows(surveyed.entry.read(), widths, file, log, () => {});
    return { totals: widths.totals, rows: null };
  }
  const reader = new RowReader({ kind: 'role', file, mode: spec.mode, header, log, resolve, columns: ROLES_COLUMNS });
  const rows = new RoleRows(new RowGatherer(reader, file, log, () => {}), { header, file, mode: spec.mode, log });
  const sound = await readRows(surveyed.entry.read(), rows, file, log, () => {});
  if (sound && rows.totals.rows === 0) log.add('header-only', { file });
  return { totals: rows.totals, rows: sound ? rows : null };
}

interface RolesInput {
  readonly header: Header;
  readonly file: string;
  readonly mode: 'bulk' | 'delta';
  readonly log: FindingLog;
}

/** The rows of a roles.csv, gathered by their own sourcedId. */
export class RoleRows implements RowTaker {
  readonly #gatherer: RowGatherer;
  readonly #in: RolesInput;
  readonly #user: number;
  /** Users of rows that cannot be read. */
  readonly #damagedUsers = new Set<string>();
  /** Rows that cannot be read, not even whose role they are. */
  unnamed = 0;

  constructor(gatherer: RowGatherer, input: RolesInput) {
    this.#gatherer = gatherer;
    this.#in = input;
    this.#user = input.header.indexOf.get('userSourcedId') ?? -1;
  }

  /** `unreadable` counts the rows that do not say whose role they are: that is what matters here (R5). */
  get totals(): RowTotals {
    return { ...this.#gatherer.totals, unreadable: this.unnamed };
  }

  /** Whether the file says all about the roles of its users: no header-only one, no delta. */
  get whole(): boolean {
    return this.#in.mode === 'bulk' && this.#gatherer.totals.rows > 0;
  }

  take(row: FileRow): 'taken' | 'cut' {
    const before = this.#gatherer.totals.errors;
    const taken = this.#gatherer.take(row);
    if (this.#gatherer.totals.errors > before) this.#noteDamage(row);
    return taken;
  }

  finish(): void {
    this.#gatherer.finish();
  }

  /** Gives every user their roles. */
  fill(users: UserRoles): void {
    const { file, mode, log } = this.#in;
    const { store } = this.#gatherer;
    for (let i = 0; i < store.count; i++) {
      const place = { file, row: store.rowOf(i), sourcedId: store.id(i) };
      if (store.state(i) === ROW_REMOVE && mode === 'delta') log.add('role-end-unknown', place);
      const role = roleOf(store.line(i));
      if (role === null) continue;
      if (store.state(i) === ROW_DAMAGED) users.damage(role.userSourcedId);
      if (store.state(i) !== ROW_USABLE) continue;
      if (!users.add(role)) log.add('several-primary-roles', { ...place, column: 'role' });
      if (!isKnownRole(userRoleOf(role.role))) log.addOnce('role-not-mapped', { file, row: place.row, column: 'role' });
    }
    for (const user of this.#damagedUsers) users.damage(user);
  }

  /** After users.csv: says whose roles lead nowhere. Required and unresolved is an error (R5b). */
  checkUsers(hasRow: (user: string) => boolean, resolve: RowReaderInput['resolve']): void {
    const { file, log } = this.#in;
    const { store, totals } = this.#gatherer;
    for (let i = 0; i < store.count; i++) {
      const role = store.state(i) === ROW_USABLE ? roleOf(store.line(i)) : null;
      if (role === null || hasRow(role.userSourcedId)) continue;
      const column = 'userSourcedId';
      const place = { file, row: store.rowOf(i), column, sourcedId: store.id(i) };
      const found = resolve('user', role.userSourcedId);
      if (found === 'resolved') log.add('role-without-user-row', place);
      else if (found === 'unknown') log.addOnce('references-not-checked', { file, row: place.row, column }, { column });
      else {
        if (found === 'removed-user') log.add('user-removed', place);
        else log.add('unresolved-reference', place, { column, kind: 'a user' }, 'error');
        totals.valid--;
        totals.errors++;
      }
    }
  }

  #noteDamage(row: FileRow): void {
    const shifted = row.fault === null && row.cells.length !== this.#in.header.width;
    const user = shifted ? undefined : row.cells[this.#user];
    if (user !== undefined && idProblem(user) === null) this.#damagedUsers.add(detached(user));
    else this.unnamed++;
  }
}

/** Aligned with `ROLES_COLUMNS`; null for a line without values (its row ends a role, or cannot be read). */
function roleOf(line: string): RoleRow | null {
  const [userSourcedId = '', roleType, role = '', , , orgSourcedId = ''] = valuesOfLine(line);
  return userSourcedId === '' ? null : { userSourcedId, primary: roleType === 'primary', role, orgSourcedId };
}

/** Behind a broken header the cells mean nothing; that a row is narrower than it can still be said. */
class WidthChecker implements RowTaker {
  readonly totals: RowTotals = { rows: 0, valid: 0, errors: 0, unreadable: 0 };
  readonly #width: number;
  readonly #file: string;
  readonly #log: FindingLog;

  constructor(width: number, file: string, log: FindingLog) {
    this.#width = width;
    this.#file = file;
    this.#log = log;
  }

  take(row: FileRow): 'taken' {
    const problem = row.fault ?? (row.cells.length === this.#width ? null : 'row-width');
    const params = { count: row.cells.length, expected: this.#width };
    if (problem !== null) this.#log.add(problem, { file: this.#file, row: row.row }, params, 'error');
    return 'taken';
  }

  finish(): void {}
}
