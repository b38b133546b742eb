import type { SurveyedFile } from '../delivery/survey.ts';
import { detached } from '../oneroster/detached.ts';
import type { FindingCode } from '../oneroster/finding-codes.ts';
import type { FindingLog } from '../oneroster/finding-log.ts';
import { readHeader } from '../oneroster/header.ts';
import { idProblem } from '../oneroster/ids.ts';
import { ROLES_COLUMNS, roleOf1p2 } from '../oneroster/version-1p2.ts';
import type { Resolution } from './kind-index.ts';
import type { RowTotals } from './read-rows.ts';

interface UserRoles {
  role: string;
  primary: boolean;
  orgs: string[];
}

/** roles.csv of OneRoster 1.2, mapped onto what 1.1 has in users.csv (R9, facts §7). */
export interface RolesFile {
  readonly totals: RowTotals;
  /** False: the file is unreadable as a whole. */
  readonly sound: boolean;
  /** The `role` or `orgSourcedIds` cell of a user; '' where roles.csv says nothing usable. */
  readonly cell: (sourcedId: string, column: string) => string;
}

/**
 * Reads roles.csv: a user's orgs are those of all their roles, in file order; their role is the primary one's.
 * A bad row is an error and gives its user nothing.
 */
export async function readRoles(
  surveyed: SurveyedFile,
  resolveOrg: (id: string) => Resolution,
  log: FindingLog,
): Promise<RolesFile> {
  const totals: RowTotals = { rows: 0, valid: 0, errors: 0, unreadable: 0 };
  const users = new Map<string, UserRoles>();
  const file = surveyed.name;
  const spec = { columns: ROLES_COLUMNS, tolerated: [], mode: surveyed.mode === 'delta' ? 'delta' : 'bulk' } as const;
  const header = surveyed.header === null ? null : readHeader(surveyed.header, spec, file, log);
  const cell = (sourcedId: string, column: string): string => {
    const found = users.get(sourcedId);
    return column === 'role' ? (found?.role ?? '') : column === 'orgSourcedIds' ? (found?.orgs.join(',') ?? '') : '';
  };
  if (header === null) return { totals, sound: false, cell };
  const at = (name: string) => header.indexOf.get(name) ?? -1;
  let first = true;
  for await (const event of surveyed.entry.read()) {
    if (event.type === 'fault') {
      log.add(event.code, { file, row: event.row }, { likely: '' });
      return { totals, sound: false, cell };
    }
    if (event.type === 'end') continue;
    for (const row of event.rows) {
      if (first) {
        first = false;
        continue;
      }
      totals.rows++;
      const problem = row.fault ?? (row.cells.length === header.width ? null : 'row-width');
      const say = (code: FindingCode, column: string | null, params = {}) =>
        log.add(code, { file, row: row.row, column }, params, 'error');
      if (problem !== null) say(problem, null, { count: row.cells.length, expected: header.width });
      else if (takeRole(row.cells, at, users, resolveOrg, say)) {
        totals.valid++;
        continue;
      }
      totals.errors++;
    }
  }
  return { totals, sound: true, cell };
}

type Say = (code: FindingCode, column: string | null, params?: Record<string, string>) => void;

function takeRole(
  cells: readonly string[],
  at: (name: string) => number,
  users: Map<string, UserRoles>,
  resolveOrg: (id: string) => Resolution,
  say: Say,
): boolean {
  const of = (name: string) => cells[at(name)] ?? '';
  if (['tobedeleted', 'inactive'].includes(of('status').toLowerCase())) return true;
  const [user, org] = [of('userSourcedId'), of('orgSourcedId')];
  for (const [column, id] of [
    ['userSourcedId', user],
    ['orgSourcedId', org],
  ] as const) {
    if (idProblem(id) === null) continue;
    say(id === '' ? 'required-missing' : 'bad-reference', column, { column });
    return false;
  }
  const role = roleOf1p2(of('role'));
  const kind = of('roleType').trim().toLowerCase();
  if (role === null || (kind !== 'primary' && kind !== 'secondary')) {
    const column = role === null ? 'role' : 'roleType';
    say('bad-enumeration', column, {
      column,
      values: role === null ? 'the roles of OneRoster 1.2' : 'primary, secondary',
    });
    return false;
  }
  if (resolveOrg(org) === 'unresolved') {
    say('unresolved-reference', 'orgSourcedId', { column: 'orgSourcedId', kind: 'an org' });
    return false;
  }
  const known = users.get(user) ?? { role, primary: false, orgs: [] };
  if (!known.orgs.includes(org)) known.orgs.push(detached(org));
  if (kind === 'primary' && !known.primary) {
    known.role = role;
    known.primary = true;
  }
  users.set(detached(user), known);
  return true;
}
