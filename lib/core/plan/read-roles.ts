import type { SurveyedFile } from '../delivery/survey.ts';
import type { FileRow } from '../delivery/table-file.ts';
import { detached } from '../oneroster/detached.ts';
import type { FindingCode } from '../oneroster/finding-codes.ts';
import type { FindingLog } from '../oneroster/finding-log.ts';
import { type Header, readHeader } from '../oneroster/header.ts';
import { idProblem } from '../oneroster/ids.ts';
import type { DerivedCells } from '../oneroster/row-reader.ts';
import { ROLES_COLUMNS, roleOf1p2 } from '../oneroster/version-1p2.ts';
import type { Resolution } from './kind-index.ts';
import { type RowTaker, type RowTotals, readRows } from './read-rows.ts';

interface UserRoles {
  role: string;
  primary: boolean;
  orgs: string[];
  /** A row of theirs has an error: what the others say is not the whole (R5). */
  damaged: boolean;
}

/** roles.csv of OneRoster 1.2, mapped onto what 1.1 has in users.csv (R9, facts §7). */
export interface RolesFile {
  readonly totals: RowTotals;
  /** False: the file is unreadable as a whole. */
  readonly sound: boolean;
  /** The `role` and `orgSourcedIds` cells of users. */
  readonly cells: DerivedCells;
}

/**
 * Reads roles.csv: a user's orgs are those of all their roles, in file order; their role is the primary one's.
 * A row with an error makes its user's row one, too: half of somebody's roles would change their record (R5).
 */
export async function readRoles(
  surveyed: SurveyedFile,
  resolveOrg: (id: string) => Resolution,
  log: FindingLog,
): Promise<RolesFile> {
  const file = surveyed.name;
  const spec = { columns: ROLES_COLUMNS, tolerated: [], mode: surveyed.mode === 'delta' ? 'delta' : 'bulk' } as const;
  const header = surveyed.header === null ? null : readHeader(surveyed.header, spec, file, log);
  const taker =
    header === null
      ? new WidthChecker(surveyed.header?.length ?? 0, file, log)
      : new RoleGatherer(header, file, log, resolveOrg);
  const sound = surveyed.header !== null && (await readRows(surveyed.entry.read(), taker, file, log, () => {}));
  if (!sound || !(taker instanceof RoleGatherer)) return { totals: taker.totals, sound: false, cells: NOT_KNOWN };
  return { totals: taker.totals, sound, cells: taker };
}

const NOT_KNOWN: DerivedCells = { known: false, cell: () => '' };

class RoleGatherer implements RowTaker, DerivedCells {
  readonly known = true;
  readonly totals: RowTotals = { rows: 0, valid: 0, errors: 0, unreadable: 0 };
  readonly #header: Header;
  readonly #file: string;
  readonly #log: FindingLog;
  readonly #resolveOrg: (id: string) => Resolution;
  readonly #users = new Map<string, UserRoles>();

  constructor(header: Header, file: string, log: FindingLog, resolveOrg: (id: string) => Resolution) {
    this.#header = header;
    this.#file = file;
    this.#log = log;
    this.#resolveOrg = resolveOrg;
  }

  cell(sourcedId: string, column: string): string | null {
    const found = this.#users.get(sourcedId);
    if (found?.damaged) return null;
    return column === 'role' ? (found?.role ?? '') : column === 'orgSourcedIds' ? (found?.orgs.join(',') ?? '') : '';
  }

  take(row: FileRow): 'taken' | 'cut' {
    const { width } = this.#header;
    if (row.fault === null && row.unterminated && row.cells.length < width) return 'cut';
    this.totals.rows++;
    if (!sayShape(row, width, this.#file, this.#log) && this.#takeRole(row)) this.totals.valid++;
    else this.totals.errors++;
    return 'taken';
  }

  finish(): void {}

  #takeRole(row: FileRow): boolean {
    const of = (name: string) => row.cells[this.#header.indexOf.get(name) ?? -1] ?? '';
    if (['tobedeleted', 'inactive'].includes(of('status').toLowerCase())) return true;
    const user = of('userSourcedId');
    const problem = idProblem(user);
    if (problem !== null) {
      this.#say(user === '' ? 'required-missing' : 'bad-reference', row, 'userSourcedId');
      return false;
    }
    const known = this.#users.get(user) ?? { role: '', primary: false, orgs: [], damaged: false };
    this.#users.set(detached(user), known);
    const sound = this.#addRole(known, row, of);
    if (!sound) known.damaged = true;
    return sound;
  }

  #addRole(known: UserRoles, row: FileRow, of: (name: string) => string): boolean {
    const org = of('orgSourcedId');
    if (idProblem(org) !== null) {
      return this.#say(org === '' ? 'required-missing' : 'bad-reference', row, 'orgSourcedId');
    }
    const role = roleOf1p2(of('role'));
    if (role === null) {
      // A word of the vendor's own is legal in 1.2 and gives no rights here.
      if (!/^ext:./.test(of('role'))) return this.#say('bad-enumeration', row, 'role', 'the roles of OneRoster 1.2');
      this.#log.addOnce('role-not-mapped', { file: this.#file, row: row.row, column: 'role' });
      return true;
    }
    const kind = of('roleType').trim().toLowerCase();
    if (kind !== 'primary' && kind !== 'secondary') {
      return this.#say('bad-enumeration', row, 'roleType', 'primary, secondary');
    }
    if (this.#resolveOrg(org) === 'unresolved') return this.#say('unresolved-reference', row, 'orgSourcedId');
    if (!known.orgs.includes(org)) known.orgs.push(detached(org));
    if (known.role === '' || (kind === 'primary' && !known.primary)) known.role = role;
    known.primary ||= kind === 'primary';
    return true;
  }

  #say(code: FindingCode, row: FileRow, column: string, values = ''): false {
    this.#log.add(code, { file: this.#file, row: row.row, column }, { column, values, kind: 'an org' }, 'error');
    return false;
  }
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
    sayShape(row, this.#width, this.#file, this.#log);
    return 'taken';
  }

  finish(): void {}
}

/** Says what is wrong with a row before its columns are looked at. False: nothing. */
function sayShape(row: FileRow, expected: number, file: string, log: FindingLog): boolean {
  const problem = row.fault ?? (row.cells.length === expected ? null : 'row-width');
  if (problem === null) return false;
  log.add(problem, { file, row: row.row }, { count: row.cells.length, expected }, 'error');
  return true;
}
